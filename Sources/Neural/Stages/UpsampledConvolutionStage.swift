import CKernels

/// Nearest ×2 up-sampling and the 3×3 convolution (padding 1) that follows it, as nine products a pixel, not thirty-six.
///
/// In one dimension, with dᵢ = xᵢ − xᵢ₋₁ (zero outside) and S = w₀ + w₁ + w₂: y₂ᵢ = S xᵢ − w₀ dᵢ and
/// y₂ᵢ₊₁ = S xᵢ + w₂ dᵢ₊₁. This is Winograd's F(2,3) (Lavin & Gray 2016), one of whose four products vanishes because the
/// two middle inputs are equal. In two dimensions: products of x, of its horizontal, vertical and mixed differences with
/// sums of taps, on the small image; the up-sampled one is never built.
final class UpsampledConvolutionStage: ImagewiseStage {
    /// One of the four products: its rows, and the columns that its weights make.
    private struct Product {
        let rows: Int
        let columns: Int
        /// Start of its weights, of its input and of its result, in the packed arrays of one image.
        let weightOffset: Int
        let inputOffset: Int
        let resultOffset: Int
        /// Start of its weights in panels of columns, and of rows.
        let panelOffset: Int
        let transposedPanelOffset: Int
    }

    private let height: Int
    private let width: Int
    private let inputs: Int
    private let outputs: Int
    private let head: PooledHead
    private let input: ValueBuffer
    private let layouts: [ParameterLayout]
    private let products: [Product]
    private let packed: Memory
    /// The same weights in panels of columns, and of rows for the gradient, as the products want them.
    private let panels: Memory
    private let transposedPanels: Memory?
    private let shared: Memory
    private var parameters: BoundParameters?
    private var scratch: Scratch?
    /// Where each thread's gradient of the packed weights is, while a shard goes back.
    private var weightGradients = Scratch.Claim.none

    static func suits(_ layer: Convolution, after factor: Extent) -> Bool {
        factor == Extent(2) && layer.kernel == Extent(3) && layer.stride == Extent(1) && layer.padding == Extent(1)
            && min(layer.inputs, layer.outputs) > ThinConvolutionStage.fewChannels
    }

    /// - Parameter image: of the small image, before up-sampling.
    init(
        _ declarations: [ParameterDeclaration], image: (channels: Int, height: Int, width: Int), head: PooledHead,
        input: ValueBuffer
    ) {
        (inputs, height, width) = image
        outputs = head.channels
        self.head = head
        self.input = input
        layouts = ParameterLayout.convolution(declarations)
        var products: [Product] = []
        var (weights, sources, results, panels, transposedPanels) = (0, 0, 0, 0, 0)
        let (h, w) = (image.height, image.width)
        for (rows, kinds) in [(h * w, 1), (h * (w + 1), 2), ((h + 1) * w, 2), ((h + 1) * (w + 1), 4)] {
            let columns = kinds * outputs
            products.append(
                Product(
                    rows: rows, columns: columns, weightOffset: weights, inputOffset: sources, resultOffset: results,
                    panelOffset: panels, transposedPanelOffset: transposedPanels))
            weights += inputs * columns
            panels += inputs * LinePadding.panels(columns)
            transposedPanels += columns * LinePadding.panels(inputs)
            // The first product reads the image itself.
            sources += products.count == 1 ? 0 : rows * inputs
            results += rows * columns
        }
        self.products = products
        packed = Memory(weights)
        self.panels = Memory(panels)
        self.transposedPanels = input.hasGradient ? Memory(transposedPanels) : nil
        shared = Memory(sources + results)
    }

    var work: StageWork {
        let products = products.reduce(0) { $0 + $1.rows * $1.columns * inputs }
        return StageWork("up-sampled convolution \(inputs)→\(outputs)", forward: products, backward: 2 * products)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private var imageCount: Int { height * width * inputs }
    /// Floats of an image's differences, and of its products' results.
    private var differenceCount: Int { products[3].inputOffset + products[3].rows * inputs }
    private var resultCount: Int { products[3].resultOffset + products[3].rows * products[3].columns }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(2 * differenceCount + imageCount + resultCount)
        weightGradients = scratch.claim(packed.count)
    }

    // MARK: Weights

