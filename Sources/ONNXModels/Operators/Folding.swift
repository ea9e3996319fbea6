import Importing
import Neural

extension NodeCall {
    /// Adds a layer that may take in what follows it.
    ///
    /// - Parameter crop: rows and columns that are cut off at the ends of its images.
    func addFoldable(
        _ kind: String, _ settings: [(name: String, value: Setting)], _ inputs: [GraphAssembly.Value],
        _ tensors: [String: Tensor], crop: [Int]? = nil
    ) throws(ImportProblem) -> GraphAssembly.Value {
        var value = try add(kind, list: settings, inputs, tensors)
        if let crop { value = try padded(value, [0, 0], crop.map { -$0 }) }
        translation.recent[value] = FoldableLayer(
            kind: kind, settings: settings, inputs: inputs, tensors: tensors, crop: crop)
        return value
    }

    /// The layer before a sum or product with a constant, made anew with the constant among its tensors; nil where the
    /// constant is not one number for each of the layer's outputs.
    func fold(_ kind: String, _ constant: ConstantTensor, into handle: Handle) throws(ImportProblem) -> Handle? {
        guard handle.order == nil, let layer = translation.recent[handle.value], isAsMade(handle, by: layer),
            constant.extents.count <= handle.rank, let values = channels(constant, of: layer, handle)
        else { return nil }
        var (tensors, channels) = (layer.tensors, values)
        if layer.kind == "GroupNorm" {
            guard kind == "mul" || kind == "add" else { return nil }
            let count = values.count
            let weight = tensors["weight"]?.values ?? Array(repeating: 1, count: count)
            let bias = tensors["bias"]?.values ?? Array(repeating: 0, count: count)
            let isProduct = kind == "mul"
            tensors["weight"] = Tensor(extents: [count], values: isProduct ? zip(weight, values).map(*) : weight)
            tensors["bias"] = Tensor(extents: [count], values: zip(bias, values).map(isProduct ? (*) : (+)))
        } else {
            guard kind == "add" || kind == "sub" else { return nil }
            if kind == "sub" { channels = channels.map { -$0 } }
            if let bias = tensors["bias"] { channels = zip(bias.values, channels).map(+) }
            tensors["bias"] = Tensor(extents: [channels.count], values: channels)
        }
        var result = handle
        let settings = layer.settings.map { setting in
            ["bias", "affine"].contains(setting.name) ? (name: setting.name, value: .boolean(true)) : setting
        }
        result.value = try addFoldable(layer.kind, settings, layer.inputs, tensors, crop: layer.crop)
        return result
    }

    /// Whether a value still has its layer's own shape: in another one channels are no longer where the layer has them.
    private func isAsMade(_ handle: Handle, by layer: FoldableLayer) -> Bool {
        let own = translation.assembly.shape(of: handle.value).extents
        if handle.extents == [1] + own { return true }
        if layer.kind == "Linear" { return handle.extents == own }
        return own.count == 3 && own[1] == 1 && handle.extents == [1, own[0], own[2]]
    }

    /// A constant as one number for each of a layer's outputs.
    private func channels(_ constant: ConstantTensor, of layer: FoldableLayer, _ handle: Handle) -> [Float]? {
        let axis = layer.kind == "Linear" ? handle.rank - 1 : 1
        guard handle.extents.indices.contains(axis) else { return nil }
        let count = handle.extents[axis]
        if let number = constant.scalar { return Array(repeating: number, count: count) }
        let extents = Array(repeating: 1, count: handle.rank - constant.extents.count) + constant.extents
        guard extents.indices.allSatisfy({ extents[$0] == ($0 == axis ? count : 1) }) else { return nil }
        return constant.floats
    }
}
