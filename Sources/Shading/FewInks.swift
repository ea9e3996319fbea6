/// So few colors that each pair of them may be tried, at most sixteen.
final class FewInks<Value: Sample>: Sendable {
    let values: [Value]
    // Four of the values at a time.
    /// `[components, fours]`
    private let components: [SIMD4<Float>]
    /// Infinite where there is no value: a pair with it is no good.
    private let squares: [SIMD4<Float>]
    /// For each value its products with all, `[values, fours]`.
    private let products: [SIMD4<Float>]

    static var largestCount: Int { 16 }

    private let fours: Int

    /// - Parameter values: ``largestCount`` of them at most.
    init(_ values: [Value]) {
        self.values = values
        func inFours(_ rest: Float, _ number: (Value) -> Float) -> [SIMD4<Float>] {
            stride(from: 0, to: values.count, by: 4).map { first in
                var four = SIMD4<Float>(repeating: rest)
                for index in first..<min(first + 4, values.count) { four[index - first] = number(values[index]) }
                return four
            }
        }
        components = (0..<Value.components).flatMap { component in inFours(0) { $0.component(component) } }
        squares = inFours(.infinity) { $0.squaredLength }
        fours = squares.count
        products = values.flatMap { value in inFours(0) { $0.dot(value) } }
    }

    /// The foreground and background with which a glyph's error is the least.
    ///
    /// - Parameters:
    ///   - inked: what is wanted, summed over the glyph's ink.
    ///   - paper: the same over what the ink leaves.
    /// - Returns: nil where no pair's error is below the limit.
    func best(
        _ glyph: GlyphSet.Weights, _ inked: Value, _ paper: Value, below limit: Float
    ) -> (foreground: Value, background: Value)? {
        // A size that the compiler knows takes the memory from the stack.
        withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: 8) { room in
            let (foregrounds, backgrounds) = (room.baseAddress!, room.baseAddress! + 4)
            for four in 0..<fours {
                foregrounds[four] = squares[four] * glyph.inkSquares - dots(four, inked) * 2
                backgrounds[four] = squares[four] * glyph.paperSquares - dots(four, paper) * 2
            }
            let both = 2 * glyph.products
            var least = SIMD4<Float>(repeating: limit)
            var best = SIMD4<Int32>(repeating: -1)
            for index in values.indices {
                let foreground = foregrounds[index / 4][index % 4]
                for four in 0..<fours {
                    let errors = backgrounds[four] + products[index * fours + four] * both + foreground
                    let isBetter = errors .< least
                    least.replace(with: errors, where: isBetter)
                    best.replace(with: Int32(index * fours + four), where: isBetter)
                }
            }
            var lane = 0
            for other in 1..<4 where least[other] < least[lane] { lane = other }
            guard best[lane] >= 0 else { return nil }
            let (foreground, four) = Int(best[lane]).quotientAndRemainder(dividingBy: fours)
            return (values[foreground], values[4 * four + lane])
        }
    }

    private func dots(_ four: Int, _ value: Value) -> SIMD4<Float> {
        var sums = SIMD4<Float>.zero
        for component in 0..<Value.components {
            sums += components[component * fours + four] * value.component(component)
        }
        return sums
    }
}
