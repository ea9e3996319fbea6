/// Axes of one place become longer, with the same everywhere: `torch.Tensor.expand`, whose size is a sample's.
public struct Expansion: IndexMapLayer {
    /// −1 leaves an axis as it is.
    public var size: [Int]

    public static let kinds = [LayerKind("expand", Expansion(size: [-1]), [.integers("size", \.size)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let extents = shapes[0].extents
        let fits = zip(extents, size).allSatisfy { $0 == $1 || $1 == -1 || ($0 == 1 && $1 > 0) }
        try expect(
            size.count == extents.count && fits, shapes[0], "a value that can be expanded to \(size)")
        return try Shape(zip(extents, size).map { $1 == -1 ? $0 : $1 })
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        input.elements(
            at: .init(
                uniqueKeysWithValues: input.extents.indices.compactMap { place in
                    let longer = input.extents[place] == 1 ? output.extents[place] : 1
                    return longer == 1 ? nil : (place, Array(repeating: 0, count: longer))
                }))
    }
}

/// A value several times beside itself: `torch.tile`.
public struct Tiling: IndexMapLayer {
    /// How many times along each axis, the last axes where they are fewer; the batch once.
    public var factors: [Int]

    public static let kinds = [LayerKind("tile", Tiling(factors: []), [.integers("dims", \.factors)])]

    /// How many times along each of a sample's axes.
    private func times(_ rank: Int) -> [Int] {
        let given = factors.suffix(rank)
        return Array(repeating: 1, count: rank - given.count) + given
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let extents = shapes[0].extents
        try expect(
            factors.count <= extents.count + 1, shapes[0],
            "a value of at least \(counted(factors.count - 1, "axis", "axes"))")
        try require(factors.allSatisfy { $0 >= 1 }, "every axis at least once")
        try require(factors.count <= extents.count || factors[0] == 1, "the batch once")
        return try Shape(zip(extents, times(extents.count)).map { $0 * $1 })
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        var places: [Int: [Int]] = [:]
        for place in input.extents.indices {
            places[place] = (0..<output.extents[place]).map { $0 % input.extents[place] }
        }
        return input.elements(at: places)
    }
}
