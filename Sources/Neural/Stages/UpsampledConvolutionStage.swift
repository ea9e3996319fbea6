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
    /// Room for the products' weights, which a plan for inference needs only while it prepares.
    private let packed: Memory?
    private let packedCount: Int
    /// The same weights in panels of columns, and of rows for the gradient, as the products want them.
    private let panels: Memory
    private let transposedPanels: Memory?
    /// One image's differences and results, where threads share it product by product.
    private let shared: Memory
    private var parameters: BoundParameters?
    private var scratch: Scratch?
    /// Where each thread's gradient of the packed weights is, while a shard goes back.
    private var weightGradients = Scratch.Claim.none

    static func suits(_ layer: Convolution, after factor: Extent) -> Bool {
        factor == Extent(2) && layer.isDense && layer.kernel == Extent(3) && layer.stride == Extent(1)
            && layer.padding == Extent(1)
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
        layouts = ParameterLayout.convolution(declarations, isCopied: true)
        var products: [Product] = []
        var (weights, sources, results, panels, transposedPanels) = (0, 0, 0, 0, 0)
        let w = image.width
        let h = head.isForTraining ? image.height : UpsampledConvolutionStage.stripRows(image, outputs: outputs)
        stripRows = h
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
            // A strip's horizontal differences are taken of one row more than it needs.
            sources += products.count == 2 ? (w + 1) * inputs : 0
            results += rows * columns
        }
        self.products = products
        packedCount = weights
        packed = head.isForTraining ? Memory(weights) : nil
        self.panels = Memory(panels)
        self.transposedPanels = input.hasGradient ? Memory(transposedPanels) : nil
        shared = Memory(image.height < UpsampledConvolutionStage.fewRows ? sources + results : 0)
    }

    /// How many rows of the image are at work at a time: all of a small one; of a large one as many as stay in the cache
    /// with their differences and results.
    private static func stripRows(_ image: (channels: Int, height: Int, width: Int), outputs: Int) -> Int {
        let row = image.width * (3 * image.channels + 9 * outputs)
        let rows = max(1, 96 * 1024 / row)
        return image.height < 16 || image.height <= rows ? image.height : rows
    }

    var work: StageWork {
        let (h, w) = (height, width)
        let products = (h * w + 2 * h * (w + 1) + 2 * (h + 1) * w + 4 * (h + 1) * (w + 1)) * inputs * outputs
        return StageWork("up-sampled convolution \(inputs)→\(outputs)", forward: products, backward: 2 * products)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private let stripRows: Int
    private var imageCount: Int { height * width * inputs }
    /// Floats of an image's differences, and of its products' results.
    private var differenceCount: Int { products[3].inputOffset + products[3].rows * inputs }
    private var resultCount: Int { products[3].resultOffset + products[3].rows * products[3].columns }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve((head.isForTraining ? 2 : 1) * differenceCount + imageCount + resultCount)
        weightGradients = scratch.claim(head.isForTraining ? packedCount : 0)
    }

    // MARK: Weights

    func prepare() {
        guard let parameters else { return }
        let packed = packed ?? Memory(packedCount)
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
        for image in 0..<tile.images.count { forward(tile, image, rows: 0..<height, worker: tile.worker) }
    }

    /// Some rows of an image, strip by strip.
    private func forward(_ tile: Tile, _ image: Int, rows: Range<Int>, worker: Int) {
        guard let scratch else { return }
        let differences = scratch[worker]
        let results = differences + differenceCount
        let source = input.values(tile) + image * imageCount
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: stripRows) {
            let strip = start..<min(rows.upperBound, start + stripRows)
            // A strip's vertical products begin in the row in which the last one's ended.
            let isNext = start > rows.lowerBound
            if isNext { keepLastRow(results) }
            takeDifferences(source, rows: strip.lowerBound..<strip.upperBound + 1, differences, from: strip.lowerBound)
            for index in products.indices {
                multiply(index, source, differences, results, rows: strip, skipsFirst: isNext && index >= 2)
            }
            combine(results, tile, image, rows: strip, from: strip.lowerBound)
        }
    }

    /// A row of a product's results, in one image row.
    private func resultRow(_ index: Int) -> Int { (index % 2 == 0 ? width : width + 1) * products[index].columns }

    /// Moves the last row of the vertical products' results to the front.
    private func keepLastRow(_ results: UnsafeMutablePointer<Float>) {
        for index in 2..<4 {
            let (start, row) = (results + products[index].resultOffset, resultRow(index))
            start.update(from: start + stripRows * row, count: row)
        }
    }

    /// - Parameter first: the row of the image that comes first in `differences`.
    private func takeDifferences(
        _ source: UnsafePointer<Float>, rows: Range<Int>, _ differences: UnsafeMutablePointer<Float>, from first: Int
    ) {
        let wide = first * (width + 1) * inputs
        lw_differences_rows(
            source, Int32(height), Int32(width), Int32(inputs), Int32(rows.lowerBound), Int32(rows.upperBound),
            differences + products[1].inputOffset - wide,
            differences + products[2].inputOffset - first * width * inputs,
            differences + products[3].inputOffset - wide)
    }

    /// - Parameters:
    ///   - rows: of the image; the vertical products have one more.
    ///   - skipsFirst: whether the first row's results are there.
    private func multiply(
        _ index: Int, _ source: UnsafePointer<Float>, _ differences: UnsafePointer<Float>,
        _ results: UnsafeMutablePointer<Float>, rows: Range<Int>, skipsFirst: Bool
    ) {
        let product = products[index]
        let length = index % 2 == 0 ? width : width + 1
        let count = rows.count + (index >= 2 ? 1 : 0)
        let first = skipsFirst ? length : 0
        let values = index == 0 ? source + rows.lowerBound * width * inputs : differences + product.inputOffset
        lw_multiply_packed(
            values + first * inputs, inputs, Int32(count * length - first), Int32(inputs),
            panels.pointer + product.panelOffset, Int32(product.columns),
            results + product.resultOffset + first * product.columns, product.columns)
    }

    /// - Parameter first: the row of the image that comes first in `results`.
    private func combine(
        _ results: UnsafePointer<Float>, _ tile: Tile, _ image: Int, rows: Range<Int>, from first: Int
    ) {
        guard let target = head.rawTarget(tile, image) else { return }
        func start(_ index: Int) -> UnsafePointer<Float> {
            results + products[index].resultOffset - first * resultRow(index)
        }
        head.combine(
            start(0), start(1), start(2), start(3), bias: parameters?.bias, height: height, width: width, rows: rows,
            into: target)
    }

    // MARK: Backward

    func beginShard(worker: Int) {
        scratch?[worker, weightGradients].update(repeating: 0, count: packedCount)
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
            takeDifferences(source, rows: 0..<height + 1, differences, from: 0)
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

    /// An image is cut into ranges of rows, each of which recomputes one row. A small one, for which that row would be much,
    /// goes in three rounds: differences by rows, the four products by panels, combining by rows.
    private static let fewRows = 12
    private var isCutByRows: Bool { height >= UpsampledConvolutionStage.fewRows }
    private var rowParts: Int { isCutByRows ? max(2, min(8, height / 16)) : min(2, height) }
    /// Each product's parts, the largest last, since that is drawn first: two threads then get the same work.
    private static let productParts: [(product: Int, part: Int, parts: Int)] = [(0, 2), (1, 2), (2, 2), (3, 4)]
        .flatMap { product, parts in (0..<parts).map { (product, $0, parts) } }

    var splitRounds: Int { isCutByRows ? 1 : 3 }
    func splitItems(round: Int) -> Int { round == 1 ? UpsampledConvolutionStage.productParts.count : rowParts }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let tile = Tile.single
        let rows = height * item / rowParts..<height * (item + 1) / rowParts
        guard !isCutByRows else { return forward(tile, 0, rows: rows, worker: worker) }
        let results = shared.pointer + differenceCount
        switch round {
        case 0:
            let rows = (height + 1) * item / rowParts..<(height + 1) * (item + 1) / rowParts
            takeDifferences(input.values(tile), rows: rows, shared.pointer, from: 0)
        case 1:
            let (index, part, parts) = UpsampledConvolutionStage.productParts[item]
            multiply(index, part: part, of: parts, input.values(tile), shared.pointer, results)
        default:
            combine(results, tile, 0, rows: rows, from: 0)
        }
    }

    /// Some panels of a product of the whole image.
    private func multiply(
        _ index: Int, part: Int, of parts: Int, _ source: UnsafePointer<Float>, _ differences: UnsafePointer<Float>,
        _ results: UnsafeMutablePointer<Float>
    ) {
        let product = products[index]
        let panelCount = LinePadding.panels(product.columns) / Int(LW_PANEL)
        let (first, end) = (panelCount * part / parts * Int(LW_PANEL), panelCount * (part + 1) / parts * Int(LW_PANEL))
        guard first < end else { return }
        lw_multiply_packed(
            index == 0 ? source : differences + product.inputOffset, inputs, Int32(product.rows), Int32(inputs),
            panels.pointer + product.panelOffset + first * inputs, Int32(min(end, product.columns) - first),
            results + product.resultOffset + first, product.columns)
    }
}
