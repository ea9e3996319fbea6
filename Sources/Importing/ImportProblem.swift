/// Why a file could not become a model.
public struct ImportProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is, for the exit code.
    public enum Kind: Hashable, Sendable {
        /// The file is damaged, or no model.
        case badFile
        /// It is a model, but something in it is not supported.
        case unsupported
        /// Another file that an option names is not there.
        case noInput
        /// What the options say does not fit the file, or an option is missing.
        case options
    }

    public let kind: Kind
    /// What is wrong, in a clause without a full stop: `node /decoder/Resize_3: cubic resizing of volumes is not supported`.
    public let reason: String
    /// The one line that helps; nil where nothing does.
    public let advice: String?

    public init(_ kind: Kind, _ reason: String, advice: String? = nil) {
        self.kind = kind
        self.reason = reason
        self.advice = advice
    }

    public var description: String { advice.map { "\(reason): \($0)" } ?? reason }
}

extension ImportProblem {
    /// What writes a PyTorch decoder as a file that says all.
    public static let exportLine =
        "torch.onnx.export(vae.decoder, torch.zeros(1, LATENTS), \"decoder.onnx\")"
    /// What helps where a file of PyTorch's does not say enough.
    public static let exportAdvice = "export it from Python: \(exportLine)"
}
