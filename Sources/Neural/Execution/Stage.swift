import CKernels

/// A step of a plan: one operation, or several fused ones, on values that lie in buffers.
protocol Stage: AnyObject {
    /// How the stage wants its parameters to lie.
    var parameterLayouts: [ParameterLayout] { get }
    /// Learns where its parameters and its scratch memory are.
    func bind(_ store: ParameterStore, _ scratch: Scratch)
    /// Derives what it needs from the parameters, which have changed.
    func prepare()
    /// What it is and how much it multiplies, for ``Plan/profile(count:repeats:clock:)``.
    var work: StageWork { get }
}

/// What a stage computes for one image.
struct StageWork {
    let name: String
    /// Multiplications with an addition each, as this engine does them, of the matrix products and convolutions.
    let forward: Int
    let backward: Int

    init(_ name: String, forward: Int = 0, backward: Int = 0) {
        self.name = name
        self.forward = forward
        self.backward = backward
    }
}

extension Stage {
    var parameterLayouts: [ParameterLayout] { [] }
    var work: StageWork { StageWork("\(type(of: self))") }
    func bind(_ store: ParameterStore, _ scratch: Scratch) {}
    func prepare() {}
}

/// A stage that treats each image by itself, so that a thread can take some images through several such stages in turn.
protocol ImagewiseStage: Stage {
    func forward(_ tile: Tile)
    /// What comes before a shard's first tile goes back, and after its last: both on the thread that has the shard.
    func beginShard(worker: Int)
    func endShard(_ shard: Int, worker: Int)
    /// Whether it computes a linear function of its input, without an offset, so that tangents go the way that values go.
    var isLinear: Bool { get }
    /// Turns the output's gradient (which may be overwritten) into the input's, and adds to the parameters' in a shard.
    func backward(_ tile: Tile, shard: Int)

    /// How one image can be shared by several threads: rounds of items. By default one round of one item.
    var splitRounds: Int { get }
    func splitItems(round: Int) -> Int
    func forwardSplit(round: Int, item: Int, worker: Int)
}

extension ImagewiseStage {
    var isLinear: Bool { false }
    func beginShard(worker: Int) {}
    func endShard(_ shard: Int, worker: Int) {}
    var splitRounds: Int { 1 }
    func splitItems(round: Int) -> Int { 1 }
    func forwardSplit(round: Int, item: Int, worker: Int) { forward(.single) }
}

/// A stage that treats the whole batch at once, in rounds of items that may be done in any order.
///
/// What an item computes depends on the shapes alone, never on the number of threads.
protocol BatchwiseStage: Stage {
    var forwardRounds: Int { get }
    func forwardItems(round: Int, batch: Int) -> Int
    func forward(round: Int, item: Int, batch: Int, worker: Int)
    var backwardRounds: Int { get }
    func backwardItems(round: Int, batch: Int) -> Int
    func backward(round: Int, item: Int, batch: Int, worker: Int)
}

/// Scratch memory of each thread, shared by the stages that it runs one after the other.
final class Scratch {
    /// A part of each thread's memory that one stage has for itself.
    struct Claim {
        fileprivate let index: Int
        static let none = Claim(index: 0)
    }

    let workers: Int
    private var needed = 0
    private var memories: [Memory] = []
    private var claims: [[Memory]] = []

    init(workers: Int) { self.workers = workers }

    /// Asks for at least this many floats a thread; all stages ask before ``allocate()``.
    func reserve(_ count: Int) { needed = max(needed, count) }
    func claim(_ count: Int) -> Claim {
        claims.append((0..<workers).map { _ in Memory(count) })
        return Claim(index: claims.count - 1)
    }
    func allocate() { memories = (0..<workers).map { _ in Memory(needed) } }

    @inline(__always)
    subscript(worker: Int) -> UnsafeMutablePointer<Float> { memories[worker].pointer }

    @inline(__always)
    subscript(worker: Int, claim: Claim) -> UnsafeMutablePointer<Float> { claims[claim.index][worker].pointer }
}

/// An elementwise function at the end of a stage.
struct FusedActivation {
    let function: lw_activation
    let slope: Float

    static let identity = FusedActivation(function: LW_IDENTITY, slope: 0)

    init(function: lw_activation, slope: Float) {
        self.function = function
        self.slope = slope
    }

    var isIdentity: Bool { function == LW_IDENTITY }
}

/// A convolution's or pooling's window over images of a shape.
extension lw_window {
    init(
        image: (channels: Int, height: Int, width: Int), kernel: Extent, stride: Extent, padding: Extent, rows: Int,
        columns: Int
    ) {
        self.init(
            height: Int32(image.height), width: Int32(image.width), channels: Int32(image.channels),
            kernel_height: Int32(kernel.height), kernel_width: Int32(kernel.width),
            stride_height: Int32(stride.height), stride_width: Int32(stride.width),
            padding_height: Int32(padding.height), padding_width: Int32(padding.width),
            rows: Int32(rows), columns: Int32(columns))
    }

    /// The number of windows.
    var positions: Int { Int(rows) * Int(columns) }
    var taps: Int { Int(kernel_height) * Int(kernel_width) }
    /// Elements of the image.
    var imageCount: Int { Int(height) * Int(width) * Int(channels) }
}
