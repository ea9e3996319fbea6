import CKernels

/// Columns of a panel of packed weights.
private let panelWidth = Int(LW_PANEL)

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
        /// Start of its weights in panels.
        let panelOffset: Int
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
    /// The same weights in panels of columns, as the products want them.
    private let panels: Memory
    private let shared: Memory
    private var parameters: BoundParameters?
    private var scratch: Scratch?

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
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? .kernel(declaration, axes: [2, 3, 1, 0], isSharded: true) : .plain(declaration, isSharded: true)
        }
        var products: [Product] = []
        var (weights, sources, results, panels) = (0, 0, 0, 0)
        let (h, w) = (image.height, image.width)
        for (rows, kinds) in [(h * w, 1), (h * (w + 1), 2), ((h + 1) * w, 2), ((h + 1) * (w + 1), 4)] {
            let columns = kinds * outputs
            products.append(
                Product(
                    rows: rows, columns: columns, weightOffset: weights, inputOffset: sources, resultOffset: results,
                    panelOffset: panels))
            weights += inputs * columns
            panels += inputs * ((columns + panelWidth - 1) / panelWidth) * panelWidth
            // The first product reads the image itself.
            sources += products.count == 1 ? 0 : rows * inputs
            results += rows * columns
        }
        self.products = products
        packed = Memory(weights)
        self.panels = Memory(panels)
        shared = Memory(sources + results)
    }

    var work: StageWork {
        let products = products.reduce(0) { $0 + $1.rows * $1.columns * inputs }
        return StageWork("up-sampled convolution \(inputs)→\(outputs)", forward: products, backward: 2 * products)
    }

    var parameterLayouts: [ParameterLayout] { layouts }

    private var imageCount: Int { height * width * inputs }
    /// Floats of an image's differences, and of its products' results.
    private var differenceCount: Int { products[3].inputOffset + products[3].rows * inputs }
    private var resultCount: Int { products[3].resultOffset + products[3].rows * products[3].columns }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(2 * differenceCount + imageCount + resultCount + packed.count)
    }

    // MARK: Weights

    /// Where the taps of a row a and column b go, and with which sign: into the sum of all taps, the sums along columns
    /// and rows for the first and last tap, and the four corners.
    private static let places: [(product: Int, part: Int, sign: Float, taps: [Int])] = [
        (0, 0, 1, Array(0..<9)),
        (1, 0, -1, [0, 3, 6]), (1, 1, 1, [2, 5, 8]),
        (2, 0, -1, [0, 1, 2]), (2, 1, 1, [6, 7, 8]),
        (3, 0, 1, [0]), (3, 1, -1, [2]), (3, 2, -1, [6]), (3, 3, 1, [8]),
    ]

    func prepare() {
        guard let parameters else { return }
        packed.fill(0)
        for place in UpsampledConvolutionStage.places {
            let product = products[place.product]
            for tap in place.taps {
                for row in 0..<inputs {
                    let from = parameters.weight + (tap * inputs + row) * outputs
                    let to = packed.pointer + product.weightOffset + row * product.columns + place.part * outputs
                    for output in 0..<outputs { to[output] += place.sign * from[output] }
                }
            }
        }
        fillPanels()
    }

    /// Copies the packed weights into panels.
    private func fillPanels() {
        for product in products {
            lw_pack_columns(
                packed.pointer + product.weightOffset, product.columns, 1, Int32(inputs), Int32(product.columns),
                panels.pointer + product.panelOffset)
        }
    }

    /// The transpose of `prepare`: adds the packed weights' gradient to the taps'.
    private func unpack(_ gradient: UnsafePointer<Float>, into taps: UnsafeMutablePointer<Float>) {
        for place in UpsampledConvolutionStage.places {
            let product = products[place.product]
            for tap in place.taps {
                for row in 0..<inputs {
                    let to = taps + (tap * inputs + row) * outputs
                    let from = gradient + product.weightOffset + row * product.columns + place.part * outputs
                    for output in 0..<outputs { to[output] += place.sign * from[output] }
                }
            }
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

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch else { return }
        let differences = scratch[tile.worker]
        let differenceGradients = differences + differenceCount
        let imageGradient = differenceGradients + differenceCount
        let results = imageGradient + imageCount
        let weightGradient = results + resultCount
        weightGradient.update(repeating: 0, count: packed.count)
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
                MatrixProduct.multiply(
                    index == 0 ? source : differences + product.inputOffset, .transposed, aStride: inputs,
                    results + product.resultOffset, bStride: product.columns,
                    into: weightGradient + product.weightOffset, cStride: product.columns, m: inputs,
                    n: product.columns, k: product.rows, accumulate: true)
            }
            guard let target = input.gradient(tile) else { continue }
            for (index, product) in products.enumerated() {
                MatrixProduct.multiply(
                    results + product.resultOffset, aStride: product.columns, packed.pointer + product.weightOffset,
                    .transposed, bStride: product.columns,
                    into: index == 0 ? imageGradient : differenceGradients + product.inputOffset, cStride: inputs,
                    m: product.rows, n: inputs, k: product.columns)
            }
            lw_differences_backward(
                imageGradient, differenceGradients + products[1].inputOffset,
                differenceGradients + products[2].inputOffset, differenceGradients + products[3].inputOffset,
                Int32(height), Int32(width), Int32(inputs), target + image * imageCount)
        }
        unpack(weightGradient, into: parameters.weightGradient(shard))
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
