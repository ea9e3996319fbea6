import CKernels

/// Maximum over windows, where it isn't fused with the convolution before it.
final class MaxPoolingStage: ImagewiseStage {
    private let window: lw_window
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let places: UnsafeMutablePointer<UInt8>?

    init(window: lw_window, input: ValueBuffer, output: ValueBuffer, trainingBatch: Int?) {
        self.window = window
        self.input = input
        self.output = output
        places = trainingBatch.map { .allocate(capacity: $0 * output.count) }
    }

    deinit { places?.deallocate() }

    private func places(_ tile: Tile, _ image: Int) -> UnsafeMutablePointer<UInt8>? {
        places.map { $0 + (tile.images.lowerBound + image) * output.count }
    }

    func forward(_ tile: Tile) {
        var window = window
        for image in 0..<tile.images.count {
            lw_max_pool(
                input.values(tile) + image * input.count, &window, output.values(tile) + image * output.count,
                places(tile, image))
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        var window = window
        for image in 0..<tile.images.count {
            guard let places = places(tile, image) else { return }
            lw_max_pool_backward(gradient + image * output.count, places, &window, target + image * input.count)
        }
    }
}

/// Mean over windows.
final class AveragePoolingStage: ImagewiseStage {
    private let window: lw_window
    private let input: ValueBuffer
    private let output: ValueBuffer

    init(window: lw_window, input: ValueBuffer, output: ValueBuffer) {
        self.window = window
        self.input = input
        self.output = output
    }

    var isLinear: Bool { true }

    func forward(_ tile: Tile) {
        var window = window
        for image in 0..<tile.images.count {
            lw_average_pool(
                input.values(tile) + image * input.count, &window, output.values(tile) + image * output.count)
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        var window = window
        for image in 0..<tile.images.count {
            lw_average_pool_backward(gradient + image * output.count, &window, target + image * input.count)
        }
    }
}

/// Nearest-neighbour up-sampling, where it isn't folded into the convolution after it.
final class UpsamplingStage: ImagewiseStage {
    private let image: (channels: Int, height: Int, width: Int)
    private let factor: Extent
    private let input: ValueBuffer
    private let output: ValueBuffer

    init(image: (channels: Int, height: Int, width: Int), factor: Extent, input: ValueBuffer, output: ValueBuffer) {
        self.image = image
        self.factor = factor
        self.input = input
        self.output = output
    }

    var isLinear: Bool { true }

    func forward(_ tile: Tile) {
        for index in 0..<tile.images.count {
            lw_upsample(
                input.values(tile) + index * input.count, Int32(image.height), Int32(image.width),
                Int32(image.channels),
                Int32(factor.height), Int32(factor.width), output.values(tile) + index * output.count)
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        for index in 0..<tile.images.count {
            lw_upsample_backward(
                gradient + index * output.count, Int32(image.height), Int32(image.width), Int32(image.channels),
                Int32(factor.height), Int32(factor.width), target + index * input.count)
        }
    }
}
