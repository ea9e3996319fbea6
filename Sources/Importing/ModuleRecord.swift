import Neural

/// What a pickled module or TorchScript says of one module: also of those that have no tensors.
public struct ModuleRecord: Hashable, Sendable {
    /// Where it stands: `decoder.3`; empty for the whole.
    public var path: String
    /// The full name of its class: `torch.nn.modules.conv.ConvTranspose2d`.
    public let className: String
    /// Its plain attributes, by PyTorch's names: `stride`, `negative_slope`. Functions are texts, by their full names.
    public var settings: [String: Setting]
    /// As TorchScript's code names the class.
    public var scriptedName: String?

    public init(
        path: String = "", className: String, settings: [String: Setting] = [:], scriptedName: String? = nil
    ) {
        self.path = path
        self.className = className
        self.settings = settings
        self.scriptedName = scriptedName
    }

    /// The last word of the class's name: `ConvTranspose2d`.
    public var kind: String { className.split(separator: ".").last.map(String.init) ?? className }

    /// A whole number, or the first of several equal ones.
    public func whole(_ name: String) -> Int? {
        switch settings[name] {
        case .integer(let number)?: number
        case .integers(let list)? where Set(list).count == 1: list.first
        default: nil
        }
    }
}
