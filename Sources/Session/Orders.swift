import Datasets
import Explorer

/// What the screen's thread wants of the engine's, as far as the latter has not taken it yet. Newer orders replace older
/// ones of their kind, so nothing ever queues up.
struct Orders: Sendable {
    enum Grid: Sendable {
        case decode(GridRequest)
        case cancel
    }

    enum Weights: Sendable {
        /// Of the present.
        case live(LiveWeights)
        /// Of a kept checkpoint: those of the present are passed over until `present`.
        case kept(LiveWeights)
        case present
    }

    enum Data: Sendable {
        case encode(Dataset)
        case forget
    }

    var model: OpenModel?
    var decode: DecodeRequest?
    var grid: Grid?
    var data: Data?
    /// Newer weights of a run.
    var weights: Weights?
    /// What to draw with them.
    var pictures: RunPictureRequest?
    var isClosed = false

    var isEmpty: Bool {
        model == nil && decode == nil && grid == nil && data == nil && weights == nil && pictures == nil && !isClosed
    }

    /// A decode that was asked for before another model came is an answer nobody can use.
    mutating func open(_ model: OpenModel) {
        self.model = model
        decode = nil
        grid = nil
    }

    mutating func take() -> Orders {
        defer { self = Orders() }
        return self
    }
}
