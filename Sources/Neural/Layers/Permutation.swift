/// The axes in another order: `torch.permute`, of which the batch stays the first.
public struct Permutation: IndexMapLayer {
    /// For each axis of the result, the batch included, the axis that it was.
    public var axes: [Int]

    public static let kinds = [LayerKind("permute", Permutation(axes: [0]), [.integers("dims", \.axes)])]

    /// For each extent of the result the one that it was.
    private func places(_ rank: Int) -> [Int] { axes.map { ($0 < 0 ? $0 + rank + 1 : $0) - 1 } }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(!axes.isEmpty, "the batch as the first axis")
        let places = places(shapes[0].extents.count)
        try expect(
            axes.count == shapes[0].extents.count + 1, shapes[0],
            "a value of \(counted(axes.count - 1, "axis", "axes"))")
        try require(places.first == -1, "the batch as the first axis")
        try require(places.sorted() == Array(-1..<places.count - 1), "each axis once")
        return try Shape(places.dropFirst().map { shapes[0].extents[$0] })
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        input.permuted(Array(places(input.extents.count).dropFirst()))
    }
}

/// Two axes that change places: `torch.transpose`.
public struct Transposition: IndexMapLayer {
    public var first: Int
    public var second: Int

    public static let kinds = [
        LayerKind("transpose", Transposition(first: 1, second: 2), [.axis("dim0", \.first), .axis("dim1", \.second)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        var extents = shapes[0].extents
        extents.swapAt(try axis(first, of: shapes[0]), try axis(second, of: shapes[0]))
        return try Shape(extents)
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        var places = Array(input.extents.indices)
        places.swapAt(place(of: first, in: input), place(of: second, in: input))
        return input.permuted(places)
    }
}
