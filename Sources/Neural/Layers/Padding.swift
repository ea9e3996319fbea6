/// Makes a value larger at its ends, or smaller: `torch.nn.functional.pad`.
public struct Padding: IndexMapLayer {
    public enum Mode: String, CaseIterable, Hashable, Sendable {
        case constant, reflect, replicate, circular

        /// Where along `extent` places is what stands at a place before, within or after them; −1 for nothing.
        func source(_ place: Int, _ extent: Int) -> Int {
            guard !(0..<extent).contains(place) else { return place }
            return switch self {
            case .constant: -1
            case .reflect: place < 0 ? -place : 2 * (extent - 1) - place
            case .replicate: place < 0 ? 0 : extent - 1
            case .circular: place < 0 ? place + extent : place - extent
            }
        }

        /// The most that it can add at an end.
        func most(_ extent: Int) -> Int {
            switch self {
            case .constant, .replicate: Shape.largestCount
            case .reflect: extent - 1
            case .circular: extent
            }
        }
    }

    /// From the last axis on, how much comes before it and how much after it; below 0 it is cut off.
    public var amounts: [Int]
    public var mode: Mode
    /// What stands there in the mode `constant`; nil for 0.
    public var value: Float?

    public init(_ amounts: [Int], mode: Mode = .constant, value: Float? = nil) {
        self.amounts = amounts
        self.mode = mode
        self.value = value
    }

    public static let kinds = [
        LayerKind(
            "pad", Padding([]),
            [
                .integers(
                    "pad", \.amounts, expected: "a list of pairs of whole numbers",
                    where: { $0.count.isMultiple(of: 2) }
                ),
                .choice("mode", \.mode, .constant), .number("value", \.value),
            ])
    ]

    var fill: Float { value ?? 0 }

    /// What comes before and after an extent.
    private func ends(_ place: Int, _ rank: Int) -> (before: Int, after: Int) {
        let pair = 2 * (rank - 1 - place)
        return pair + 1 < amounts.count ? (amounts[pair], amounts[pair + 1]) : (0, 0)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let extents = shapes[0].extents
        try expect(amounts.count <= 2 * extents.count, shapes[0], "a value of at least \(amounts.count / 2) axes")
        var padded: [Int] = []
        for (place, extent) in extents.enumerated() {
            let (before, after) = ends(place, extents.count)
            try expect(
                max(before, after) <= mode.most(extent), shapes[0], "a value larger than its padding")
            // What is left must not be made of the padding alone, or of nothing.
            try expect(before > -extent && after > -extent && before + after > -extent, shapes[0], "a larger value")
            padded.append(extent + before + after)
        }
        return try Shape(padded)
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        var places: [Int: [Int]] = [:]
        for (place, extent) in input.extents.enumerated() {
            let before = ends(place, input.extents.count).before
            places[place] = (0..<output.extents[place]).map { mode.source($0 - before, extent) }
        }
        return input.elements(at: places)
    }
}
