import CKernels

/// A convolution of stride 1, or a transposed convolution, to very few channels, for inference. Some rows at a time are
/// turned into planes, so that lanes are pixels: with channels in the lanes most of them would be empty.
///
/// A transposed convolution is one such convolution for each phase of its outputs (see ``TapAxis``), which are put
/// together row by row, with bias and activation. The output may be written as planes, which is PyTorch's order.
final class PlanarConvolutionStage: ImagewiseStage {
    /// Above this many outputs channels in the lanes are better.
    static let fewChannels = 4
    /// What is read and written beyond the last pixel.
    private static let slack = 64
    /// Floats of the planes at work at a time.
    private static let budget = 24 * 1024

    /// A phase of the rows and of the columns.
    private struct Phase {
        let vertical: TapAxis
        let horizontal: TapAxis
        let offsets: [Int32]
        /// Places of the taps in the kernel.
        let places: [Int]
        /// Start of its weights, `[inputs][taps][outputs]`.
        let weightOffset: Int
    }

    private let name: String
    private let from: TapConvolutionStage.Extents
    private let to: TapConvolutionStage.Extents
    /// The phases of a row beside each other, those of the columns below each other.
    private let phases: [[Phase]]
    private let strides: (input: Int, output: Int)
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let writesPlanes: Bool
    private let layouts: [ParameterLayout]
    private let weights: Memory
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    /// How far the taps reach above, below and to the left of a step, and steps in all.
    private let above: Int
    private let below: Int
    private let left: Int
    private let steps: (rows: Int, columns: Int)
    /// From one row of a plane to the next.
    private let pitch: Int
    /// How many rows of steps are at work at a time.
    private let blockRows: Int

    /// - Parameters:
    ///   - axes: the phases of the rows and of the columns; one each for a convolution.
    ///   - strides: how far apart a kernel's inputs and outputs lie in PyTorch's layout.
    ///   - writesPlanes: whether the output shall lie in PyTorch's order.
    init(
        _ declarations: [ParameterDeclaration], name: String, axes: (rows: [TapAxis], columns: [TapAxis]),
        kernelWidth: Int, strides: (input: Int, output: Int), from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer,
        writesPlanes: Bool
    ) {
        self.name = name
        (self.from, self.to, self.strides) = (from, to, strides)
        self.activation = activation
        (self.input, self.output, self.writesPlanes) = (input, output, writesPlanes)
        layouts = declarations.map { .plain($0, isSharded: true) }
        func reach(_ axes: [TapAxis]) -> (before: Int, after: Int, steps: Int) {
            let offsets = axes.flatMap(\.offsets)
            return (max(0, -(offsets.min() ?? 0)), max(0, offsets.max() ?? 0), axes.map(\.count).max() ?? 0)
        }
        let (rows, columns) = (reach(axes.rows), reach(axes.columns))
        (above, below, left) = (rows.before, rows.after, columns.before)
        steps = (rows.steps, columns.steps)
        let pitch = columns.before + max(from.width, columns.steps + columns.after)
        self.pitch = pitch
        let fitting = PlanarConvolutionStage.budget / (from.channels * pitch) - rows.before - rows.after
        blockRows = max(min(4, rows.steps), min(fitting, (rows.steps + 3) / 4))
        var offset = 0
        var phases: [[Phase]] = []
        for row in axes.rows {
            phases.append([])
            for column in axes.columns {
                let (offsets, places) = PlanarConvolutionStage.taps(
                    row, column, pitch, kernelWidth, reach: (rows.before, columns.before))
                phases[phases.count - 1].append(
                    Phase(
                        vertical: row, horizontal: column, offsets: offsets, places: places, weightOffset: offset))
                offset += from.channels * offsets.count * to.channels
            }
        }
        self.phases = phases
        weights = Memory(offset)
    }

    /// Where the taps of a phase are in a plane, and in the kernel.
    private static func taps(
        _ row: TapAxis, _ column: TapAxis, _ pitch: Int, _ kernelWidth: Int, reach: (above: Int, left: Int)
    ) -> (offsets: [Int32], places: [Int]) {
        var (offsets, places): ([Int32], [Int]) = ([], [])
        for (dy, y) in zip(row.offsets, row.places[0]) {
            for (dx, x) in zip(column.offsets, column.places[0]) {
                guard let y, let x else { continue }
                offsets.append(Int32((dy + reach.above) * pitch + dx + reach.left))
                places.append(y * kernelWidth + x)
            }
        }
        return (offsets, places)
    }

    var work: StageWork {
        let products = phases.joined().reduce(0) { sum, phase in
            sum + phase.vertical.count * phase.horizontal.count * phase.offsets.count
        }
        return StageWork(name, forward: products * from.channels * to.channels)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private var planeCount: Int { (blockRows + above + below + 1) * pitch + PlanarConvolutionStage.slack }
    private var rawCount: Int { blockRows * pitch + PlanarConvolutionStage.slack }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(from.channels * planeCount + phases[0].count * to.channels * rawCount)
    }

