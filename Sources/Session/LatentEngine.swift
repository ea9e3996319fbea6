import Datasets
import Explorer
import Files
import Geometry
import Inference
import Latent
import Pictures
import VAE

/// What the engine's thread computes with. Made, used and given up on that thread alone.
public protocol LatentEngine: AnyObject {
    /// How many points or images go through a network together at best.
    var batch: Int { get }

    /// The decoder's pixel range where decoding has told more of it than the model's facts; nil elsewhere.
    var pixelRange: String? { get }

    /// The pictures of some points, each of its own class where the model is conditional.
    func decode(_ points: [LatentPoint]) -> [Picture]

    /// The posteriors of `count` images; nil without an encoder.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - labels: each image's class, where the model is conditional; nil: the first class.
    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors?

    /// The posteriors of `count` images, refined from the encoder's; nil where the model has too many latents for that.
    ///
    /// - Parameters:
    ///   - posteriors: the encoder's.
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - labels: as of ``encode(_:labels:count:)``.
    func refine(_ posteriors: Posteriors, of images: [Float], labels: [Int]?, count: Int) -> Posteriors?

    /// −log p(x|z) of `count` images at a point each, in nats; nil where the model has no likelihood.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - latents: `[count, latentSize]`.
    ///   - labels: as of ``encode(_:labels:count:)``.
    func reconstructionLosses(_ images: [Float], at latents: [Float], labels: [Int]?, count: Int) -> [Double]?

    /// The latent space as the decoder sees it when it is asked for a class; nil where the model is none whose derivatives
    /// can be had. It is one space: asked for another class, it is that class's.
    func space(of label: ClassMix?) -> DecodedSpace?

    /// A lattice of the plane that exact posteriors can be read from, nothing of it decoded yet; nil where there are none.
    ///
    /// - Parameter label: the class that the decoder is asked for.
    func makePosteriorLattice(of label: Int?) -> PosteriorLattice?
}

extension LatentEngine {
    public var pixelRange: String? { nil }
    public func refine(_ posteriors: Posteriors, of images: [Float], labels: [Int]?, count: Int) -> Posteriors? { nil }
    public func reconstructionLosses(
        _ images: [Float], at latents: [Float], labels: [Int]?, count: Int
    ) -> [Double]? { nil }
    public func space(of label: ClassMix?) -> DecodedSpace? { nil }
    public func makePosteriorLattice(of label: Int?) -> PosteriorLattice? { nil }
}

/// A model that is open: what is shown of it, and how its engine is made.
public struct OpenModel: Sendable {
    public private(set) var facts: ModelFacts
    /// Called on the engine's thread; compiling a model's plans takes a moment.
    public let makeEngine: @Sendable () -> any LatentEngine
    /// Tries on pictures what was guessed about the model; nil where nothing is left to try.
    public private(set) var trial: ModelTrial?

    public init(
        facts: ModelFacts, trial: ModelTrial? = nil, makeEngine: @escaping @Sendable () -> any LatentEngine
    ) {
        self.facts = facts
        self.facts.isOnTrial = trial != nil
        self.trial = trial
        self.makeEngine = makeEngine
    }

    /// The same model with a trial to come.
    public func trying(_ trial: @escaping ModelTrial) -> OpenModel {
        OpenModel(facts: facts, trial: trial, makeEngine: makeEngine)
    }
}

/// Tries guesses, on a thread of its own behind the model's first picture.
///
/// - Parameter isOver: nobody waits for the answer any more.
/// - Returns: nil where it ended before it came to anything.
public typealias ModelTrial = @Sendable (_ isOver: @Sendable () -> Bool) -> TriedModel?

/// A model whose guesses were tried.
public struct TriedModel: Sendable {
    /// As it is shown from now on.
    public let model: OpenModel
    /// Whether it decodes to other pictures than before.
    public let isOther: Bool
    /// What came of the trial.
    public let sentence: String

    public init(_ model: OpenModel, isOther: Bool, sentence: String) {
        self.model = model
        self.isOther = isOther
        self.sentence = sentence
    }
}

/// The data set that the explorer starts with.
public struct InitialData: Sendable {
    /// Data that nobody asked for by name may be missing without a word.
    public let isAskedFor: Bool
    /// Called on a thread of the session's, after the first picture was ordered.
    public let open: @Sendable () throws -> Dataset

    public init(isAskedFor: Bool, open: @escaping @Sendable () throws -> Dataset) {
        self.isAskedFor = isAskedFor
        self.open = open
    }
}

/// What the explorer's loop leaves to its caller. Called on a thread of the session's, never on the screen's;
/// what is thrown is shown as one sentence.
public struct ExplorerServices: Sendable {
    public var openModel: @Sendable (_ path: String) throws -> OpenModel
    /// - Parameter name: a known data set or a folder.
    public var openData: @Sendable (_ name: String) throws -> Dataset
    /// Writes something to a file whose suffix says the format.
    ///
    /// - Returns: false where a file of that name is there already, which the order does not replace.
    public var export: @Sendable (_ order: ExportOrder) throws -> Bool
    /// The names of files that begin as a typed one does.
    public var completeFile: @Sendable (_ typed: String) -> [String]
    /// Keeps typed commands for the next start.
    public var keepHistory: @Sendable (_ lines: [String]) -> Void
    /// Keeps preferences for the next start.
    public var remember: @Sendable (_ preferences: Preferences) -> Void
    /// Keeps directions with names for the next start, but for one that is forgotten.
    public var keepDirections: @Sendable (_ directions: [LatentDirection], _ forgotten: LatentDirection?) -> Void

    public init(
        openModel: @escaping @Sendable (String) throws -> OpenModel,
        openData: @escaping @Sendable (String) throws -> Dataset,
        export: @escaping @Sendable (ExportOrder) throws -> Bool,
        completeFile: @escaping @Sendable (String) -> [String] = { _ in [] },
        keepHistory: @escaping @Sendable ([String]) -> Void = { _ in },
        remember: @escaping @Sendable (Preferences) -> Void,
        keepDirections: @escaping @Sendable ([LatentDirection], LatentDirection?) -> Void = { _, _ in }
    ) {
        // What is typed into the explorer has passed no shell.
        self.openModel = { try openModel(HomeFolder.expanding($0)) }
        self.openData = { try openData(HomeFolder.expanding($0)) }
        self.export = { order in
            var order = order
            order.path = HomeFolder.expanding(order.path)
            return try export(order)
        }
        self.completeFile = completeFile
        self.keepHistory = keepHistory
        self.remember = remember
        self.keepDirections = keepDirections
    }
}
