import Inference

/// The plane decoded for exact posteriors, made when it is wanted first and kept as long as the weights are the same.
final class PosteriorShelf {
    private var lattice: PosteriorLattice??

    /// The lattice as far as it has come; nil where the model has none.
    func lattice(of engine: any LatentEngine) -> PosteriorLattice? {
        if let lattice { return lattice }
        let made = engine.makePosteriorLattice()
        lattice = .some(made)
        return made
    }
}
