/// Some images of the batch that one thread takes through a chain of stages.
struct Tile {
    /// The images' numbers in the batch.
    let images: Range<Int>
    /// The thread, for its scratch memory.
    let worker: Int
    /// In a plan for tangents how many follow each sample's values; a tile then has whole samples, `1 + directions`
    /// rows each, but for stages that are linear.
    var directions = 0

    /// The first image alone, which several threads share: its values lie where the first thread's lie.
    static let single = Tile(images: 0..<1, worker: 0)
}

/// Where a value of the network lies: for the whole batch, or, where nobody needs it after the chain of stages it is in,
/// once for each thread, so that it stays in the cache.
///
/// Images are stored `[height][width][channels]`.
final class ValueBuffer {
    enum Extent {
        case batch(Int)
        case tile(Int, workers: Int)

        fileprivate var images: Int {
            switch self {
            case .batch(let images): images
            case .tile(let images, let workers): images * workers
            }
        }
    }

    /// Elements an image.
    let count: Int
    private let extent: Extent
    private let gradientExtent: Extent
    private let values: Memory
    private let gradients: Memory?

    /// A second reader's view: the same values, a gradient of its own.
    init(forking source: ValueBuffer, batch: Int) {
        count = source.count
        extent = .batch(batch)
        gradientExtent = .batch(batch)
        values = source.values
        gradients = Memory(batch * source.count)
    }

    /// - Parameter gradient: where its gradient lies; nil where none is wanted.
    init(count: Int, extent: Extent, gradient: Extent?) {
        self.count = count
        self.extent = extent
        gradientExtent = gradient ?? extent
        values = Memory(extent.images * count)
        gradients = gradient.map { Memory($0.images * count) }
    }

    var hasGradient: Bool { gradients != nil }

    /// The values of a tile's first image; the others follow.
    @inline(__always)
    func values(_ tile: Tile) -> UnsafeMutablePointer<Float> { values.pointer + offset(tile, extent) }

    /// The gradient of the objective by those values.
    @inline(__always)
    func gradient(_ tile: Tile) -> UnsafeMutablePointer<Float>? {
        gradients.map { $0.pointer + offset(tile, gradientExtent) }
    }

    @inline(__always)
    private func offset(_ tile: Tile, _ extent: Extent) -> Int {
        switch extent {
        case .batch: tile.images.lowerBound * count
        case .tile(let images, _): tile.worker * images * count
        }
    }

    /// The whole batch's values and gradients; only where those lie there for the batch.
    var batch: UnsafeMutablePointer<Float> { values.pointer }
    var batchGradient: UnsafeMutablePointer<Float>? { gradients?.pointer }
}
