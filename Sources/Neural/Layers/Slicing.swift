/// A part of a value along an axis: `torch.narrow`.
public struct Narrow: IndexMapLayer {
    public var axis: Int
    /// May count from the end.
    public var start: Int
    public var length: Int

    public static let kinds = [
        LayerKind(
            "narrow", Narrow(axis: 1, start: 0, length: 1),
            [.axis("dim", \.axis), .axis("start", \.start), .integer("length", \.length)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let place = try axis(axis, of: shapes[0])
        try require(length >= 1, "a length of at least 1")
        try require(start >= 0 || length <= -start, "a start at least as far from the end as its length")
        let least = start < 0 ? -start : start + length
        try expect(
            shapes[0].extents[place] >= least, shapes[0], "a value of at least \(least) along axis \(axis)")
        return try shapes[0].replacing(place, by: length)
    }

    private func first(_ extent: Int) -> Int { start < 0 ? start + extent : start }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let place = place(of: axis, in: input)
        let first = first(input.extents[place])
        return input.elements(at: [place: Array(first..<first + length)])
    }
}

/// Every `step`th of a value's places along an axis, as Python's `x[start:end:step]` takes them: `torch.slice_copy`.
public struct Slice: IndexMapLayer {
    public var axis: Int
    /// They may count from the end; nil for the beginning and the end.
    public var start: Int?
    public var end: Int?
    public var step: Int

    public static let kinds = [
        LayerKind(
            "slice_copy", Slice(axis: 1, step: 1),
            [
                .axis("dim", \.axis, 0), .optionalInteger("start", \.start), .optionalInteger("end", \.end),
                .integer("step", \.step, 1),
            ])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(step >= 1, "a step of at least 1")
        let place = try axis(axis, of: shapes[0])
        let count = places(shapes[0].extents[place]).count
        try expect(count > 0, shapes[0], "a value that has something between its start and its end")
        return try shapes[0].replacing(place, by: count)
    }

    private func places(_ extent: Int) -> [Int] {
        func bound(_ place: Int?, _ standard: Int) -> Int {
            guard let place else { return standard }
            return min(extent, max(0, place < 0 ? place + extent : place))
        }
        return Array(stride(from: bound(start, 0), to: bound(end, extent), by: step))
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let place = place(of: axis, in: input)
        return input.elements(at: [place: places(input.extents[place])])
    }
}

/// Chosen places along an axis, some perhaps more than once: `torch.index_select`, whose index is a list here.
public struct IndexSelection: IndexMapLayer {
    public var axis: Int
    public var index: [Int]

    public static let kinds = [
        LayerKind(
            "index_select", IndexSelection(axis: 1, index: []),
            [
                .axis("dim", \.axis),
                .integers("index", \.index, expected: "whole numbers from 0", where: { $0.allSatisfy { $0 >= 0 } }),
            ])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let place = try axis(axis, of: shapes[0])
        try expect(
            index.allSatisfy { $0 < shapes[0].extents[place] }, shapes[0],
            "a value of more than \(index.max() ?? 0) along axis \(axis)")
        return try shapes[0].replacing(place, by: index.count)
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        input.elements(at: [place(of: axis, in: input): index])
    }
}

/// The places along some axes in the opposite order: `torch.flip`.
public struct Flip: IndexMapLayer {
    public var axes: [Int]

    public static let kinds = [LayerKind("flip", Flip(axes: []), [.integers("dims", \.axes)])]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        _ = try differentAxes(axes, of: shapes[0])
        return shapes[0]
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let places = axes.map { place(of: $0, in: input) }
        return input.elements(
            at: Dictionary(uniqueKeysWithValues: places.map { ($0, Array((0..<input.extents[$0]).reversed())) }))
    }
}