    func prepare() {
        guard let parameters else { return }
        let weight = packed.pointer
        lw_difference_weights(
            parameters.weight, Int32(inputs), Int32(outputs), weight + products[0].weightOffset,
            weight + products[1].weightOffset, weight + products[2].weightOffset, weight + products[3].weightOffset)
        for product in products {
            lw_pack_columns(
                weight + product.weightOffset, product.columns, 1, Int32(inputs), Int32(product.columns),
                panels.pointer + product.panelOffset)
            guard let transposedPanels else { continue }
            lw_pack_columns(
                weight + product.weightOffset, 1, product.columns, Int32(product.columns), Int32(inputs),
                transposedPanels.pointer + product.transposedPanelOffset)
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        guard let scratch else { return }
        let differences = scratch[tile.worker]
        let results = differences + differenceCount
        for image in 0..<tile.images.count {
            let source = input.values(tile) + image * imageCount
            takeDifferences(source, rows: 0..<height + 1, differences)
            for index in products.indices { multiply(index, source, differences, results) }
            combine(results, tile, image, rows: 0..<height)
        }
    }

    private func takeDifferences(
        _ source: UnsafePointer<Float>, rows: Range<Int>, _ differences: UnsafeMutablePointer<Float>
    ) {
        lw_differences_rows(
            source, Int32(height), Int32(width), Int32(inputs), Int32(rows.lowerBound), Int32(rows.upperBound),
            differences + products[1].inputOffset, differences + products[2].inputOffset,
            differences + products[3].inputOffset)
    }

    private func multiply(
        _ index: Int, _ source: UnsafePointer<Float>, _ differences: UnsafePointer<Float>,
        _ results: UnsafeMutablePointer<Float>
    ) {
        let product = products[index]
        lw_multiply_packed(
            index == 0 ? source : differences + product.inputOffset, inputs, Int32(product.rows), Int32(inputs),
            panels.pointer + product.panelOffset, Int32(product.columns), results + product.resultOffset,
            product.columns)
    }

    private func combine(_ results: UnsafePointer<Float>, _ tile: Tile, _ image: Int, rows: Range<Int>) {
        guard let target = head.rawTarget(tile, image) else { return }
        head.combine(
            results + products[0].resultOffset, results + products[1].resultOffset, results + products[2].resultOffset,
            results + products[3].resultOffset, bias: parameters?.bias, height: height, width: width, rows: rows,
            into: target)
    }

    // MARK: Backward

    func beginShard(worker: Int) {
        scratch?[worker, weightGradients].update(repeating: 0, count: packed.count)
    }

    func endShard(_ shard: Int, worker: Int) {
        guard let parameters, let scratch else { return }
        let gradient = scratch[worker, weightGradients]
        lw_difference_weights_backward(
            gradient + products[0].weightOffset, gradient + products[1].weightOffset,
            gradient + products[2].weightOffset, gradient + products[3].weightOffset, Int32(inputs), Int32(outputs),
            parameters.weightGradient(shard))
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch else { return }
        let differences = scratch[tile.worker]
        let differenceGradients = differences + differenceCount
        let imageGradient = differenceGradients + differenceCount
        let results = imageGradient + imageCount
        let weightGradient = scratch[tile.worker, weightGradients]
        for image in 0..<tile.images.count {
            let gradient = head.rawGradient(tile, image, scratch: results)
            parameters.addBiasGradient(shard, gradient, head.positions)
            lw_combine_backward(
                gradient, Int32(height), Int32(width), Int32(outputs), results + products[0].resultOffset,
                results + products[1].resultOffset, results + products[2].resultOffset,
                results + products[3].resultOffset)
            let source = input.values(tile) + image * imageCount
            takeDifferences(source, rows: 0..<height + 1, differences)
            for (index, product) in products.enumerated() {
                lw_multiply_transposed(
                    index == 0 ? source : differences + product.inputOffset, inputs, results + product.resultOffset,
                    product.columns, Int32(inputs), Int32(product.columns), Int32(product.rows),
                    weightGradient + product.weightOffset, product.columns)
            }
            guard let target = input.gradient(tile), let transposedPanels else { continue }
            for (index, product) in products.enumerated() {
                lw_multiply_packed(
                    results + product.resultOffset, product.columns, Int32(product.rows), Int32(product.columns),
                    transposedPanels.pointer + product.transposedPanelOffset, Int32(inputs),
                    index == 0 ? imageGradient : differenceGradients + product.inputOffset, inputs)
            }
            lw_differences_backward(
                imageGradient, differenceGradients + products[1].inputOffset,
                differenceGradients + products[2].inputOffset, differenceGradients + products[3].inputOffset,
                Int32(height), Int32(width), Int32(inputs), target + image * imageCount)
        }
    }

    // MARK: One image on several threads

    /// Differences by rows, the four products apart (the largest is about half the work), combining by rows.
    var splitRounds: Int { 3 }
    func splitItems(round: Int) -> Int { round == 1 ? products.count : min(2, height) }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let results = shared.pointer + differenceCount
        let tile = Tile.single
        let parts = min(2, height)
        switch round {
        case 0:
            let rows = (height + 1) * item / parts..<(height + 1) * (item + 1) / parts
            takeDifferences(input.values(tile), rows: rows, shared.pointer)
        case 1:
            multiply(item, input.values(tile), shared.pointer, results)
        default:
            combine(results, tile, 0, rows: height * item / parts..<height * (item + 1) / parts)
        }
    }
}
