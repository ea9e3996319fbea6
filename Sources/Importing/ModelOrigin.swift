/// What another framework's file was before it was converted, and what its reader found out about it: a guess stays one in
/// the file that it became.
public struct ModelOrigin: Hashable, Sendable {
    /// What the file was: `PyTorch state dict in a zip archive`.
    public let format: String
    public let findings: [Finding]

    public init(format: String, findings: [Finding]) {
        self.format = format
        self.findings = findings
    }
}
