import CKernels

/// A convolution or transposed convolution of any kind, for inference: sums over each output's taps, found by tables, with
/// bias and activation on each piece of output while it is in the cache.
///
/// A transposed convolution is one product for each phase of its outputs (see ``TapAxis``). Where all of a product's
/// columns fill panels, the weights lie in the store as the products want them, and no second copy is kept.
final class TapConvolutionStage: ImagewiseStage {
    /// A part of an image's work.
    private struct Part {
        let product: Int
        let positions: Range<Int>
        let panels: Range<Int>
    }

    private let name: String
    private let products: [TapProduct]
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let activation: FusedActivation
    private let layouts: [ParameterLayout]
    private let strides: (input: Int, output: Int)
    /// The weights in panels, where they don't lie so in the store.
    private let packed: Memory?
    /// The bias of each column, zeros where there is none.
    private let bias: Memory
    private let zeros: Memory
    private let parts: [Part]
    private let blocks: Int
    private var parameters: BoundParameters?

    /// - Parameters:
    ///   - products: of one kernel.
    ///   - strides: how far apart a kernel's inputs and outputs lie in PyTorch's layout.
    init(
        _ declarations: [ParameterDeclaration], name: String, products: [TapProduct],
        strides: (input: Int, output: Int), activation: FusedActivation, input: ValueBuffer, output: ValueBuffer
    ) {
        self.name = name
        self.products = products
        self.strides = strides
        self.input = input
        self.output = output
        self.activation = activation
        let order = TapConvolutionStage.panelOrder(products, strides, count: declarations[0].count)
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? ParameterLayout(declaration: declaration, order: order, isSharded: true, isCopied: order == nil)
                : .plain(declaration, isSharded: true)
        }
        packed = order == nil ? Memory(products.reduce(0) { $0 + $1.weightCount }) : nil
        bias = Memory(LinePadding.panels(products[0].columns))
        zeros = Memory(products[0].channels)
        parts = TapConvolutionStage.parts(products)
        blocks = TapConvolutionStage.blocks(products)
    }

    /// The store's order, where every element of the kernel is in one panel.
    private static func panelOrder(
        _ products: [TapProduct], _ strides: (input: Int, output: Int), count: Int
    ) -> ElementOrder? {
        let blocks = products.map { $0.panelOrder(inputStride: strides.input, outputStride: strides.output) }
        guard blocks.allSatisfy({ $0 != nil }) else { return nil }
        let order = ElementOrder(blocks: blocks.flatMap { $0 ?? [] })
        return order.count == count ? order : nil
    }

    var work: StageWork { StageWork(name, forward: products.reduce(0) { $0 + $1.work }) }
    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    func bind(_ store: ParameterStore, _ scratch: Scratch) { parameters = BoundParameters(store, layouts) }

    func prepare() {
        guard let parameters else { return }
        if let from = parameters.bias {
            let outputs = layouts[1].declaration.count
            for column in 0..<products[0].columns { bias.pointer[column] = from[column % outputs] }
        }
        guard let packed else { return }
        var target = packed.pointer
        for product in products {
            product.pack(parameters.weight, inputStride: strides.input, outputStride: strides.output, into: target)
            target += product.weightCount
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        // Where an image is cut into blocks, their inputs shall stay in the cache for all products: one image at a time.
        let groups = blocks == 1 ? 1 : tile.images.count
        let count = tile.images.count / groups
        for group in 0..<groups {
            let (source, target) = (
                input.values(tile) + group * input.count, output.values(tile) + group * output.count
            )
            for block in 0..<blocks {
                for (index, product) in products.enumerated() {
                    let positions = product.positions * block / blocks..<product.positions * (block + 1) / blocks
                    multiply(
                        Part(product: index, positions: positions, panels: 0..<product.panels), source, target,
                        images: count)
                }
            }
        }
    }

    private func multiply(
        _ part: Part, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, images: Int
    ) {
        guard let parameters, !part.positions.isEmpty else { return }
        let weights = packed?.pointer ?? parameters.weight
        let offset = products[..<part.product].reduce(0) { $0 + $1.weightCount }
        var table = products[part.product].table(zeros: zeros.pointer)
        var work = lw_tap_work(
            input: source, output: target, input_stride: input.count, output_stride: output.count,
            images: Int32(images), first: Int32(part.positions.lowerBound), end: Int32(part.positions.upperBound),
            first_panel: Int32(part.panels.lowerBound), end_panel: Int32(part.panels.upperBound))
        lw_multiply_taps(&table, &work, weights + offset, bias.pointer, activation.function, activation.slope)
    }

    func backward(_ tile: Tile, shard: Int) { preconditionFailure("this stage is for inference") }

    // MARK: One image on several threads

    func splitItems(round: Int) -> Int { parts.count }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        multiply(parts[item], input.values(.single), output.values(.single), images: 1)
    }

    /// Parts of about equal work, at least some microseconds each. Few positions are cut by panels, so that each weight is
    /// read by one thread; many by positions.
    private static func parts(_ products: [TapProduct]) -> [Part] {
        let work = products.reduce(0) { $0 + $1.work }
        let wanted = max(1, min(16, work / 100_000))
        return products.enumerated().flatMap { index, product -> [Part] in
            let share = max(1, (wanted * product.work + work / 2) / max(1, work))
            let panelCuts = product.positions <= 256 ? min(share, product.panels) : 1
            let cuts = max(1, min((share + panelCuts - 1) / panelCuts, product.positions / 12))
            return (0..<panelCuts * cuts).map { part in
                let (panel, cut) = (part / cuts, part % cuts)
                return Part(
                    product: index,
                    positions: product.positions * cut / cuts..<product.positions * (cut + 1) / cuts,
                    panels: product.panels * panel / panelCuts..<product.panels * (panel + 1) / panelCuts)
            }
        }
    }

    /// Into how many blocks an image is cut: its inputs shall stay in the second-level cache beside the weights. Weights
    /// too large for it are read once instead.
    private static func blocks(_ products: [TapProduct]) -> Int {
        guard products.reduce(0, { $0 + $1.weightCount }) <= 64 * 1024 else { return 1 }
        let largest = products.map(\.positions).max() ?? 1
        return max(1, largest * products[0].channels / (24 * 1024))
    }
}

