import CKernels

/// One number for all along some axes: `torch.mean`, `sum`, `amax`, `amin`, `var`.
public struct Reduction: KernelLayer {
    enum Function: String, CaseIterable, Hashable, Sendable {
        case mean, sum, amax, amin
        case variance = "var"
    }

    let function: Function
    /// PyTorch's: the batch is 0, and negative ones count from the end.
    public internal(set) var axes: [Int]
    /// Whether what is reduced stays as an axis of extent 1.
    public internal(set) var keepsAxes = false
    /// What a variance's divisor is smaller by than the number of values.
    public internal(set) var correction = 1

    public static let kinds = Function.allCases.map { function in
        let rest: [Keyword<Reduction>] =
            switch function {
            case .mean, .sum: [.only("dtype", .none)]
            case .amax, .amin: []
            case .variance: [.integer("correction", \.correction, 1).unwrittenDefault, unbiased]
            }
        return LayerKind(
            function.rawValue, Reduction(function: function, axes: []),
            [.oneOrMore("dim", \.axes), .flag("keepdim", \.keepsAxes, false)] + rest)
    }

    /// The older word for a correction of 1 or 0.
    private static let unbiased = Keyword<Reduction>(
        name: "unbiased", expected: "true or false", standard: Setting.none, supported: [], get: nil,
        set: { layer, setting in
            guard setting != .none else { return true }
            guard let value = setting.boolean else { return false }
            layer.correction = value ? 1 : 0
            return true
        })

    public func kind(of inputs: [Shape]) -> String { function.rawValue }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let places = try differentAxes(axes, of: shapes[0])
        try require(!places.isEmpty, "at least one axis")
        let extents = shapes[0].extents.indices.compactMap { place in
            places.contains(place) ? (keepsAxes ? 1 : nil) : shapes[0].extents[place]
        }
        try require(!extents.isEmpty, "keepdim where no axis but the batch's would be left")
        let shape = try Shape(extents)
        try require(
            function != .variance || shapes[0].count / shape.count > correction,
            "more than \(counted(correction, "number", "numbers")) for a variance")
        return shape
    }

    var orderRule: OrderRule { .inputs }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let input = inputs[0]
        let rank = input.extents.count
        let reduced = Set(axes.map { place(of: $0, among: rank) })
        let strides = rowMajorStrides(output.extents)
        // For each axis as it lies the distance between its steps' results.
        var steps = [Int](repeating: 0, count: rank)
        let kept = (0..<rank).filter { !reduced.contains($0) }
        for (index, axis) in kept.enumerated() {
            steps[input.places[axis]] = strides[output.places[keepsAxes ? axis : index]]
        }
        return ReductionKernel(
            function: function, loops: BroadcastLoops(output: input.extents, steps: [steps]),
            outputCount: output.count, correction: correction)
    }
}
