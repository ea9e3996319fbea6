import Datasets
import Explorer
import Latent

/// What the screen's thread wants of the engine's, as far as the latter has not taken it yet. Newer orders replace older
/// ones of their kind, so nothing ever queues up.
struct Orders: Sendable {
    /// Which of a run's weights are shown.
    enum Moment: Sendable {
        /// Those of a kept checkpoint; those of the present wait.
        case kept(LiveWeights)
        case present
    }

    enum Data: Sendable {
        case encode(Dataset)
        case forget
    }

    var model: OpenModel?
    var decode: DecodeRequest?
    /// What a slot's work is from now on; a nil inside: none.
    var work: [WorkSlot: WorkRequest?] = [:]
    var data: Data?
    /// The class that all images are encoded as from now on; a nil inside: each its own.
    var label: Int??
    /// The codes that were sorted last, and what they are of.
    var cloud: (cloud: LatentCloud, generation: Int)?
    /// Newer weights of a run.
    var weights: LiveWeights?
    var moment: Moment?
    /// What to draw with them.
    var pictures: RunPictureRequest?
    /// A model whose guesses were tried, and of which opening.
    var tried: (model: TriedModel, opening: Int)?
    /// What was guessed stands, whatever a trial says.
    var isConfirmed = false
    var isClosed = false

    var isEmpty: Bool {
        model == nil && decode == nil && label == nil && work.isEmpty && data == nil && cloud == nil && weights == nil
            && moment == nil && pictures == nil && tried == nil && !isConfirmed && !isClosed
    }

    /// A decode that was asked for before another model came is an answer nobody can use.
    mutating func open(_ model: OpenModel) {
        self.model = model
        decode = nil
        label = nil
        work = [:]
    }

    mutating func take() -> Orders {
        defer { self = Orders() }
        return self
    }
}
