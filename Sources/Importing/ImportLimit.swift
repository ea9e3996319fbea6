/// Bounds that readers share.
public enum ImportLimit {
    /// The numbers that all tensors of a model may have: 2 GB of them.
    public static let numbers = 1 << 29

    /// - Parameter counts: of each tensor's numbers, none of them negative.
    /// - Throws: ``ImportProblem`` where they are more than ``numbers`` together.
    public static func checkNumbers(_ counts: some Sequence<Int>) throws(ImportProblem) {
        var left = numbers
        for count in counts {
            guard count <= left else {
                throw ImportProblem(
                    .unsupported,
                    "its tensors hold more than \(numbers) numbers, larger than any model that is supported")
            }
            left -= count
        }
    }
}
