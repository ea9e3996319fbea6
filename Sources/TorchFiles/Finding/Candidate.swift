import Importing

/// Tensors under names that lie together somewhere in a pickle, and may be a model's.
struct Candidate {
    /// Where they lie, from the pickle's root: `["checkpoint", "state_dict"]`.
    var path: [String]
    var entries: [(name: String, tensor: FoundTensor)]
    /// Of a module that was pickled as a whole, or of TorchScript.
    var modules: [ModuleRecord] = []

    /// `checkpoint.state_dict`; what errors and remarks call it.
    var label: String { path.isEmpty ? "the whole file" : path.joined(separator: ".") }

    /// The number of elements of all tensors, as far as they are known.
    var elementCount: Int {
        entries.reduce(0) { sum, entry in
            guard case .stored(let tensor) = entry.tensor, let count = tensor.count else { return sum }
            let (larger, overflows) = sum.addingReportingOverflow(count)
            return overflows ? .max : larger
        }
    }

    /// Whether its names are those that optimizers keep for each parameter.
    var isOptimizers: Bool {
        let names: Set = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "square_avg", "step", "sum"]
        return entries.allSatisfy { names.contains($0.name) }
    }

    /// Whether there is a weight among them: a tensor of two axes or more.
    var hasWeights: Bool {
        entries.contains { entry in
            if case .stored(let tensor) = entry.tensor { tensor.extents.count > 1 } else { true }
        }
    }
}
