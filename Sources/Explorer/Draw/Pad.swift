/// What is drawn with a soft brush on a pad of pixels, stroke by stroke.
struct Pad: Hashable, Sendable {
    /// A place on the pad in pixels, from its upper left corner: a pixel's middle is at (x + ½, y + ½).
    typealias Place = SIMD2<Float>

    private enum Mark: Hashable, Sendable {
        case stroke([Place], erases: Bool)
        case cleared
    }

    let width: Int
    let height: Int
    private var marks: [Mark] = []
    /// `[height, width]`: 0 blank, 1 ink.
    private(set) var values: [Float]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        values = Array(repeating: 0, count: width * height)
    }

    /// Whether there is no ink, but at most what an eraser left.
    var isBlank: Bool { !values.contains(where: Centering.isInk) }

    /// MNIST's strokes are about 2½ of 28 pixels wide.
    private var radius: Float { 1.25 * Float(min(width, height)) / 28 }

    /// Begins a stroke with a dot.
    mutating func begin(at place: Place, erasing: Bool) {
        marks.append(.stroke([place], erases: erasing))
        draw(from: place, to: place, erases: erasing)
    }

    /// Goes on with the latest stroke, in a straight line.
    mutating func extend(to place: Place) {
        guard case .stroke(var places, let erases)? = marks.last, let last = places.last, last != place else { return }
        // Taken out, so that it grows in place.
        marks.removeLast()
        places.append(place)
        marks.append(.stroke(places, erases: erases))
        draw(from: last, to: place, erases: erases)
    }

    mutating func clear() {
        guard values.contains(where: { $0 > 0 }) else { return }
        marks.append(.cleared)
        values = Array(repeating: 0, count: width * height)
    }

    /// Takes the latest stroke, or the clearing, back.
    ///
    /// - Returns: whether there was one.
    mutating func undo() -> Bool {
        guard marks.popLast() != nil else { return false }
        values = Array(repeating: 0, count: width * height)
        let start = marks.lastIndex(of: .cleared) ?? 0
        for case .stroke(let places, let erases) in marks[start...] {
            draw(from: places[0], to: places[0], erases: erases)
            for (one, next) in zip(places, places.dropFirst()) { draw(from: one, to: next, erases: erases) }
        }
        return true
    }

    /// Inks, or clears, what lies within the brush's radius of a line; over one pixel at the edge less and less. The eraser
    /// is wider by that pixel, so that going over a stroke again leaves nothing of its edge.
    private mutating func draw(from start: Place, to end: Place, erases: Bool) {
        let reach = radius + (erases ? 1.5 : 0.5)
        func pixels(_ one: Float, _ other: Float, _ count: Int) -> Range<Int> {
            let first = max(0, min(Float(count), (min(one, other) - reach).rounded(.down)))
            let last = max(first, min(Float(count), (max(one, other) + reach).rounded(.up)))
            return Int(first)..<Int(last)
        }
        let way = end - start
        let squared = (way * way).sum()
        for row in pixels(start.y, end.y, height) {
            for column in pixels(start.x, end.x, width) {
                let offset = Place(Float(column) + 0.5, Float(row) + 0.5) - start
                let share = squared > 0 ? max(0, min(1, (offset * way).sum() / squared)) : 0
                let rest = offset - way * share
                let amount = max(0, min(1, reach - (rest * rest).sum().squareRoot()))
                let pixel = row * width + column
                values[pixel] = erases ? min(values[pixel], 1 - amount) : max(values[pixel], amount)
            }
        }
    }
}
