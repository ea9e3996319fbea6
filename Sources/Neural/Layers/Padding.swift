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

    /// From the last axis on, how much comes before it and how much after it; below 0 it is cut off. Modes other than
    /// `constant` need as many pairs as PyTorch asks for, of which some may be zeros.
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
    var fills: Bool { mode == .constant && amounts.contains { $0 > 0 } }

    /// Whether it does nothing but cut the last rows and columns off images.
    fileprivate var cutsImagesEnds: Bool {
        amounts.enumerated().allSatisfy { index, amount in
            index < 4 && !index.isMultiple(of: 2) ? amount <= 0 : amount == 0
        }
    }

    /// What comes before and after an extent.
    private func ends(_ place: Int, _ rank: Int) -> (before: Int, after: Int) {
        let pair = 2 * (rank - 1 - place)
        return pair + 1 < amounts.count ? (amounts[pair], amounts[pair + 1]) : (0, 0)
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let extents = shapes[0].extents
        try checkPairs(extents.count, shapes[0])
        var padded: [Int] = []
        for (place, extent) in extents.enumerated() {
            let (before, after) = ends(place, extents.count)
            try expect(
                max(before, after) <= mode.most(extent), shapes[0], "a value larger than its padding")
            // What wraps around what is cut off means nothing certain: PyTorch gives garbage, or an error.
            try require(
                mode != .circular || min(before, after) >= 0 || max(before, after) <= 0,
                "both ends of an axis padded, or both cut off, in the mode circular")
            // What is left must not be made of the padding alone, or of nothing.
            try expect(before > -extent && after > -extent && before + after > -extent, shapes[0], "a larger value")
            padded.append(extent + before + after)
        }
        return try Shape(padded)
    }

    /// PyTorch's rule: the mode `constant` takes pairs for any of the last axes; the others take one for each axis but
    /// the first, or for each, three at most. A pair of zeros leaves its axis alone, so that nothing is out of reach.
    private func checkPairs(_ rank: Int, _ shape: Shape) throws(ArchitectureError) {
        let pairs = amounts.count / 2
        guard mode != .constant else {
            return try expect(pairs <= rank, shape, "a value of at least \(counted(pairs, "axis", "axes"))")
        }
        try require(value ?? 0 == 0, "no value in the mode \(mode.rawValue)")
        let possible = [rank - 1, rank].filter { (1...3).contains($0) }
        guard let most = possible.last else {
            throw .wrongInput(name, found: shape, expected: "a value of at most 4 axes in the mode \(mode.rawValue)")
        }
        let counts = possible.count == 1 ? "\(most)" : "\(possible[0]) or \(most)"
        try require(
            possible.contains(pairs),
            "\(counts) \(most == 1 ? "pair" : "pairs") of numbers to pad \(shape) in the mode \(mode.rawValue), zeros for an "
                + "axis that stays as it is, and has \(pairs)")
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

extension Operation {
    /// Whether it does nothing but cut the last rows and columns off images, as strided transposed convolutions of other
    /// frameworks need.
    public var cutsImagesEnds: Bool {
        let sides = [2, 3, -2, -1]
        if let layer = self.as(Padding.self) { return layer.cutsImagesEnds }
        if let layer = self.as(Narrow.self) { return sides.contains(layer.axis) && layer.start == 0 }
        if let layer = self.as(Slice.self) {
            return sides.contains(layer.axis) && layer.start ?? 0 == 0 && layer.step == 1
        }
        return false
    }
}
