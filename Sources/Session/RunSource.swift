import Datasets
import Explorer
import Latent
import Pictures
import VAE

/// A run that the explorer shows: a training in this process, or one that is watched. News come in, requests go out, and
/// neither side ever waits for the other.
public protocol RunSource: AnyObject, Sendable {
    /// Everything new since the last call, in order.
    func takeNews() -> [RunNews]
    /// Does what was asked for, or sees to it that it is done.
    func ask(_ request: RunRequest)
    /// Asks for the newest weights, which ``onWeights(_:)`` gets when they are there.
    func requestWeights()
    /// Who gets weights: called on other threads.
    func onWeights(_ take: @escaping @Sendable (LiveWeights) -> Void)
    /// How long after a look at the news the next one is due; nil: when the source wakes the explorer.
    var interval: Duration? { get }
    /// Whether its news tell how well the model is; else the codes of the images do.
    var assessesItself: Bool { get }
    /// How many threads decode for it.
    var threads: Int? { get }
}

extension OpenModel {
    /// The place of a model whose first weights have yet to come: nothing is decoded.
    public static func waiting(for facts: ModelFacts) -> OpenModel {
        var facts = facts
        facts.isAwaited = true
        return OpenModel(facts: facts) { WaitingEngine() }
    }
}

private final class WaitingEngine: LatentEngine {
    let batch = 1

    func decode(_ points: [LatentPoint]) -> [Picture] { [] }
    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? { nil }
}

/// A model of some moment of a run.
public struct LiveWeights: Sendable {
    public let model: Model
    /// "epoch 7"
    public let moment: String
    /// Tells whether they are others than before.
    public let step: Int
    /// Whether the training has ended with them.
    public let isLast: Bool

    public init(model: Model, moment: String, step: Int, isLast: Bool = false) {
        self.model = model
        self.moment = moment
        self.step = step
        self.isLast = isLast
    }
}

/// What the explorer needs to show a run.
public struct LiveRun: Sendable {
    public let source: any RunSource
    /// Images that are held back: some are shown beside their reconstructions, and the codes of all are put on the plane.
    public let validation: Dataset?
    /// Reads a kept checkpoint; what it throws is shown as one sentence.
    public let readModel: @Sendable (_ path: String) throws -> Model

    public init(
        source: any RunSource, validation: Dataset?, readModel: @escaping @Sendable (String) throws -> Model
    ) {
        self.source = source
        self.validation = validation
        self.readModel = readModel
    }
}
