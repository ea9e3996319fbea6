import CKernels

/// What follows a convolution in the same stage: perhaps a maximum over windows, then bias and activation.
final class PooledHead {
    let channels: Int
    private let activation: FusedActivation
    private let pool: lw_window?
    private let output: ValueBuffer
    /// Which place of its window each maximum came from; only for training.
    private let places: UnsafeMutablePointer<UInt8>?

    /// - Parameter trainingBatch: the batch's capacity where gradients are wanted, else nil.
    init(
        channels: Int, activation: FusedActivation, pool: lw_window?, output: ValueBuffer, trainingBatch: Int?
    ) {
        self.channels = channels
        self.activation = activation
        self.pool = pool
        self.output = output
        if pool != nil, let trainingBatch {
            places = .allocate(capacity: trainingBatch * output.count)
            places?.initialize(repeating: 0, count: trainingBatch * output.count)
        } else {
            places = nil
        }
    }

    deinit { places?.deallocate() }

    var isPooled: Bool { pool != nil }
    var isForTraining: Bool { output.hasGradient }
    /// The pooling, where it takes the maximum of each tile of 2×2.
    var tilePool: lw_window? {
        guard let pool, pool.kernel_height == 2, pool.kernel_width == 2, pool.stride_height == 2,
            pool.stride_width == 2, pool.padding_height == 0, pool.padding_width == 0
        else { return nil }
        return pool
    }
    /// Pixels of the output.
    var positions: Int { output.count / channels }

    /// Where the convolution may write its raw values: the output itself; nil if they are pooled first.
    func rawTarget(_ tile: Tile, _ image: Int) -> UnsafeMutablePointer<Float>? {
        isPooled ? nil : output.values(tile) + image * output.count
    }

    /// Where the pooled values go.
    func pooledTarget(_ tile: Tile, _ image: Int) -> UnsafeMutablePointer<Float> {
        output.values(tile) + image * output.count
    }

    /// Pools the raw values, adds the bias, applies the function.
    func finish(_ tile: Tile, _ image: Int, raw: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?) {
        let target = output.values(tile) + image * output.count
        if var pool { lw_max_pool(raw, &pool, target, places(tile, image)) }
        activate(target, positions: positions, bias: bias)
    }

    func activate(_ values: UnsafeMutablePointer<Float>, positions: Int, bias: UnsafePointer<Float>?) {
        lw_bias_activate(values, positions, channels, channels, bias, activation.function, activation.slope)
    }

    /// The same for rows of `length` values, with a bias that long.
    func activate(_ values: UnsafeMutablePointer<Float>, rows: Int, length: Int, bias: UnsafePointer<Float>?) {
        lw_bias_activate(values, rows, length, length, bias, activation.function, activation.slope)
    }

    /// Sums the four products of an up-sampled convolution into rows of its output, with bias and function.
    func combine(
        _ c: UnsafePointer<Float>, _ cx: UnsafePointer<Float>, _ cy: UnsafePointer<Float>, _ cxy: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, height: Int, width: Int, rows: Range<Int>, into target: UnsafeMutablePointer<Float>
    ) {
        lw_combine(
            c, cx, cy, cxy, bias, Int32(height), Int32(width), Int32(channels), Int32(rows.lowerBound),
            Int32(rows.upperBound), activation.function, activation.slope, target)
    }

    /// Which place of its window each maximum of an image comes from; nil in a plan for inference.
    func places(_ tile: Tile, _ image: Int) -> UnsafeMutablePointer<UInt8>? {
        places.map { $0 + (tile.images.lowerBound + image) * output.count }
    }

    /// The gradient before the activation, pooled as the output is. Valid after
    /// ``differentiateActivation(_:_:)`` or ``rawGradient(_:_:scratch:)``.
    func pooledGradient(_ tile: Tile, _ image: Int) -> UnsafeMutablePointer<Float> {
        guard let gradient = output.gradient(tile) else {
            preconditionFailure("a plan for inference was asked for gradients")
        }
        return gradient + image * output.count
    }

    /// Takes the output's gradient through the activation, in its place.
    func differentiateActivation(_ tile: Tile, _ image: Int) {
        lw_activate_backward_from_output(
            pooledGradient(tile, image), output.values(tile) + image * output.count, output.count, activation.function,
            activation.slope)
    }

    /// The gradient by the convolution's raw values: the output's, through the activation, spread to the maxima.
    ///
    /// - Parameter scratch: room for the raw values of one image; used where there is pooling.
    func rawGradient(
        _ tile: Tile, _ image: Int, scratch: UnsafeMutablePointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        let gradient = pooledGradient(tile, image)
        differentiateActivation(tile, image)
        guard var pool, let places = places(tile, image) else { return gradient }
        lw_max_pool_backward(gradient, places, &pool, scratch)
        return scratch
    }
}