    func prepare() {
        guard let parameters else { return }
        for phase in phases.joined() {
            var target = weights.pointer + phase.weightOffset
            for channel in 0..<from.channels {
                for place in phase.places {
                    for output in 0..<to.channels {
                        target.pointee = parameters.weight[channel * strides.input + output * strides.output + place]
                        target += 1
                    }
                }
            }
        }
    }

    // MARK: Forward

    private var blocks: Int { (steps.rows + blockRows - 1) / blockRows }

    func forward(_ tile: Tile) {
        for image in 0..<tile.images.count {
            for block in 0..<blocks {
                forward(
                    input.values(tile) + image * input.count, output.values(tile) + image * output.count, block,
                    tile.worker)
            }
        }
    }

    private func forward(
        _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ block: Int, _ worker: Int
    ) {
        guard let scratch else { return }
        let planes = scratch[worker]
        let raw = planes + from.channels * planeCount
        let rows = block * blockRows..<min(steps.rows, (block + 1) * blockRows)
        lw_to_planes(
            source, Int32(from.height), Int32(from.width), Int32(from.channels), Int32(rows.lowerBound - above),
            Int32(rows.upperBound + below), Int32(left), Int32(pitch), planes, planeCount)
        for phasesOfRow in phases {
            for (index, phase) in phasesOfRow.enumerated() {
                lw_collect_planes(
                    planes, planeCount, Int32(from.channels), phase.offsets, Int32(phase.offsets.count),
                    weights.pointer + phase.weightOffset, Int32(to.channels), Int32(rows.count * pitch),
                    raw + index * to.channels * rawCount, rawCount)
            }
            for row in rows where row < phasesOfRow[0].vertical.count {
                finish(raw + (row - rows.lowerBound) * pitch, phasesOfRow, row, target)
            }
        }
    }

    /// Puts the phases of one row of steps together.
    private func finish(
        _ raw: UnsafePointer<Float>, _ phases: [Phase], _ row: Int, _ target: UnsafeMutablePointer<Float>
    ) {
        let vertical = phases[0].vertical
        let y = vertical.outputStart + row * vertical.outputStep
        let step = writesPlanes ? 1 : to.channels
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: phases.count) { rows in
            for channel in 0..<to.channels {
                for index in phases.indices { rows[index] = raw + (index * to.channels + channel) * rawCount }
                let start =
                    writesPlanes
                    ? (channel * to.height + y) * to.width : y * to.width * to.channels + channel
                lw_finish_planes(
                    rows.baseAddress, Int32(phases.count), Int32(to.width), parameters?.bias?[channel] ?? 0,
                    activation.function, activation.slope, step, target + start)
            }
        }
    }

    func backward(_ tile: Tile, shard: Int) { preconditionFailure("this stage is for inference") }

    // MARK: One image on several threads

    private var splits: Int { work.forward < 50_000 ? 1 : blocks }
    func splitItems(round: Int) -> Int { splits }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        for block in splits == 1 ? 0..<blocks : item..<item + 1 {
            forward(input.values(.single), output.values(.single), block, worker)
        }
    }
}

extension PlanarConvolutionStage {
    static func suits(_ layer: Convolution) -> Bool {
        // A plane of few channels is collected as quickly as they are turned into planes.
        layer.stride == Extent(1) && layer.outputs <= fewChannels && layer.inputs >= (layer.outputs == 1 ? 32 : 8)
    }

    static func suits(_ layer: TransposedConvolution, _ from: TapConvolutionStage.Extents) -> Bool {
        layer.outputs <= fewChannels && layer.inputs >= 8 && from.height > 1 && from.width > 1
    }

    convenience init(
        _ declarations: [ParameterDeclaration], _ layer: Convolution, from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer,
        writesPlanes: Bool
    ) {
        let taps = layer.kernel.height * layer.kernel.width
        let row = TapAxis.convolution(
            outputs: to.height, kernel: layer.kernel.height, stride: 1, padding: layer.padding.height)
        let column = TapAxis.convolution(
            outputs: to.width, kernel: layer.kernel.width, stride: 1, padding: layer.padding.width)
        self.init(
            declarations, name: "planar convolution \(layer.inputs)→\(layer.outputs)", axes: ([row], [column]),
            kernelWidth: layer.kernel.width, strides: (taps, layer.inputs * taps), from: from, to: to,
            activation: activation, input: input, output: output, writesPlanes: writesPlanes)
    }

    convenience init(
        _ declarations: [ParameterDeclaration], _ layer: TransposedConvolution, from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer,
        writesPlanes: Bool
    ) {
        let taps = layer.kernel.height * layer.kernel.width
        let rows = TapAxis.transposed(
            inputs: from.height, outputs: to.height, kernel: layer.kernel.height, stride: layer.stride.height,
            padding: layer.padding.height)
        let columns = TapAxis.transposed(
            inputs: from.width, outputs: to.width, kernel: layer.kernel.width, stride: layer.stride.width,
            padding: layer.padding.width)
        self.init(
            declarations, name: "planar transposed convolution \(layer.inputs)→\(layer.outputs)", axes: (rows, columns),
            kernelWidth: layer.kernel.width, strides: (layer.outputs * taps, taps), from: from, to: to,
            activation: activation, input: input, output: output, writesPlanes: writesPlanes)
    }
}
