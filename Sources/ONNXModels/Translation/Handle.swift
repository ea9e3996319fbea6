import Importing

/// A value of a network that is put together, as a node of ONNX's graph sees it.
///
/// A network's shapes are those of one sample, and ONNX's have the batch as an axis like any other. Translated is what
/// the graph computes of a batch of one sample: so each of its axes stays, the batch's with extent 1, wherever it is
/// moved to.
struct Handle {
    /// Its elements, row-major, lie as those of ``stored`` do; its own shape may be another.
    var value: GraphAssembly.Value
    /// As the graph's nodes see them.
    var extents: [Int]
    /// The axes of what is stored, in the order in which the nodes see them; nil where that is the same. A
    /// transposition is put off, so that one that takes another back costs nothing.
    var order: [Int]?
    /// The axis of the batch, where there is one.
    var batchAxis: Int?
    /// Whether its numbers are whole ones, in ONNX's eyes.
    var isInteger = false

    init(_ value: GraphAssembly.Value, _ extents: [Int], batchAxis: Int?, isInteger: Bool = false) {
        self.value = value
        self.extents = extents
        self.batchAxis = batchAxis
        self.isInteger = isInteger
    }

    var rank: Int { extents.count }

    /// The extents of what is stored.
    var stored: [Int] {
        guard let order else { return extents }
        var stored = extents
        for (axis, place) in order.enumerated() { stored[place] = extents[axis] }
        return stored
    }

    /// The same with its axes in another order.
    ///
    /// - Parameter axes: the result's axis i is this one's axis `axes[i]`.
    func transposed(_ axes: [Int]) -> Handle {
        var result = self
        result.extents = axes.map { extents[$0] }
        let order = axes.map { self.order?[$0] ?? $0 }
        result.order = order == Array(order.indices) ? nil : order
        result.batchAxis = batchAxis.flatMap { axes.firstIndex(of: $0) }
        return result
    }

    /// What is stored, without the order.
    var bare: Handle {
        Handle(value, stored, batchAxis: batchAxis.map { order?[$0] ?? $0 }, isInteger: isInteger)
    }

    /// What became of ``bare``, of the same shape, with this one's order.
    func dressed(_ bare: Handle) -> Handle {
        var result = self
        (result.value, result.isInteger) = (bare.value, bare.isInteger)
        return result
    }

    /// Whether elements lie where they would without the order: only axes of one place change theirs.
    var isOrderVoid: Bool {
        guard let order else { return true }
        let long = order.filter { stored[$0] != 1 }
        return long == long.sorted()
    }
}

/// What a name in ONNX's graph stands for.
enum TranslatedValue {
    case constant(ConstantTensor)
    case computed(Handle)
    /// It could not be translated; only who needs it asks why.
    case failed(ImportProblem)

    var extents: [Int]? {
        switch self {
        case .constant(let tensor): tensor.extents
        case .computed(let handle): handle.extents
        case .failed: nil
        }
    }

    /// Whether its numbers are whole ones, in ONNX's eyes.
    var isInteger: Bool {
        switch self {
        case .constant(let tensor): tensor.isInteger
        case .computed(let handle): handle.isInteger
        case .failed: false
        }
    }

    var constant: ConstantTensor? {
        guard case .constant(let tensor) = self else { return nil }
        return tensor
    }
}
