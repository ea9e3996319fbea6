/// A value of a picture at one place: a tone (`Float`) or a color (red, green, blue and an unused fourth).
protocol Sample: Sendable {
    static var zero: Self { get }
    /// White.
    static var one: Self { get }
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
    /// The sum of the products of the components.
    func dot(_ other: Self) -> Float
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
    func dot(_ other: Float) -> Float { self * other }
    var limitedToUnit: Float { self > 0 ? (self < 1 ? self : 1) : 0 }
    var lightness: Float { self }
}

extension SIMD4: Sample where Scalar == Float {
    static var one: Self { SIMD4(1, 1, 1, 0) }
    func dot(_ other: Self) -> Float { (self * other).sum() }
    var limitedToUnit: Self {
        replacing(with: 0, where: .!(self .> 0)).replacing(with: 1, where: self .> 1)
    }
    /// Luma (Rec. 601).
    var lightness: Float { 0.299 * x + 0.587 * y + 0.114 * z }
}
