import Datasets
import VAE

/// The data behind a model: those that were asked for, else those that it was trained on.
struct ModelData {
    /// What `--data` says.
    private let asked: String?
    private let known: KnownDataset?

    /// - Returns: nil where nothing is asked for and the model does not say what it was trained on.
    init?(asked: String?, provenance: Provenance) {
        self.asked = asked
        known = provenance.dataset.flatMap { KnownDataset(rawValue: $0) }
        guard asked != nil || known != nil else { return nil }
    }

    /// Data that nobody asked for by name may be missing without a word.
    var isAskedFor: Bool { asked != nil }

    /// Reads them; for a model of MNIST that is the sample that ships, so that it is there at once, unless a split is
    /// asked for.
    ///
    /// - Throws: `DatasetError`, `InstallationError`.
    func load(_ request: DatasetRequest, listener: (DatasetEvent) -> Void) throws -> Dataset {
        if asked == nil, known == .mnist, request.split == nil {
            return try Dataset.sample(in: Installation.current().resources, limit: request.limit)
        }
        return try DatasetLibrary.current.load(asked ?? known?.rawValue ?? "", request, listener: listener)
    }
}
