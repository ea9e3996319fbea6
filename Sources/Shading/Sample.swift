/// A value of a picture at one place: a tone (`Float`) or a color (red, green, blue and how much more its luma counts, see
/// ``weighed(luma:)``).
protocol Sample: Sendable {
    static var zero: Self { get }
    /// White.
    static var one: Self { get }
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
    /// The number of components.
    static var components: Int { get }
    func component(_ index: Int) -> Float
    init(components: (Int) -> Float)
    /// The sum of the products of the components.
    func dot(_ other: Self) -> Float
    /// Sums of a line's values, in up to four weights each.
    ///
    /// - Parameters:
    ///   - count: the number of values and of weights.
    ///   - columns: the number of sums.
    static func blend(
        _ line: UnsafePointer<Self>, _ weights: UnsafePointer<SIMD4<Float>>, count: Int, columns: Int,
        into sums: UnsafeMutablePointer<Self>)
    /// Every component between 0 and 1; what is not a number becomes 0.
    var limitedToUnit: Self { get }
    /// How light it is, 0…1.
    var lightness: Float { get }
}

extension Sample {
    var squaredLength: Float { dot(self) }
    var isInUnit: Bool { (limitedToUnit - self).squaredLength == 0 }
}

extension Float: Sample {
    static var one: Float { 1 }
    static var components: Int { 1 }
    func component(_ index: Int) -> Float { self }
    init(components: (Int) -> Float) { self = components(0) }
    func dot(_ other: Float) -> Float { self * other }
    static func blend(
        _ line: UnsafePointer<Self>, _ weights: UnsafePointer<SIMD4<Float>>, count: Int, columns: Int,
        into sums: UnsafeMutablePointer<Self>
    ) {
        var sum = SIMD4<Float>.zero
        for place in 0..<count { sum += weights[place] * line[place] }
        for column in 0..<columns { sums[column] = sum[column] }
    }
    var limitedToUnit: Float { self > 0 ? (self < 1 ? self : 1) : 0 }
    var lightness: Float { self }
}

extension SIMD4: Sample where Scalar == Float {
    static var one: Self { SIMD4(1, 1, 1, 0) }
    static var components: Int { 4 }
    func component(_ index: Int) -> Float { self[index] }
    init(components: (Int) -> Float) { self.init(components(0), components(1), components(2), components(3)) }
    func dot(_ other: Self) -> Float { (self * other).sum() }
    static func blend(
        _ line: UnsafePointer<Self>, _ weights: UnsafePointer<SIMD4<Float>>, count: Int, columns: Int,
        into sums: UnsafeMutablePointer<Self>
    ) {
        for column in 0..<columns {
            var sum = Self.zero
            for place in 0..<count { sum += line[place] * weights[place][column] }
            sums[column] = sum
        }
    }
    var limitedToUnit: Self {
        replacing(with: 0, where: .!(self .> 0)).replacing(with: 1, where: self .> 1)
    }
    /// Luma (Rec. 601).
    var lightness: Float { 0.299 * x + 0.587 * y + 0.114 * z }

    /// The same color with its luma in the fourth component, so that an error in luma counts by the weight's square beside
    /// the errors in red, green and blue.
    func weighed(luma weight: Float) -> Self { SIMD4(x, y, z, weight * lightness) }
}
