import Inference

/// The plane decoded for exact posteriors, made when it is wanted first and kept as long as the weights are the same, of a
/// conditional model class by class as far as there is room; and the last image's posterior, of which other answers ask what
/// they lose.
final class PosteriorShelf {
    /// The most memory that lattices take together, in bytes; one is there always.
    private static let room = 1 << 28

    /// By class, the one that was asked for last at the end; a nil inside: the model has none.
    private var lattices: [(label: Int?, lattice: PosteriorLattice?)] = []
    private var last: (image: [Float], label: Int?, search: PosteriorSearch)?

    /// The lattice as far as it has come; nil where the model has none.
    ///
    /// - Parameter label: the class that a conditional model is asked for.
    func lattice(of engine: any LatentEngine, as label: Int?) -> PosteriorLattice? {
        if let last = lattices.last, last.label == label { return last.lattice }
        let known = lattices.firstIndex { $0.label == label }.map { lattices.remove(at: $0).lattice }
        let lattice = known ?? engine.makePosteriorLattice(of: label)
        while !lattices.isEmpty, lattices.reduce(lattice?.bytes ?? 0, { $0 + ($1.lattice?.bytes ?? 0) }) > Self.room {
            lattices.removeFirst()
        }
        lattices.append((label, lattice))
        return lattice
    }

    /// What was kept of an image; nil: it was another one, or another class.
    func search(of image: [Float], as label: Int?) -> PosteriorSearch? {
        last?.image == image && last?.label == label ? last?.search : nil
    }

    /// Keeps what was found of an image, in place of what there was.
    func keep(_ search: PosteriorSearch, of image: [Float], as label: Int?) { last = (image, label, search) }
}