extension TapConvolutionStage {
    /// An image's channels, height and width.
    typealias Extents = (channels: Int, height: Int, width: Int)

    convenience init(
        _ declarations: [ParameterDeclaration], _ layer: TransposedConvolution, from: Extents, to: Extents,
        activation: FusedActivation, input: ValueBuffer, output: ValueBuffer
    ) {
        let taps = layer.kernel.height * layer.kernel.width
        self.init(
            declarations, name: "transposed convolution \(layer.inputs)→\(layer.outputs)",
            products: TapConvolutionStage.products(layer, from: from, to: to),
            strides: (layer.outputs * taps, taps), activation: activation, input: input, output: output)
    }

    convenience init(
        _ declarations: [ParameterDeclaration], _ layer: Convolution, from: Extents, to: Extents,
        activation: FusedActivation, input: ValueBuffer, output: ValueBuffer
    ) {
        let taps = layer.kernel.height * layer.kernel.width
        self.init(
            declarations, name: "convolution \(layer.inputs)→\(layer.outputs)",
            products: TapConvolutionStage.products(layer, from: from, to: to),
            strides: (taps, layer.inputs * taps), activation: activation, input: input, output: output)
    }

    /// A transposed convolution. Where there are few output channels, the phases of a row are made together: a pixel of
    /// each beside the other.
    private static func products(_ layer: TransposedConvolution, from input: Extents, to output: Extents)
        -> [TapProduct]
    {
        let isTogether =
            layer.stride.width > 1 && layer.stride.width * layer.outputs <= 8 && input.width > 1
            && output.width.isMultiple(of: layer.stride.width)
        let rows = TapAxis.transposed(
            inputs: input.height, outputs: output.height, kernel: layer.kernel.height, stride: layer.stride.height,
            padding: layer.padding.height)
        let columns = TapAxis.transposed(
            inputs: input.width, outputs: output.width, kernel: layer.kernel.width, stride: layer.stride.width,
            padding: layer.padding.width, isTogether: isTogether)
        return rows.flatMap { row in
            columns.map { column in
                TapProduct(
                    vertical: row, horizontal: column, kernelWidth: layer.kernel.width, from: input, to: output)
            }
        }
    }

    /// A convolution: one product.
    private static func products(_ layer: Convolution, from input: Extents, to output: Extents) -> [TapProduct] {
        let together = 2 * layer.outputs <= 8 && output.width.isMultiple(of: 2) ? 2 : 1
        let row = TapAxis.convolution(
            outputs: output.height, kernel: layer.kernel.height, stride: layer.stride.height,
            padding: layer.padding.height)
        let column = TapAxis.convolution(
            outputs: output.width, kernel: layer.kernel.width, stride: layer.stride.width, padding: layer.padding.width,
            together: together)
        return [
            TapProduct(vertical: row, horizontal: column, kernelWidth: layer.kernel.width, from: input, to: output)
        ]
    }
}
