import Importing

/// The operators of ONNX that can be translated, one function each.
enum OperatorTable {
    typealias Function = @Sendable (NodeCall) throws(ImportProblem) -> [TranslatedValue]

    static let functions: [String: Function] = [
        arithmetic, comparisons, activations, convolutions, products, pooling, normalizations, reductions, reshapes,
        rearrangements, paddings, resizing, lookups, passing, sums,
    ].reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
}
