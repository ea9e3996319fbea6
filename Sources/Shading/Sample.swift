/// A value of a picture at one place: a tone (`Float`) or a color (red, green, blue and an unused fourth).
protocol Sample: Sendable {
    static var zero: Self { get }
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
    /// The sum of the squares of the components.
    var squaredLength: Float { get }
    /// Every component between 0 and 1; what is not a number becomes 0.
    var limitedToUnit: Self { get }

    /// Fills `masks` with those divisions of a cell's values into two groups that may be the best one, and gives their
    /// number. Bit k of a mask says whether value k is in the second group; no division is listed twice, and both
    /// groups have members.
    static func divisions(
        of values: UnsafeMutableBufferPointer<Self>, into masks: UnsafeMutableBufferPointer<UInt8>
    ) -> Int
}

extension Float: Sample {
    var squaredLength: Float { self * self }
    var limitedToUnit: Float { self > 0 ? (self < 1 ? self : 1) : 0 }

    /// With one component the best two groups are the smallest values and the rest: n − 1 divisions of the sorted
    /// values instead of 2ⁿ⁻¹ − 1.
    static func divisions(
        of values: UnsafeMutableBufferPointer<Float>, into masks: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var rest: UInt8 = (1 << values.count) - 1
        for index in 0..<values.count - 1 {
            var smallest = -1
            for candidate in 0..<values.count where rest & (1 << candidate) != 0 {
                if smallest < 0 || values[candidate] < values[smallest] { smallest = candidate }
            }
            rest &= ~(1 << smallest)
            masks[index] = rest
        }
        return values.count - 1
    }
}

extension SIMD4: Sample where Scalar == Float {
    var squaredLength: Float { (self * self).sum() }
    var limitedToUnit: Self {
        replacing(with: 0, where: .!(self .> 0)).replacing(with: 1, where: self .> 1)
    }

    static func divisions(
        of values: UnsafeMutableBufferPointer<Self>, into masks: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let count = (1 << (values.count - 1)) - 1
        // The last value is always in the second group.
        for mask in 0..<count { masks[mask] = UInt8(mask | 1 << (values.count - 1)) }
        return count
    }
}
