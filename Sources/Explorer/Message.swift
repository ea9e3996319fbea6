import Latent

/// A line that takes the place of the keys' hints at the bottom.
struct Message: Hashable, Sendable {
    let text: String
    let isError: Bool
    /// Whether it tells of the point that is shown, and means nothing at another.
    var isAboutPoint = false
    /// When it goes by itself; nil: with the next key.
    let end: Duration?

    private static let duration = Duration.seconds(4)

    init(note: String, at time: Duration) {
        text = note
        isError = false
        end = time + Self.duration
    }

    /// Stays until the key that answers it.
    init(question: String) {
        text = question
        isError = true
        end = nil
    }

    init(error: String) {
        text = error
        isError = true
        end = nil
    }

    func isOver(at time: Duration) -> Bool { end.map { time >= $0 } ?? false }
}

/// Something to be answered by the next key: the same one again, where nothing else is said.
enum Question: Hashable, Sendable {
    case stop(saving: Bool)
    /// Whether a file that is there already is replaced; `y` says yes.
    case overwrite(ExportOrder)
}

/// What the data say about a point.
struct Reading: Hashable, Sendable {
    var point: LatentPoint?
    /// The data's nearest image, by its index in the cloud, and how far away its code is.
    var nearest: (image: Int, distance: Float)? {
        get { nearestImage.map { ($0, nearestDistance) } }
        set { (nearestImage, nearestDistance) = (newValue?.image, newValue?.distance ?? 0) }
    }
    private var nearestImage: Int?
    private var nearestDistance: Float = 0
    /// The classes of the data around.
    var classes = ClassShares.none

    init() {}

    init(at point: LatentPoint, in cloud: LatentCloud) {
        self.point = point
        if let found = cloud.tree.nearest(to: point) { nearest = (found.index, found.distance) }
        classes = cloud.classShares(around: point)
    }
}
