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

    /// Lists those divisions of a cell's values into two groups that may be the best one; none is listed twice, and
    /// both groups have members.
    ///
    /// - Returns: the number of divisions, at most 2ⁿ⁻¹ − 1 for n values.
    static func divisions(
        of values: UnsafeMutableBufferPointer<Self>, into divisions: UnsafeMutableBufferPointer<Division<Self>>
    ) -> Int
}

/// A cell's values in two groups, told by one of them.
struct Division<Value: Sample> {
    /// Bit k says whether value k is in the group; the last value never is.
    var mask: UInt8
    /// The sum of the group's values.
    var sum: Value
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

    /// With one component the best two groups are the smallest values and the rest: n − 1 divisions of the sorted
    /// values instead of 2ⁿ⁻¹ − 1.
    static func divisions(
        of values: UnsafeMutableBufferPointer<Float>, into divisions: UnsafeMutableBufferPointer<Division<Float>>
    ) -> Int {
        let last = values.count - 1
        let all: UInt8 = (1 << values.count) - 1
        var total: Float = 0
        for value in values { total += value }
        var group = Division<Float>(mask: 0, sum: 0)
        for index in 0..<last {
            var smallest = -1
            for candidate in 0..<values.count where group.mask & (1 << candidate) == 0 {
                if smallest < 0 || values[candidate] < values[smallest] { smallest = candidate }
            }
            group.mask |= 1 << smallest
            group.sum += values[smallest]
            let holdsLast = group.mask & (1 << last) != 0
            divisions[index] = holdsLast ? Division(mask: ~group.mask & all, sum: total - group.sum) : group
        }
        return last
    }
}

extension SIMD4: Sample where Scalar == Float {
    static var one: Self { SIMD4(1, 1, 1, 0) }
    func dot(_ other: Self) -> Float { (self * other).sum() }
    var limitedToUnit: Self {
        replacing(with: 0, where: .!(self .> 0)).replacing(with: 1, where: self .> 1)
    }
    /// Luma (Rec. 601).
    var lightness: Float { 0.299 * x + 0.587 * y + 0.114 * z }

    static func divisions(
        of values: UnsafeMutableBufferPointer<Self>, into divisions: UnsafeMutableBufferPointer<Division<Self>>
    ) -> Int {
        let count = (1 << (values.count - 1)) - 1
        for mask in 1...count {
            // The same group without its first value has been summed before.
            let rest = mask & (mask - 1)
            let first = values[mask.trailingZeroBitCount]
            divisions[mask - 1] = Division(
                mask: UInt8(mask), sum: rest == 0 ? first : first + divisions[rest - 1].sum)
        }
        return count
    }
}
