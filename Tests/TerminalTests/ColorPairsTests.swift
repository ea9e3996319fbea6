import Cells
import Testing

@testable import Terminal

@Suite("Colour pairs")
struct ColorPairsTests {
    @Test("Each pair of colours gets one number, defined once")
    func numbers() {
        var pairs = ColorPairs(depth: .direct, limit: 65_535, nudgesBlack: false)
        var defined: [ColorPairs.Pair] = []
        func choose(_ style: Style) -> Int32? { pairs.choice(for: style) { _, pair in defined.append(pair) }?.number }
        #expect(choose(.plain) == 0)
        #expect(choose(Style(.rgb(1, 2, 3), on: .rgb(0, 0, 0))) == 1)
        #expect(choose(Style(.rgb(1, 2, 4))) == 2)
        #expect(choose(Style(.rgb(1, 2, 3), on: .rgb(0, 0, 0))) == 1)
        #expect(
            defined == [
                ColorPairs.Pair(foreground: 0x010203, background: 0),
                ColorPairs.Pair(foreground: 0x010204, background: -1),
            ])
    }

    @Test("When they run out it says so, and begins again when told to")
    func exhaustion() {
        var pairs = ColorPairs(depth: .direct, limit: 1_000_000, nudgesBlack: false)
        #expect(pairs.limit == 60_000)
        for index in 0..<60_000 {
            let style = Style(.rgb(UInt8(index >> 16), UInt8(index >> 8 & 255), UInt8(index & 255)), on: .rgb(9, 9, 9))
            #expect(pairs.choice(for: style) { _, _ in } != nil)
        }
        let another = Style(.rgb(200, 0, 0))
        #expect(pairs.choice(for: another) { _, _ in } == nil)
        pairs.removeAll()
        #expect(pairs.choice(for: another) { _, _ in }?.number == 1)
    }

    @Test("On a console of 64 pairs every combination of eight colours and the standard ones can be shown")
    func console() {
        var pairs = ColorPairs(depth: .palette8, limit: 63, nudgesBlack: false)
        var defined: [Int32: ColorPairs.Pair] = [:]
        let colors: [Color] = [.standard] + (0..<8).map { .indexed($0) }
        for foreground in colors {
            for background in colors {
                let choice = pairs.choice(for: Style(foreground, on: background)) { defined[$0] = $1 }
                #expect(choice != nil)
                guard let choice, let pair = defined[choice.number] else { continue }
                let shown = choice.isReversed ? (pair.background, pair.foreground) : (pair.foreground, pair.background)
                #expect(shown == (number(foreground), number(background)))
            }
        }
    }

    private func number(_ color: Color) -> Int32 {
        if case .indexed(let index) = color { return Int32(index) }
        return -1
    }

    @Test("A colour of another kind than the terminal's depth becomes the nearest there is")
    func otherDepths() {
        func pair(_ style: Style, _ depth: ColorDepth) -> ColorPairs.Pair? {
            var pairs = ColorPairs(depth: depth, limit: 65_535, nudgesBlack: false)
            var result: ColorPairs.Pair?
            _ = pairs.choice(for: style) { _, pair in result = pair }
            return result
        }
        #expect(pair(Style(.indexed(231)), .direct)?.foreground == 0xFFFFFF)
        #expect(pair(Style(.indexed(244)), .direct)?.foreground == 0x808080)
        #expect(pair(Style(.rgb(255, 255, 255)), .palette256)?.foreground == 231)
        #expect(pair(Style(.rgb(250, 10, 10)), .palette16)?.foreground == 9)
        #expect(pair(Style(.rgb(190, 10, 10)), .palette8)?.foreground == 1)
    }

    @Test("kitty's black background moves by one step, its black foreground does not")
    func nudge() {
        var pairs = ColorPairs(depth: .direct, limit: 65_535, nudgesBlack: true)
        var defined: ColorPairs.Pair?
        _ = pairs.choice(for: Style(.rgb(0, 0, 0), on: .rgb(0, 0, 0))) { _, pair in defined = pair }
        #expect(defined == ColorPairs.Pair(foreground: 0, background: 0x010101))
    }
}
