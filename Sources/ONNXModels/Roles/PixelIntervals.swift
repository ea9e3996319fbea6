import Importing
import Neural
import VAE

/// The ends between which a value must lie, by the layers that make it.
struct PixelIntervals {
    private static let deepest = 64

    let assembly: GraphAssembly

    /// The range of a decoder's pixels: what its last layers leave, or free.
    func range(of value: GraphAssembly.Value) -> PixelRange {
        guard let ends = ends(value, depth: 0) else { return .free }
        // What a sigmoid or tanh is scaled to may miss a round end by a rounding.
        let (low, high) = (PixelIntervals.tidy(ends.lowerBound), PixelIntervals.tidy(ends.upperBound))
        return low < high ? .bounded(low, high) : .free
    }

    private static func tidy(_ end: Float) -> Float {
        abs(end - end.rounded()) < 1e-4 * max(1, abs(end)) ? end.rounded() : end
    }

    private func ends(_ value: GraphAssembly.Value, depth: Int) -> ClosedRange<Float>? {
        guard depth < PixelIntervals.deepest, let operation = assembly.operation(of: value) else { return nil }
        let sources = assembly.sources(of: value)
        let step = LayerStep(assembly, value)
        func source(_ index: Int = 0) -> ClosedRange<Float>? { ends(sources[index], depth: depth + 1) }
        func mapped(_ function: (Float) -> Float) -> ClosedRange<Float>? {
            guard let ends = source() else { return nil }
            let (a, b) = (function(ends.lowerBound), function(ends.upperBound))
            return a.isFinite && b.isFinite ? min(a, b)...max(a, b) : nil
        }
        if operation.onlyReshapes { return source() }
        switch step.kind {
        case "Sigmoid", "Softmax", "Hardsigmoid", "gt", "ge", "lt", "le", "eq", "ne": return 0...1
        case "Tanh", "Softsign", "erf", "sin", "cos", "sign": return -1...1
        case "ReLU6": return 0...6
        case "clamp", "Hardtanh":
            let (least, most) = (
                step.number("min") ?? step.number("min_val"), step.number("max") ?? step.number("max_val")
            )
            if let ends = source() {
                let low = max(ends.lowerBound, least ?? -.infinity)
                let high = min(ends.upperBound, most ?? .infinity)
                return low <= high ? low...high : nil
            }
            guard let least, let most, least <= most else { return nil }
            return least...most
        case "permute", "transpose", "flip", "narrow", "slice_copy", "index_select", "expand", "tile", "MaxPool2d",
            "AvgPool2d", "AdaptiveAvgPool2d", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle":
            return source()
        case "Upsample": return step.text("mode") == "bicubic" ? nil : source()
        case "trunc", "floor", "ceil", "round":
            return mapped {
                step.kind == "floor"
                    ? $0.rounded(.down)
                    : step.kind == "ceil"
                        ? $0.rounded(.up) : step.kind == "trunc" ? $0.rounded(.towardZero) : $0.rounded()
            }
        case "neg": return mapped { -$0 }
        case "ReLU": return mapped { max(0, $0) }
        case "add", "sub", "mul", "div":
            guard let number = step.number("other") else { return combined(step.kind, sources, depth) }
            return mapped {
                step.kind == "add"
                    ? $0 + number : step.kind == "sub" ? $0 - number : step.kind == "mul" ? $0 * number : $0 / number
            }
        case "pad":
            guard let ends = source() else { return nil }
            let fill = step.text("mode") ?? "constant" == "constant" ? step.number("value") ?? 0 : ends.lowerBound
            return min(ends.lowerBound, fill)...max(ends.upperBound, fill)
        case "cat":
            var all: ClosedRange<Float>?
            for index in sources.indices {
                guard let ends = source(index) else { return nil }
                all = all.map { min($0.lowerBound, ends.lowerBound)...max($0.upperBound, ends.upperBound) } ?? ends
            }
            return all
        default: return nil
        }
    }

    private func combined(_ kind: String, _ sources: [GraphAssembly.Value], _ depth: Int) -> ClosedRange<Float>? {
        guard depth < 24, sources.count == 2, let a = ends(sources[0], depth: depth + 8),
            let b = ends(sources[1], depth: depth + 8)
        else { return nil }
        let ends: [Float]
        switch kind {
        case "add": ends = [a.lowerBound + b.lowerBound, a.upperBound + b.upperBound]
        case "sub": ends = [a.lowerBound - b.upperBound, a.upperBound - b.lowerBound]
        case "mul":
            ends = [a.lowerBound, a.upperBound].flatMap { left in [left * b.lowerBound, left * b.upperBound] }
        default: return nil
        }
        guard let low = ends.min(), let high = ends.max(), low.isFinite, high.isFinite else { return nil }
        return low...high
    }
}

/// What made a value, in the words of files.
struct LayerStep {
    let kind: String
    private let settings: [(name: String, value: Setting)]

    init(_ assembly: GraphAssembly, _ value: GraphAssembly.Value) {
        let shapes = assembly.sources(of: value).map { assembly.shape(of: $0) }
        kind = assembly.operation(of: value)?.kind(of: shapes) ?? ""
        settings = assembly.operation(of: value)?.settings(of: shapes) ?? []
    }

    private subscript(name: String) -> Setting? { settings.first { $0.name == name }?.value }

    func number(_ name: String) -> Float? {
        switch self[name] {
        case .number(let value): value
        case .integer(let value): Float(value)
        default: nil
        }
    }

    func integer(_ name: String) -> Int? {
        guard case .integer(let value) = self[name] else { return nil }
        return value
    }

    func text(_ name: String) -> String? {
        guard case .text(let value) = self[name] else { return nil }
        return value
    }
}
