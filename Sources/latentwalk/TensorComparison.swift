import Files
import JSON
import Neural
import VAE

/// How the tensors of two models differ. Those of equal networks are paired in their order, whatever they are called; others
/// by their names.
struct TensorComparison {
    /// Two tensors of one shape that are not equal.
    struct Difference {
        let first: String
        let second: String
        let extents: [Int]
        /// The largest difference of two numbers; infinite where one is not finite.
        let largest: Double
        /// The root of the mean square of the differences.
        let root: Double
        /// The same as a share of the first tensor's own.
        let relative: Double

        var name: String { first == second ? first : "\(first), \(second)" }
    }

    private(set) var onlyFirst: [String] = []
    private(set) var onlySecond: [String] = []
    private(set) var otherShapes: [(first: String, second: String, from: [Int], to: [Int])] = []
    private(set) var differences: [Difference] = []
    private(set) var equal = 0
    /// Pairs of other names.
    private(set) var renamed = 0

    init(_ first: Model, _ second: Model, _ parts: [PartComparison]) {
        let (left, right) = (first.architecture, second.architecture)
        compare(
            left.encoder?.parameters ?? [], right.encoder?.parameters ?? [],
            inOrder: parts.first { $0.name == "encoder" }?.isSame == true, first, second)
        compare(
            left.decoder.parameters, right.decoder.parameters,
            inOrder: parts.first { $0.name == "decoder" }?.isSame == true, first, second)
        compare(left.ownParameters, right.ownParameters, inOrder: false, first, second)
    }

    var isSame: Bool { onlyFirst.isEmpty && onlySecond.isEmpty && otherShapes.isEmpty && differences.isEmpty }

    private mutating func compare(
        _ left: [ParameterDeclaration], _ right: [ParameterDeclaration], inOrder: Bool, _ first: Model, _ second: Model
    ) {
        let names = right.map(\.name)
        let partners = inOrder ? names.map(Optional.some) : left.map { names.contains($0.name) ? $0.name : nil }
        onlySecond += names.filter { !partners.contains($0) }
        for (name, partner) in zip(left.map(\.name), partners) {
            guard let partner, let a = first.tensors[name], let b = second.tensors[partner] else {
                onlyFirst.append(name)
                continue
            }
            if name != partner { renamed += 1 }
            guard a.extents == b.extents else {
                otherShapes.append((name, partner, a.extents, b.extents))
                continue
            }
            if let difference = Difference(name, a, partner, b) {
                differences.append(difference)
            } else {
                equal += 1
            }
        }
    }

    // MARK: Text

    var lines: [String] {
        var lines: [String] = []
        if equal > 0 { lines.append("\(counted(equal, "tensor")) equal, number by number") }
        if renamed > 0 {
            lines.append("\(counted(renamed, "tensor")) under other names, and compared in the order of their layers")
        }
        if !onlyFirst.isEmpty { lines.append("in A alone: \(onlyFirst.joined(separator: ", ").printable)") }
        if !onlySecond.isEmpty { lines.append("in B alone: \(onlySecond.joined(separator: ", ").printable)") }
        for pair in otherShapes {
            lines.append(
                "\(pair.first.printable) is \(Shape.text(of: pair.from)) in A, and \(Shape.text(of: pair.to)) in B")
        }
        return lines + differenceTable
    }

    private var differenceTable: [String] {
        guard !differences.isEmpty else { return [] }
        var table = TextTable([.left, .left, .right, .right, .right])
        table.add(["tensor", "shape", "largest difference", "RMS", "relative"])
        for difference in differences {
            table.add([
                difference.name.printable, Shape.text(of: difference.extents), brief(difference.largest),
                brief(difference.root), brief(difference.relative),
            ])
        }
        return table.lines
    }

    // MARK: JSON

    var json: JSONValue {
        .object([
            "equal": .integer(equal), "renamed": .integer(renamed),
            "only_a": .array(onlyFirst.map(JSONValue.string)), "only_b": .array(onlySecond.map(JSONValue.string)),
            "other_shapes": .array(
                otherShapes.map { pair in
                    .object([
                        "a": .string(pair.first), "b": .string(pair.second),
                        "shape_a": .array(pair.from.map(JSONValue.integer)),
                        "shape_b": .array(pair.to.map(JSONValue.integer)),
                    ])
                }),
            "different": .array(
                differences.map { difference in
                    .object([
                        "a": .string(difference.first), "b": .string(difference.second),
                        "shape": .array(difference.extents.map(JSONValue.integer)),
                        "largest": finite(difference.largest), "rms": finite(difference.root),
                        "relative": finite(difference.relative),
                    ])
                }),
        ])
    }
}

extension Architecture {
    /// The tensors that belong to neither network: the likelihood's.
    fileprivate var ownParameters: [ParameterDeclaration] {
        Array(parameters.dropFirst((encoder?.parameters.count ?? 0) + decoder.parameters.count))
    }
}

extension TensorComparison.Difference {
    /// - Returns: nil where all numbers are equal.
    fileprivate init?(_ first: String, _ a: Tensor, _ second: String, _ b: Tensor) {
        var (largest, squares, own) = (0.0, 0.0, 0.0)
        var isEqual = true
        for (left, right) in zip(a.values, b.values) where left.bitPattern != right.bitPattern {
            // Zeros of either sign, and the various values that are no numbers, are equal.
            guard left != right, !(left.isNaN && right.isNaN) else { continue }
            isEqual = false
            let difference = abs(Double(left) - Double(right))
            largest = difference.isFinite ? max(largest, difference) : .infinity
            squares += difference * difference
        }
        guard !isEqual else { return nil }
        for value in a.values { own += Double(value) * Double(value) }
        let root = (squares / Double(a.values.count)).squareRoot()
        self.init(
            first: first, second: second, extents: a.extents, largest: largest,
            root: root.isFinite ? root : .infinity,
            relative: own > 0 && squares.isFinite && own.isFinite ? (squares / own).squareRoot() : .infinity)
    }
}

/// A number in few letters: `0.0312`, `1.2e-07`.
func brief(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "not finite" }
    return abs(value) >= 0.001 && abs(value) < 10000 ? fixed(value, 4) : scientific(value)
}

private func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (value, 0)
    while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return "\(fixed(mantissa, 1))e\(exponent)"
}

/// JSON has no infinity.
func finite(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
