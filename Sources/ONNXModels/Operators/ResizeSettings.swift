/// One axis that changes its size.
struct ResizedAxis {
    let from: Int
    let to: Int
    /// Usually the ratio of the sizes, but a graph may say another.
    let scale: Double
}

/// How ONNX resizes: where a place of the result lies in what is resized, and what it is made of.
struct ResizeSettings {
    enum Place: String {
        case halfPixel = "half_pixel"
        case pytorchHalfPixel = "pytorch_half_pixel"
        case asymmetric
        case alignCorners = "align_corners"
        case tensorFlowHalfPixel = "tf_half_pixel_for_nn"
        case symmetricHalfPixel = "half_pixel_symmetric"
    }

    enum Rounding: String {
        case preferFloor = "round_prefer_floor"
        case preferCeiling = "round_prefer_ceil"
        case floor, ceil
    }

    let mode: String
    var place = Place.halfPixel
    var rounding = Rounding.preferFloor
    var cubicSlope: Float = -0.75
    var excludesOutside = false
    var isAntialiased = false

    init(mode: String) { self.mode = mode }

    /// In floats, as other engines have it, so that what lies between two places falls to the same side.
    private func source(_ index: Int, _ axis: ResizedAxis) -> Float {
        let (index, scale) = (Float(index), Float(axis.scale))
        switch place {
        case .halfPixel: return (index + 0.5) / scale - 0.5
        case .pytorchHalfPixel: return axis.to > 1 ? (index + 0.5) / scale - 0.5 : 0
        case .asymmetric: return index / scale
        case .alignCorners: return axis.to > 1 ? index * Float(axis.from - 1) / Float(axis.to - 1) : 0
        case .tensorFlowHalfPixel: return (index + 0.5) / scale
        case .symmetricHalfPixel:
            let adjustment = Float(axis.to) / (scale * Float(axis.from))
            let offset = Float(axis.from) / 2 * (1 - adjustment)
            return offset + (index + 0.5) / scale - 0.5
        }
    }

    /// The place that each of the result takes.
    func nearest(_ axis: ResizedAxis) -> [Int] {
        (0..<axis.to).map { index in
            let place = source(index, axis)
            let rounded: Float =
                switch rounding {
                case .floor: place.rounded(.down)
                case .ceil: place.rounded(.up)
                case .preferCeiling: place.rounded(.toNearestOrAwayFromZero)
                case .preferFloor:
                    place == place.rounded(.down) + 0.5 ? place.rounded(.down) : place.rounded(.toNearestOrAwayFromZero)
                }
            return min(axis.from - 1, max(0, Int(rounded)))
        }
    }

    /// A matrix `[to, from]`: what each place of the result is the sum of.
    func weights(_ axis: ResizedAxis) -> [Float] {
        var weights = [Float](repeating: 0, count: axis.to * axis.from)
        for index in 0..<axis.to {
            let place = source(index, axis)
            let first = Int(place.rounded(.down))
            let rest = place - Float(first)
            var taps: [(place: Int, weight: Float)]
            if mode.hasSuffix("linear") {
                let inside = min(Float(axis.from - 1), max(0, place))
                let left = Int(inside)
                taps = [(left, 1 - (inside - Float(left))), (left + 1, inside - Float(left))]
            } else {
                taps = zip(first - 1...first + 2, cubic(rest)).map { ($0, $1) }
                if excludesOutside {
                    taps = taps.filter { (0..<axis.from).contains($0.place) }
                    let sum = taps.reduce(0) { $0 + $1.weight }
                    taps = taps.map { ($0.place, $0.weight / sum) }
                }
            }
            for tap in taps { weights[index * axis.from + min(axis.from - 1, max(0, tap.place))] += tap.weight }
        }
        return weights
    }

    /// Keys' kernel at the four places around.
    private func cubic(_ t: Float) -> [Float] {
        let a = cubicSlope
        func near(_ x: Float) -> Float { ((a + 2) * x - (a + 3)) * x * x + 1 }
        func far(_ x: Float) -> Float { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        return [far(t + 1), near(t), near(1 - t), far(2 - t)]
    }
}
