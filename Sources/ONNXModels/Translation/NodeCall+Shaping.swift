import Importing
import Neural

/// How values of ONNX's graph, with the batch among their axes, lie in a network, whose shapes are those of one sample.
extension NodeCall {
    /// A value of the network for one operation: without the first axis where that has one place and nobody touches it.
    struct View {
        let value: GraphAssembly.Value
        let extents: [Int]
        /// What is added to an axis of ONNX's to get the network's, which counts its own batch as 0.
        let shift: Int

        func axis(_ axis: Int) -> Int { axis + shift }
    }

    /// The extents of a value in the network.
    func fewAxes(_ extents: [Int]) throws(ImportProblem) -> [Int] {
        guard extents.count > 1, extents[0] == 1 else { return try checked(extents.isEmpty ? [1] : extents) }
        return try checked(Array(extents.dropFirst()))
    }

    private func checked(_ extents: [Int]) throws(ImportProblem) -> [Int] {
        do { return try Shape(extents).extents } catch {
            throw unsupported("a value of \(extents.text) is not supported")
        }
    }

    /// - Parameter axes: ONNX's axes that the operation does something with.
    func view(_ handle: Handle, touching axes: [Int] = []) throws(ImportProblem) -> View {
        let handle = try settle(handle)
        let isShort = handle.rank > 1 && handle.extents[0] == 1 && !axes.contains(0)
        let extents = isShort ? Array(handle.extents.dropFirst()) : handle.extents.isEmpty ? [1] : handle.extents
        return View(value: try shaped(handle.value, extents), extents: extents, shift: isShort ? 0 : 1)
    }

    /// A value with these extents for a sample.
    func shaped(_ value: GraphAssembly.Value, _ extents: [Int]) throws(ImportProblem) -> GraphAssembly.Value {
        let source = translation.assembly.unreshaped(value) { $0.extents == extents }
        if translation.assembly.shape(of: source).extents == extents { return source }
        return try add("reshape", ["shape": .integers(try checked(extents))], [source])
    }

    /// The value with its elements where the nodes see them.
    func settle(_ handle: Handle) throws(ImportProblem) -> Handle {
        guard let order = handle.order else { return handle }
        var result = handle
        result.order = nil
        guard !handle.isOrderVoid else { return result }
        let stored = handle.stored
        let isShort = order[0] == 0 && stored[0] == 1
        let (extents, axes) = isShort ? (Array(stored.dropFirst()), order.dropFirst().map { $0 - 1 }) : (stored, order)
        // Axes of one place need not be moved, and a network has room for few axes.
        let long = extents.indices.filter { extents[$0] != 1 }
        let places = axes.filter { extents[$0] != 1 }.compactMap { long.firstIndex(of: $0) }
        let source = try shaped(handle.value, long.map { extents[$0] })
        result.value = try add("permute", ["dims": .integers([0] + places.map { $0 + 1 })], [source])
        return result
    }

    /// An operation on a value, which keeps its shape and knows no places.
    func elementwise(
        _ kind: String, _ settings: KeyValuePairs<String, Setting>, _ handle: Handle
    ) throws(ImportProblem) -> Handle {
        var result = handle
        result.value = try add(kind, settings, [handle.value])
        return result
    }

    func elementwise(_ kind: String, _ handle: Handle) throws(ImportProblem) -> Handle {
        try elementwise(kind, [:], handle)
    }

    /// What an operation made of a view, as a value of ONNX's graph.
    func result(_ value: GraphAssembly.Value, _ extents: [Int], like handle: Handle) -> Handle {
        Handle(value, extents, batchAxis: handle.batchAxis, isInteger: handle.isInteger)
    }

    // MARK: A batch that the file has frozen

    /// The size of the batch that the graph was made for, where that is more than one.
    var frozenBatch: Int? { translation.frozenBatch }

    /// Refuses an operation along the batch's axis, which would mix samples.
    func refuseMixing(_ handle: Handle, _ axes: [Int]) throws(ImportProblem) {
        if let frozenBatch, let batch = handle.batchAxis, axes.contains(batch) {
            throw unsupported(
                "it mixes the \(frozenBatch) samples of the batch that the file was made for; export it with a batch of 1"
            )
        }
    }

    /// A shape that the graph has for its own batch, for one sample.
    func freed(_ extents: [Int], batchAxis: Int?) -> [Int] {
        guard let frozenBatch, let batchAxis, extents.indices.contains(batchAxis), extents[batchAxis] == frozenBatch
        else { return extents }
        var extents = extents
        extents[batchAxis] = 1
        return extents
    }

    /// A constant that has a value for each sample of the batch, for one sample.
    func freed(_ tensor: ConstantTensor, axis: Int?) throws(ImportProblem) -> ConstantTensor {
        guard let frozenBatch, let axis, tensor.extents.indices.contains(axis), tensor.extents[axis] == frozenBatch
        else { return tensor }
        var extents = tensor.extents
        extents[axis] = 1
        let first = tensor.gathered(extents, Strided(extents, rowMajorStrides(tensor.extents)).places)
        guard try expanded(first, to: tensor.extents).floats == tensor.floats else {
            throw unsupported(
                "its constants differ between the \(frozenBatch) samples of a batch, which is not supported")
        }
        return first
    }
}
