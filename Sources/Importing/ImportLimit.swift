/// Bounds that readers share.
public enum ImportLimit {
    /// The numbers that all tensors of a model may have: 2 GB of them.
    public static let numbers = 1 << 29

    /// Takes a tensor's numbers from those that are left of ``numbers``.
    ///
    /// - Throws: ``ImportProblem`` where there are not so many.
    public static func take(_ count: Int, from left: inout Int) throws(ImportProblem) {
        guard count <= left else {
            throw ImportProblem(
                .unsupported, "its tensors hold more than \(numbers) numbers, larger than any model that is supported")
        }
        left -= count
    }
}
