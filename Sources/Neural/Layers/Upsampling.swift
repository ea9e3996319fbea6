/// Makes images larger, or another size: `torch.nn.Upsample`.
public struct Upsampling: SeparableLayer {
    public enum Mode: String, CaseIterable, Hashable, Sendable {
        case nearest, bilinear, bicubic
    }

    /// Factors of height and width; nil where a size is given.
    public var factors: [Double]?
    public var size: Extent?
    public var mode: Mode
    /// Whether the corners' pixels keep their places, else the corners of the images do. Not for `nearest`.
    public var alignsCorners: Bool

    public init(_ factor: Extent) {
        factors = [Double(factor.height), Double(factor.width)]
        mode = .nearest
        alignsCorners = false
    }

    public static let kinds = [
        LayerKind(
            "Upsample", Upsampling(Extent(1)),
            [
                sizeKeyword,
                factorKeyword,
                .choice("mode", \.mode, .nearest),
                Keyword(
                    "align_corners", \.alignsCorners, Setting.none, expected: "true, false or null",
                    write: { $0 ? .boolean(true) : .none }, read: { $0 == .none ? false : $0.boolean }
                ).unwrittenDefault,
                .only("recompute_scale_factor", .none),
            ])
    ]

    private static let sizeKeyword: Keyword<Upsampling> = .extent("size", \.size).unwrittenDefault

    private static let factorKeyword = Keyword<Upsampling>(
        "scale_factor", \.factors, expected: "a number above 0, or a list of two (height, width)",
        write: { factors in
            if factors[0] == factors[1] { return Setting(wholeIfPossible: Float(factors[0])) }
            let whole = factors.compactMap { Int(exactly: $0) }
            return whole.count == 2 ? .integers(whole) : .numbers(factors.map { Float($0) })
        },
        read: { setting in
            if let both = setting.float, both > 0 {
                let factor = Upsampling.factor(written: both)
                return [factor, factor]
            }
            let list: [Float]? =
                switch setting {
                case .integers(let list): list.map { Float($0) }
                case .numbers(let list): list
                default: nil
                }
            guard let list, list.count == 2, list.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
            return list.map(Upsampling.factor)
        }
    ).unwrittenDefault

    /// The number that was written where a file's has been rounded to float32: sizes are whole numbers just below which,
    /// or just above, a rounded factor's product would be.
    ///
    /// That is a decimal of few digits, else a ratio of small sizes, as exporters write them.
    static func factor(written number: Float) -> Double {
        let text = "\(number)"
        let decimal = Double(text) ?? Double(number)
        guard text.count(where: \.isNumber) > 6 else { return decimal }
        for divisor in stride(from: 3.0, through: 64, by: 1) {
            let ratio = (Double(number) * divisor).rounded() / divisor
            if Float(ratio) == number { return ratio }
        }
        return decimal
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0])
        try require((factors == nil) != (size == nil), "either a size or a scale factor")
        try require(mode != .nearest || !alignsCorners, "a mode other than nearest to align corners")
        let (height, width) = try (side(image.height, 0, size?.height), side(image.width, 1, size?.width))
        try require(height >= 1 && width >= 1, "a result of at least one pixel")
        return try Shape([image.channels, height, width])
    }

    private func side(_ length: Int, _ index: Int, _ given: Int?) throws(ArchitectureError) -> Int {
        if let given { return given }
        let scaled = (Double(length) * (factors?[index] ?? 1)).rounded(.down)
        try require(scaled <= Double(Shape.largestCount), "a scale factor that is not so large")
        return Int(scaled)
    }

    /// Whole factors of nearest-neighbor up-sampling; nil for any other.
    public var wholeFactor: Extent? {
        guard mode == .nearest, size == nil, let factors, let height = Int(exactly: factors[0]),
            let width = Int(exactly: factors[1])
        else { return nil }
        return Extent(height, width)
    }

    // MARK: Execution

    var readsImages: Bool { true }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        if let factor = wholeFactor {
            return lowering.appendUpsampling(node, factor: factor)
        }
        lowering.appendSeparable(node, self)
    }

    func taps(of image: Shape, to output: Shape) -> (rows: [[Tap]], columns: [[Tap]]) {
        (
            taps(image.extents[1], output.extents[1], factors?[0]),
            taps(image.extents[2], output.extents[2], factors?[1])
        )
    }

    /// The source pixels of each target pixel along one side, with their weights, as `torch.nn.functional.interpolate`
    /// takes them: with a given factor its inverse is the step, else the ratio of the sizes. Sides that keep their length
    /// are copied whatever the factor, and nearest ones that double are, but bicubic ones are not.
    private func taps(_ from: Int, _ to: Int, _ factor: Double?) -> [[Tap]] {
        if mode != .bicubic, from == to { return (0..<to).map { [Tap(place: $0, weight: 1)] } }
        if mode == .nearest, to == 2 * from { return (0..<to).map { [Tap(place: $0 / 2, weight: 1)] } }
        let step: Float
        if alignsCorners {
            step = to > 1 ? Float(from - 1) / Float(to - 1) : 0
        } else {
            step = factor.map { Float(1 / $0) } ?? Float(from) / Float(to)
        }
        return (0..<to).map { index in
            switch mode {
            case .nearest:
                return [Tap(place: min(from - 1, Int(Float(index) * step)), weight: 1)]
            case .bilinear:
                let place = alignsCorners ? Float(index) * step : max(0, (Float(index) + 0.5) * step - 0.5)
                let low = min(from - 1, Int(place))
                let share = place - Float(low)
                let high = min(from - 1, low + 1)
                return [Tap(place: low, weight: 1 - share), Tap(place: high, weight: share)]
            case .bicubic:
                let place = alignsCorners ? Float(index) * step : (Float(index) + 0.5) * step - 0.5
                let low = place.rounded(.down)
                return Upsampling.cubic(place - low).enumerated().map { offset, weight in
                    Tap(place: min(from - 1, max(0, Int(low) - 1 + offset)), weight: weight)
                }
            }
        }
    }

    /// The four weights of cubic convolution with a = −0.75 (Keys 1981), as PyTorch has them.
    private static func cubic(_ t: Float) -> [Float] {
        let a: Float = -0.75
        func near(_ x: Float) -> Float { ((a + 2) * x - (a + 3)) * x * x + 1 }
        func far(_ x: Float) -> Float { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        return [far(t + 1), near(t), near(1 - t), far(2 - t)]
    }
}

extension Setting {
    /// A whole number where the number is one.
    init(wholeIfPossible number: Float) {
        self = Int(exactly: number).map(Setting.integer) ?? .number(number)
    }
}
