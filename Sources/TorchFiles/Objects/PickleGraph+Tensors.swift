import Numbers

extension PickleGraph {
    /// How deep a parameter may wrap a tensor that wraps a tensor.
    private static let deepestTensor = 8

    /// The tensor that a value is; nil for anything else.
    func tensor(_ reference: Reference, depth: Int = 0) -> FoundTensor? {
        guard depth < Self.deepestTensor, let record = record(reference), let name = callee(record) else { return nil }
        let arguments = record.arguments
        switch name {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
            return rebuilt(arguments, typed: nil)
        case "torch._utils._rebuild_tensor_v3":
            return rebuilt(arguments, typed: arguments.count > 6 ? symbol(arguments[6]) : nil)
        case "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type",
            "torch.tensor._rebuild_from_type":
            return rebuiltFromType(arguments, depth: depth)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
            "torch._utils._rebuild_device_tensor_from_cpu_tensor", "torch._utils._rebuild_device_tensor_from_numpy",
            "torch._utils._rebuild_xla_tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
            "torch.Tensor":
            return arguments.first.flatMap { tensor($0, depth: depth + 1) }
        case "torch._utils._rebuild_qtensor": return .refused("quantized")
        case "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor": return .refused("sparse")
        case "torch._utils._rebuild_nested_tensor": return .refused("nested")
        case "torch._utils._rebuild_meta_tensor_no_storage": return .refused("without numbers (on the device meta)")
        case "torch.nn.parameter.UninitializedParameter": return .refused("not initialized")
        case _ where name.hasPrefix("torch._utils._rebuild_"):
            return .refused("stored in a way that is not supported (\(name))")
        default: return array(record, name)
        }
    }

    /// Storage, offset, size, strides: what all of PyTorch's functions begin with.
    private func rebuilt(_ arguments: [Reference], typed type: String?) -> FoundTensor? {
        guard arguments.count >= 4, let offset = integer(arguments[1]), let extents = integers(arguments[2]),
            let strides = integers(arguments[3])
        else { return .refused("described in a way that is not PyTorch's") }
        guard let storage = storage(arguments[0]) else { return .refused("without a storage") }
        switch type.map(TorchTypes.meaning(ofType:)) ?? storage.meaning {
        case .numbers(let type)?:
            let (start, overflows) = offset.addingReportingOverflow(storage.offset)
            guard !overflows else { return .refused("outside of its storage") }
            return .stored(
                StoredTensor(source: storage.source, type: type, offset: start, extents: extents, strides: strides))
        case .refused(let why, _)?: return .refused(why)
        case .untyped?, nil: return .refused("of an unknown type")
        }
    }

    /// A function, the class of the result, the function's arguments.
    private func rebuiltFromType(_ arguments: [Reference], depth: Int) -> FoundTensor? {
        guard arguments.count >= 3, let function = symbol(arguments[0]), let inner = elements(arguments[2]) else {
            return nil
        }
        switch function {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": return rebuilt(inner, typed: nil)
        case "torch._utils._rebuild_tensor_v3":
            return rebuilt(inner, typed: inner.count > 6 ? symbol(inner[6]) : nil)
        default: return inner.first.flatMap { tensor($0, depth: depth + 1) }
        }
    }

    func integers(_ reference: Reference) -> [Int]? {
        guard let elements = elements(reference) else { return nil }
        let numbers = elements.compactMap(integer)
        return numbers.count == elements.count ? numbers : nil
    }

    // MARK: Storages

    struct Storage {
        let source: StoredTensor.Source
        let meaning: TorchTypes.Meaning?
        /// Of a view on it, in elements.
        let offset: Int
    }

    /// The storage that a value is.
    func storage(_ reference: Reference) -> Storage? {
        switch self[reference] {
        case .persistent(let description): return storage(describedBy: description)
        case .record(let number):
            // Python's own `pickle` keeps each storage as a stream of `torch.save`.
            let record = records[number]
            guard callee(record) == Self.embeddingFunction, let bytes = record.arguments.first,
                let storage = embedded[bytes.place]
            else { return nil }
            return Storage(source: .embedded(bytes.place), meaning: storage.meaning, offset: 0)
        default: return nil
        }
    }

    /// `('storage', class, key, location, count)`, in older files with a view behind: `(key, offset, count)`.
    func storage(describedBy description: Reference) -> Storage? {
        guard let parts = elements(description), parts.count >= 5, text(parts[0]) == "storage",
            let name = symbol(parts[1]), let key = text(parts[2]) ?? integer(parts[2]).map(String.init)
        else { return nil }
        let view = parts.count > 5 ? elements(parts[5]) : nil
        let offset = view.flatMap { $0.count > 1 ? integer($0[1]) : nil } ?? 0
        return Storage(source: .storage(key), meaning: TorchTypes.meaning(ofStorage: name), offset: offset)
    }
}
