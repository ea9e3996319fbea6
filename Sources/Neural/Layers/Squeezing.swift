/// Leaves out axes of one place: `torch.squeeze`, which leaves longer ones as they are.
public struct Squeezing: ReshapingLayer {
    public var axes: [Int]

    init(_ axes: [Int]) { self.axes = axes }

    public static let kinds = [
        LayerKind("squeeze", Squeezing([1]), [.oneOrMore("dim", \.axes, isBareAlone: true)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        var places: Set<Int> = []
        for axis in axes { places.insert(try self.axis(axis, of: shapes[0])) }
        let left = shapes[0].extents.enumerated().filter { !places.contains($0.offset) || $0.element != 1 }
        try expect(!left.isEmpty, shapes[0], "a value of which an axis is left")
        return try Shape(left.map(\.element))
    }
}

/// Puts an axis of one place before another, or after the last: `torch.unsqueeze`.
public struct Unsqueezing: ReshapingLayer {
    public var axis: Int

    init(_ axis: Int) { self.axis = axis }

    public static let kinds = [LayerKind("unsqueeze", Unsqueezing(1), [.axis("dim", \.axis)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        var extents = shapes[0].extents
        extents.insert(1, at: try newAxis(axis, in: shapes[0]))
        return try Shape(extents)
    }
}

extension Layer {
    /// Where a new axis comes among a sample's extents, from PyTorch's number of it in the result.
    func newAxis(_ axis: Int, in shape: Shape) throws(ArchitectureError) -> Int {
        let place = axis < 0 ? axis + shape.extents.count + 1 : axis - 1
        guard axis != 0, (0...shape.extents.count).contains(place) else {
            throw .wrongInput(name, found: shape, expected: "a value that can have a new axis \(axis)")
        }
        return place
    }
}
