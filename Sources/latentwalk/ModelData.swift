import Datasets
import VAE

/// The data behind a model: those that were asked for, else those that it was trained on.
struct ModelData {
    /// What `--data` says.
    private let asked: String?
    private let known: KnownDataset?
    /// Data that nobody asked for, by their name or by options about them, may be missing without a word.
    let isAskedFor: Bool

    /// - Returns: nil where no name is given and the model does not say what it was trained on.
    init?(asked: String?, _ request: DatasetRequest, provenance: Provenance) {
        self.asked = asked
        isAskedFor = asked != nil || request != DatasetRequest()
        known = provenance.dataset.flatMap { KnownDataset(rawValue: $0) }
        guard asked != nil || known != nil else { return nil }
    }

    /// Reads them; for a model of MNIST that is the sample that ships, so that it is there at once, unless a split is
    /// asked for.
    ///
    /// - Throws: `DatasetError`, `InstallationError`.
    func load(_ request: DatasetRequest, listener: (DatasetEvent) -> Void) throws -> Dataset {
        if asked == nil, known == .mnist, request.split == nil {
            return try Dataset.sample(
                in: Installation.current().resources, limit: request.limit, sizing: request.sizing)
        }
        return try DatasetLibrary.installed.load(asked ?? known?.rawValue ?? "", request, listener: listener)
    }
}
