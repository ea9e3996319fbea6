/// The product of unchecked sizes, such as a shape's extents and the bytes of an element.
///
/// - Parameters:
///   - sizes: multiplied in this order; none is negative.
///   - most: what neither the product nor one of fewer factors may exceed.
/// - Returns: nil where it is more.
public func product(of sizes: some Sequence<Int>, atMost most: Int = .max) -> Int? {
    var product = 1
    for size in sizes {
        let (larger, overflows) = product.multipliedReportingOverflow(by: size)
        guard !overflows, larger <= most else { return nil }
        product = larger
    }
    return product
}
