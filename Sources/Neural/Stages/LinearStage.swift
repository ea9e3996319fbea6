import CKernels

/// y = f(x Wᵀ + b), the batch at once; W lies `[inputs, outputs]`.
final class LinearStage: BatchwiseStage {
    private let inputs: Int
    private let outputs: Int
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private var store: ParameterStore?
    private var scratch: Scratch?
    private var weightSlot = 0
    private var biasSlot: Int?
    private var weight: UnsafeMutablePointer<Float>
    private var bias: UnsafeMutablePointer<Float>?
    private let none = Memory(1)
    /// The weight in panels of columns, for batches, where it does not change: copying each panel anew takes a sixth of a
    /// product of 64 rows.
    private let panels: Memory?

    init(
        _ declarations: [ParameterDeclaration], inputs: FeatureOrder, outputs: FeatureOrder,
        activation: FusedActivation,
        input: ValueBuffer, output: ValueBuffer
    ) {
        self.inputs = input.count
        self.outputs = output.count
        self.activation = activation
        self.input = input
        self.output = output
        weight = none.pointer
        let count = self.inputs * LinePadding.panels(self.outputs)
        panels =
            MatrixProduct.isOursQuicker && output.batchGradient == nil && count <= LinearStage.mostInPanels
            ? Memory(count) : nil
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? .linear(declaration, inputs: inputs, outputs: outputs)
                : .features(declaration, order: outputs, isSharded: false)
        }
    }

    var work: StageWork {
        StageWork(
            "linear \(inputs)→\(outputs)", forward: inputs * outputs,
            backward: (input.batchGradient == nil ? 1 : 2) * inputs * outputs)
    }

    var parameterLayouts: [ParameterLayout] { layouts }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.store = store
        self.scratch = scratch
        scratch.reserve(inputs * Int(LW_PANEL))
        weightSlot = store.slot(layouts[0].declaration.name)
        weight = store.pointer(weightSlot)
        if layouts.count > 1 {
            let slot = store.slot(layouts[1].declaration.name)
            biasSlot = slot
            bias = store.pointer(slot)
        }
    }

    func prepare() {
        guard let panels else { return }
        lw_pack_columns(weight, outputs, 1, Int32(inputs), Int32(outputs), panels.pointer)
    }

    // MARK: Forward

    /// Weights beyond 32 MB are not kept twice.
    private static let mostInPanels = 8 << 20

    /// Below this many rows a matrix–vector product for each is faster than one matrix product.
    private static let fewRows = 4

    var forwardRounds: Int { 1 }
    func forwardItems(round: Int, batch: Int) -> Int { forwardBlocks(batch).count }

    /// Blocks of columns. With a matrix product of our own they may depend on the batch: what a value comes to does not
    /// depend on them.
    private func forwardBlocks(_ batch: Int) -> Blocks {
        guard batch >= LinearStage.fewRows, MatrixProduct.isOursQuicker else {
            return Blocks(of: outputs, work: inputs * outputs)
        }
        return Blocks(of: outputs, work: inputs * outputs * batch, most: 16)
    }

    func forward(round: Int, item: Int, batch: Int, worker: Int) {
        let columns = forwardBlocks(batch)[item]
        if batch < LinearStage.fewRows {
            for row in 0..<batch {
                lw_matrix_vector(
                    input.batch + row * inputs, weight, inputs, outputs, columns.lowerBound, columns.upperBound,
                    output.batch + row * outputs)
            }
        } else if let panels {
            lw_multiply_panels(
                input.batch, inputs, Int32(batch), Int32(inputs), panels.pointer + columns.lowerBound * inputs,
                Int32(columns.count), bias.map { $0 + columns.lowerBound }, activation.function, activation.slope,
                output.batch + columns.lowerBound, outputs)
            return
        } else if MatrixProduct.isOursQuicker, let scratch {
            lw_multiply_columns(
                input.batch, inputs, Int32(batch), Int32(inputs), weight + columns.lowerBound, outputs,
                Int32(columns.count), scratch[worker], bias.map { $0 + columns.lowerBound }, activation.function,
                activation.slope, output.batch + columns.lowerBound, outputs)
            return
        } else {
            MatrixProduct.multiply(
                input.batch, aStride: inputs, weight + columns.lowerBound, bStride: outputs,
                into: output.batch + columns.lowerBound, cStride: outputs, m: batch, n: columns.count, k: inputs)
        }
        lw_bias_activate(
            output.batch + columns.lowerBound, batch, columns.count, outputs, bias.map { $0 + columns.lowerBound },
            activation.function, activation.slope)
    }

    // MARK: Backward

    /// First the activation's derivative, then the products of both gradients.
    var backwardRounds: Int { 2 }

    func backwardItems(round: Int, batch: Int) -> Int {
        if round == 0 {
            return activation.isIdentity ? 0 : Blocks(of: batch * outputs, work: 8 * batch * outputs).count
        }
        let blocks = Blocks(of: inputs, work: inputs * outputs).count
        return blocks + (input.batchGradient == nil ? 0 : blocks)
    }

    func backward(round: Int, item: Int, batch: Int, worker: Int) {
        guard let gradient = output.batchGradient, let store else { return }
        if round == 0 {
            let elements = Blocks(of: batch * outputs, work: 8 * batch * outputs)[item]
            lw_activate_backward_from_output(
                gradient + elements.lowerBound, output.batch + elements.lowerBound, elements.count, activation.function,
                activation.slope)
            return
        }
        let blocks = Blocks(of: inputs, work: inputs * outputs)
        let rows = blocks[item % blocks.count]
        if item < blocks.count {
            MatrixProduct.multiply(
                input.batch + rows.lowerBound, .transposed, aStride: inputs, gradient, bStride: outputs,
                into: store.gradient(weightSlot) + rows.lowerBound * outputs, cStride: outputs,
                m: rows.count, n: outputs, k: batch)
            guard item == 0, let biasSlot else { return }
            let sums = store.gradient(biasSlot)
            sums.update(repeating: 0, count: outputs)
            lw_add_column_sums(gradient, batch, outputs, sums)
        } else if let inputGradient = input.batchGradient {
            MatrixProduct.multiply(
                gradient, aStride: outputs, weight + rows.lowerBound * outputs, .transposed, bStride: outputs,
                into: inputGradient + rows.lowerBound, cStride: inputs, m: batch, n: rows.count, k: outputs)
        }
    }
}

/// A range cut into blocks: by the amount of work alone, so that results do not depend on the number of threads.
struct Blocks {
    let count: Int
    private let length: Int
    private let total: Int

    /// - Parameters:
    ///   - work: multiplications a row of the batch; little work stays in one block.
    ///   - most: how many blocks at most.
    init(of total: Int, work: Int, most: Int = 8) {
        self.total = total
        let wanted = work < 16_384 ? 1 : min(most, max(1, total * most / 512))
        length = max(1, ((total + wanted - 1) / wanted + 15) / 16 * 16)
        count = max(1, (total + length - 1) / length)
    }

    subscript(block: Int) -> Range<Int> {
        min(total, block * length)..<min(total, (block + 1) * length)
    }
}
