import Inference

/// The plane decoded for exact posteriors, made when it is wanted first and kept as long as the weights are the same; and
/// the last image's posterior, of which other answers ask what they lose.
final class PosteriorShelf {
    private var lattice: PosteriorLattice??
    private var last: (image: [Float], search: PosteriorSearch)?

    /// The lattice as far as it has come; nil where the model has none.
    func lattice(of engine: any LatentEngine) -> PosteriorLattice? {
        if let lattice { return lattice }
        let made = engine.makePosteriorLattice()
        lattice = .some(made)
        return made
    }

    /// What was kept of an image; nil: it was another one.
    func search(of image: [Float]) -> PosteriorSearch? { last?.image == image ? last?.search : nil }

    /// Keeps what was found of an image, in place of what there was.
    func keep(_ search: PosteriorSearch, of image: [Float]) { last = (image, search) }
}
