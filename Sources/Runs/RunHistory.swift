import Files

/// What can be looked back at of a run: the models that were kept from along it.
public struct RunHistory: Hashable, Sendable {
    /// The oldest first.
    public let checkpoints: [FollowedCheckpoint]
    /// Nil where the run's `config.json` does not tell.
    public let stepsPerEpoch: Int?

    /// - Parameter folder: the run's.
    /// - Throws: `FileError` where there is no such folder.
    public init(of folder: String) throws(FileError) {
        guard Folder.exists(folder) else { throw .notFound(path: folder) }
        checkpoints = KeptCheckpoints.all(in: "\(folder)/checkpoints")
        stepsPerEpoch = RunFacts(configuration: "\(folder)/config.json")?.stepsPerEpoch
    }
}
