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
    /// Map a window of the plane under a metric, so that geodesics are found sooner; not answered.
    case atlas(WalkMetric, over: PlaneWindow)
    /// Put an image through the model and back.
    case reconstruct(ReconstructionSubject)
    /// −ELBO of the data's images by their indices in the cloud, each at its posterior's mean; answered in parts.
    case losses(Range<Int>)
    /// Where an image belongs on the plane of a model of two latents, whatever the encoder says; answered by
    /// ``WorkResult/posterior(_:)`` again and again.
    case posterior(ReconstructionSubject)
}

/// Who wants work, in the order of their urgency. Each has one piece of work at a time: a newer one replaces an older
/// one, done or not.
public enum WorkSlot: Int, CaseIterable, Comparable, Hashable, Sendable {
    /// What is known of the point beside its picture.
    case point
    /// The image, or the drawing, that the Images view shows.
    case reconstruction
    /// Data images that a view shows beside what it decodes.
    case images
    /// Draws from an image's posterior.
    case samples
    /// The paths of the Walk view.
    case walk
    /// The pictures of the Manifold view.
    case manifold
    /// The small pictures under the plane's cross-hair.
    case plane
    /// Where the image, or the drawing, belongs.
    case posterior
    /// The map that geodesics are found by.
    case atlas
    /// The decoder's stretch under the cross-hair.
    case stretch
    /// What orders all images.
    case losses

    public static func < (one: WorkSlot, other: WorkSlot) -> Bool { one.rawValue < other.rawValue }
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
    /// Some of ``Work/losses(_:)`` in nats, from the image of index `first` on.
    case losses([Float], first: Int)
    case posterior(PosteriorNews)
}
