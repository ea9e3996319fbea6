import Numbers

/// The extents of one sample's value, without the batch: `[features]`, or `[channels, height, width]`.
///
/// A shape always has one to ``mostExtents`` extents, each at least 1, and at most ``Shape/largestCount`` elements.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
    /// 2²⁸ elements, 1 GiB of float32: far more than any model here, far less than would overflow.
    public static let largestCount = 1 << 28

    /// Images in windows of windows have six.
    public static let mostExtents = 6

    public let extents: [Int]
    /// The number of elements.
    public let count: Int

    /// - Throws: ``ArchitectureError/badShape(_:)`` for extents that are no shape.
    public init(_ extents: [Int]) throws(ArchitectureError) {
        guard (1...Shape.mostExtents).contains(extents.count), extents.allSatisfy({ $0 >= 1 }),
            let count = product(of: extents, atMost: Shape.largestCount)
        else { throw .badShape(extents) }
        self.extents = extents
        self.count = count
    }

    /// Channels, height and width of an image-like shape; nil for any other.
    public var image: (channels: Int, height: Int, width: Int)? {
        extents.count == 3 ? (extents[0], extents[1], extents[2]) : nil
    }

    public var description: String { Shape.text(of: extents) }

    /// Extents for people, also those that are no shape: `1×28×28`.
    public static func text(of extents: [Int]) -> String { extents.map(String.init).joined(separator: "×") }
}
