import Neural

/// What a pickled module or TorchScript says of one module: also of those that have no tensors.
public struct ModuleRecord: Hashable, Sendable {
    /// Where it stands: `decoder.3`; empty for the whole.
    public internal(set) var path: String
    /// The full name of its class: `torch.nn.modules.conv.ConvTranspose2d`.
    public let className: String
    /// Its plain attributes, by their names: `stride`, `negative_slope`. Functions are texts, by their full names.
    public internal(set) var settings: [String: Setting]
    /// As TorchScript's code names the class.
    var scriptedName: String?

    /// The last word of the class's name: `ConvTranspose2d`.
    public var kind: String { className.split(separator: ".").last.map(String.init) ?? className }
}
