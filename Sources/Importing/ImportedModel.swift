import VAE

/// A model that came from another framework's file, with what its reader found out.
public struct ImportedModel: Sendable {
    public var model: Model
    /// What the file is: `PyTorch state dict in a zip archive`.
    public let format: String
    public var findings: [Finding]
    /// What was left out or changed on the way, a sentence each: a prefix that all names had, tensors that belong to an
    /// optimizer.
    public var remarks: [String]
    /// The options that its reader takes into account; others that are given are refused.
    public let usedOptions: Set<ImportOptions.Name>

    public init(
        _ model: Model, format: String, findings: [Finding] = [], remarks: [String] = [],
        usedOptions: Set<ImportOptions.Name> = .ofTensors
    ) {
        self.model = model
        self.format = format
        self.findings = findings
        self.remarks = remarks
        self.usedOptions = usedOptions
    }

    /// Whether any of it is a guess.
    public var isGuessed: Bool { findings.contains { $0.certainty == .guessed } }
}
