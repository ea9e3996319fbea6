/// Why layers do not make a network. Each case prints one sentence.
public enum ArchitectureError: Error, Hashable, Sendable, CustomStringConvertible {
    case badShape([Int])
    case badLayer(String, needs: String)
    case wrongInput(String, found: Shape, expected: String)
    case wrongInputCount(String, expected: ClosedRange<Int>, found: Int)
    /// More of what the text says than is supported for one sample.
    case tooMuch(String, String, most: Int)
    case unknownValue(Int)
    /// The error of the layer with this name (`decoder.3`).
    indirect case layer(String, ArchitectureError)
    case wrongOutput(String, found: Shape, expected: Shape)
    case invalid(String)

    public var description: String {
        switch self {
        case .badShape(let extents):
            extents.isEmpty
                ? "a shape needs one extent at least, and this one has none"
                : "a shape of \(Shape.text(of: extents)) is not possible"
        case .badLayer(let kind, let needs):
            "\(kind) needs \(needs)"
        case .wrongInput(let kind, let found, let expected):
            "\(kind) takes \(expected), but is given \(found)"
        case .wrongInputCount(let kind, let expected, let found):
            "\(kind) reads \(words(expected)), but is given \(found)"
        case .tooMuch(let kind, let subject, let most):
            "\(kind) would take more than \(most) \(subject) for one sample, which are the most that are supported"
        case .unknownValue(let value):
            "value \(value) is used before it is made"
        case .layer(let name, let error):
            "layer \(name): \(error)"
        case .wrongOutput(let part, let found, let expected):
            "the \(part) ends in \(found), but should end in \(expected)"
        case .invalid(let sentence):
            sentence
        }
    }

    /// How many values a layer reads.
    private func words(_ count: ClosedRange<Int>) -> String {
        let (fewest, most) = (count.lowerBound, counted(count.upperBound, "value", "values"))
        return fewest == count.upperBound ? most : "\(fewest) to \(most)"
    }
}
