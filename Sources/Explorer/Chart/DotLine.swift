/// How a line is inked along its way, so that lines are told apart without colors.
enum LinePattern: CaseIterable, Hashable, Sendable {
    case solid, dashed, dotted

    /// - Parameter way: dots from where the line begins.
    func isInked(_ way: Int) -> Bool {
        switch self {
        case .solid: true
        case .dashed: way % 7 < 4
        case .dotted: way % 3 == 0
        }
    }
}

extension DotGrid {
    /// Draws a line from place to place.
    ///
    /// - Parameter spots: in dots, from the upper left corner; what lies outside is not drawn.
    mutating func draw(through spots: [SIMD2<Float>], _ pattern: LinePattern = .solid, rank: UInt8) {
        let bounds = SIMD2(Float(columns), Float(rows))
        var way: Float = 0
        for (one, next) in zip(spots, spots.dropFirst()) {
            let move = next - one
            let length = max(abs(move.x), abs(move.y))
            guard length.isFinite else { continue }
            // Far outside, many steps would draw nothing.
            let steps = max(1, Int(min(length.rounded(.up), 4 * max(bounds.x, bounds.y))))
            for step in 0...steps {
                let share = Float(step) / Float(steps)
                let spot = one + move * share
                guard spot.x >= 0, spot.y >= 0, spot.x < bounds.x, spot.y < bounds.y,
                    pattern.isInked(Int(min(way + length * share, 1e6)))
                else { continue }
                set(column: Int(spot.x), row: Int(spot.y), rank: rank)
            }
            way += length
        }
    }
}
