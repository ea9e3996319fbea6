import CKernels

/// A row of a table for each index: `torch.nn.Embedding`.
///
/// An index is a number of the input, rounded toward 0; one that the table doesn't have stands for its nearest row.
public struct Embedding: KernelLayer {
    public var count: Int
    public var width: Int
    /// The row that training leaves as it is; may count from the end.
    public var padding: Int?

    public init(count: Int, width: Int) {
        self.count = count
        self.width = width
    }

    public static let kinds = [
        LayerKind(
            "Embedding", Embedding(count: 0, width: 0),
            [
                .integer("num_embeddings", \.count), .integer("embedding_dim", \.width),
                Keyword.optionalInteger("padding_idx", \.padding).unwrittenDefault, .only("max_norm", .none),
                .only("norm_type", .number(2), .integer(2)), .only("scale_grad_by_freq", .boolean(false)),
                .only("sparse", .boolean(false)),
            ])
    ]

    public var parameters: [ParameterDeclaration] {
        [ParameterDeclaration(name: "weight", extents: [count, width], role: .weight)]
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(count >= 1 && width >= 1, "a table of at least one row and column")
        try require(padding.map { (-count..<count).contains($0) } ?? true, "a padding_idx among its rows")
        // The table must not be larger than a value may be.
        _ = try Shape([count, width])
        return try Shape(shapes[0].extents + [width])
    }

    // MARK: Execution

    var orderRule: OrderRule { .plain }

    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization { .normal }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        EmbeddingKernel(
            places: inputs[0].count, rows: count, width: width, padding: padding.map { $0 < 0 ? $0 + count : $0 })
    }
}

/// Which of some numbered things a number stands for.
private func index(_ number: Float, of count: Int) -> Int {
    number > 0 ? min(count - 1, Int(min(number, Float(Shape.largestCount)))) : 0
}

private struct EmbeddingKernel: SampleKernel {
    let places: Int
    let rows: Int
    let width: Int
    let padding: Int?

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        for place in 0..<places {
            let row = aid.parameters[0] + index(x[0][place], of: rows) * width
            (y + place * width).update(from: row, count: width)
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        (y + places * width).update(repeating: 0, count: directions * places * width)
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        for place in 0..<places {
            let row = index(x[0][place], of: rows)
            if row != padding { lw_add(dy + place * width, aid.gradients[0] + row * width, width) }
        }
        dx[0]?.update(repeating: 0, count: places)
    }
}

/// 1 at an index's place, 0 elsewhere: `torch.nn.functional.one_hot`.
public struct OneHot: KernelLayer {
    public var classes: Int

    public init(classes: Int) { self.classes = classes }

    public static let kinds = [LayerKind("one_hot", OneHot(classes: 1), [.integer("num_classes", \.classes)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(classes >= 1, "at least one class")
        return try Shape(shapes[0].extents + [classes])
    }

    // MARK: Execution

    var orderRule: OrderRule { .plain }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        OneHotKernel(places: inputs[0].count, classes: classes)
    }
}

private struct OneHotKernel: SampleKernel {
    let places: Int
    let classes: Int

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        y.update(repeating: 0, count: places * classes)
        for place in 0..<places { y[place * classes + index(x[0][place], of: classes)] = 1 }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        (y + places * classes).update(repeating: 0, count: directions * places * classes)
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        dx[0]?.update(repeating: 0, count: places)
    }
}
