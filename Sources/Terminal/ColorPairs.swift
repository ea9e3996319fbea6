import Cells

/// Which of curses' pairs stands for which two colours: numbers are given out one after the other, and counted, since
/// curses either fails or silently reuses pairs that are on the screen when it runs out.
struct ColorPairs {
    /// Two of curses' colours, −1 for the terminal's own.
    struct Pair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    /// A pair's number, and whether the cell is to be shown with its colours exchanged.
    struct Choice: Hashable {
        var number: Int32
        var isReversed: Bool
    }

    private let depth: ColorDepth
    private let nudgesBlack: Bool
    /// The highest number there is.
    let limit: Int
    /// Where pairs are few (64 on the Linux console, for 81 combinations), a pair serves both directions.
    private let sharesReversed: Bool
    private var numbers: [Pair: Int32] = [:]
    private var last: (style: Style, choice: Choice)?

    init(depth: ColorDepth, limit: Int, nudgesBlack: Bool) {
        self.depth = depth
        self.limit = min(limit, 60_000)
        self.nudgesBlack = nudgesBlack
        sharesReversed = limit < 4096
    }

    var count: Int { numbers.count }

    mutating func removeAll() {
        numbers.removeAll(keepingCapacity: true)
        last = nil
    }

    /// The pair for a style; a new one is defined by `define`. Nil when there are none left.
    mutating func choice(for style: Style, define: (Int32, Pair) -> Void) -> Choice? {
        if let last, last.style == style { return last.choice }
        var pair = Pair(foreground: number(style.foreground), background: number(style.background))
        if nudgesBlack, pair.background == 0 { pair.background = 0x010101 }
        var choice = Choice(number: 0, isReversed: false)
        // Not with the terminal's own colours: the reverse of its foreground is its background.
        if sharesReversed, pair.foreground >= 0, pair.foreground < pair.background {
            pair = Pair(foreground: pair.background, background: pair.foreground)
            choice.isReversed = true
        }
        if pair != Pair(foreground: -1, background: -1) {
            if let known = numbers[pair] {
                choice.number = known
            } else {
                guard numbers.count < limit else { return nil }
                choice.number = Int32(numbers.count + 1)
                numbers[pair] = choice.number
                define(choice.number, pair)
            }
        }
        last = (style, choice)
        return choice
    }

    /// A colour as curses numbers it at this depth.
    private func number(_ color: Color) -> Int32 {
        switch (color, depth) {
        case (.standard, _), (_, .none): -1
        case (.indexed(let index), .direct): Int32(PaletteColors.rgb(index))
        case (.indexed(let index), .palette256): Int32(index)
        case (.indexed(let index), .palette16): Int32(index & 15)
        case (.indexed(let index), .palette8): Int32(index & 7)
        case (.rgb(let red, let green, let blue), .direct):
            Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
        case (.rgb(let red, let green, let blue), _):
            Int32(PaletteColors.nearest(red, green, blue, count: paletteSize))
        }
    }

    private var paletteSize: Int {
        switch depth {
        case .none, .palette8: 8
        case .palette16: 16
        case .palette256, .direct: 256
        }
    }
}
