import Latent
import Pictures

/// What takes longer than a key may wait for: done on the engine's thread in short pieces, after any point that waits.
public enum Work: Hashable, Sendable {
    /// Decode points, in the order in which they are wanted; answered in parts as they get ready.
    case decode([LatentPoint])
    /// The data's own images, by their indices in the cloud; answered as ``decode(_:)`` is.
    case images([Int])
    /// How the decoder stretches a plane at points of it, in the order in which it is wanted; answered in parts. Without a
    /// plane: a space of one latent.
    case stretch([LatentPoint], on: LatentPlane?)
    /// Find the paths between two points; answered by ``WorkResult/walk(_:)`` again and again.
    case walk(WalkOrder)
    /// Map a window of the plane under a metric, so that geodesics are found sooner; not answered. If quick: only where it
    /// takes seconds. Of a conditional model it is of one class.
    case atlas(WalkMetric, over: PlaneWindow, as: ClassMix? = nil, ifQuick: Bool = false)
    /// Put an image through the model and back, by the encoder's answer or a refined one.
    case reconstruct(ReconstructionSubject, by: InferenceMethod = .encoder)
    /// How far each latent alone changes the picture of the prior's mean, where no data say which of many are used; answered
    /// by ``WorkResult/influences(_:)``.
    case influences
    /// −ELBO of the data's images by their indices in the cloud, each at the mean of the encoder's posterior; answered in
    /// parts. A conditional model is asked for each image's own class, or for one.
    case losses(Range<Int>, as: Int? = nil)
    /// Where an image belongs on the plane of a model of two latents, whatever the encoder says, and what an answer loses
    /// against that, or, of the exact answer, all that it is; answered by ``WorkResult/posterior(_:)`` again and again.
    case posterior(ReconstructionSubject, against: InferenceMethod = .encoder)
}

/// Who wants work. Each has one piece of work at a time: a newer one replaces an older one, done or not. A view that
/// wants something of its own says so in its own file.
public struct WorkSlot: Hashable, Sendable {
    /// What tells it from others.
    public let name: String
    /// Work of a less value is done before work of a greater one.
    public let rank: Int
    /// Whether it is in no hurry, and shares the time with the encoding of the data.
    public let isPatient: Bool
    /// Whether it waits until there is nothing else to do, the encoding included; it is left undone while a run goes on.
    public let isIdle: Bool

    public init(_ name: String, rank: Int, isPatient: Bool = false, isIdle: Bool = false) {
        self.name = name
        self.rank = rank
        self.isPatient = isPatient || isIdle
        self.isIdle = isIdle
    }

    /// What is known of the point beside its picture.
    public static let point = WorkSlot("point", rank: 10)
    /// The image, or the drawing, that the Images view shows.
    public static let reconstruction = WorkSlot("reconstruction", rank: 20)
    /// Data images that a view shows beside what it decodes.
    public static let images = WorkSlot("images", rank: 30)
    /// Draws from an image's posterior.
    public static let samples = WorkSlot("samples", rank: 40)
    /// The paths of the Walk view.
    public static let walk = WorkSlot("walk", rank: 50)
    /// The pictures of the Manifold view.
    public static let manifold = WorkSlot("manifold", rank: 60)
    /// The small pictures under the plane's cross-hair.
    public static let plane = WorkSlot("plane", rank: 70)
    /// Where the image, or the drawing, belongs.
    public static let posterior = WorkSlot("posterior", rank: 80, isPatient: true)
    /// The map that geodesics are found by.
    public static let atlas = WorkSlot("atlas", rank: 90, isPatient: true)
    /// The decoder's stretch under the cross-hair.
    public static let stretch = WorkSlot("stretch", rank: 100, isPatient: true)
    /// What orders all images.
    public static let losses = WorkSlot("losses", rank: 110, isPatient: true)
    /// What orders the latents of a model without data.
    public static let influences = WorkSlot("influences", rank: 115, isIdle: true)
    /// The map that the first geodesic is found by, before anybody asks for one.
    public static let firstAtlas = WorkSlot("first atlas", rank: 120, isIdle: true)
}

extension WorkSlot: Comparable {
    public static func < (one: WorkSlot, other: WorkSlot) -> Bool { (one.rank, one.name) < (other.rank, other.name) }
}

/// Work that is asked for, numbered so that an answer to an older request is told from one to a newer.
public struct WorkRequest: Hashable, Sendable {
    public var number: Int
    public var slot: WorkSlot
    public var work: Work

    public init(number: Int, slot: WorkSlot, work: Work) {
        self.number = number
        self.slot = slot
        self.work = work
    }
}

/// All, or a part, of what came of a request.
public struct WorkAnswer: Sendable {
    /// ``WorkRequest/number`` of the request.
    public var number: Int
    public var slot: WorkSlot
    public var result: WorkResult

    public init(number: Int, slot: WorkSlot, result: WorkResult) {
        self.number = number
        self.slot = slot
        self.result = result
    }
}

public enum WorkResult: Sendable {
    /// Some of the pictures of ``Work/decode(_:)`` or ``Work/images(_:)``, from the one of index `first` on.
    case pictures([Picture], first: Int)
    /// Some of the answers to ``Work/stretch(_:on:)``, from that of point `first` on; none at all where the model's
    /// derivatives cannot be had.
    case stretches([PlaneStretch], first: Int)
    case walk(WalkNews)
    case reconstruction(Reconstruction)
    /// Latent by latent, the root of the sum of all squared changes of pixels.
    case influences([Float])
    /// Some of ``Work/losses(_:)`` in nats, from the image of index `first` on.
    case losses([Float], first: Int)
    case posterior(PosteriorNews)
}
