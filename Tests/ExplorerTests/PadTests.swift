import Testing

@testable import Explorer

@Suite("The pad")
struct PadTests {
    private func pad() -> Pad { Pad(width: 28, height: 28) }
    private func value(_ pad: Pad, _ column: Int, _ row: Int) -> Float { pad.values[row * pad.width + column] }

    @Test("A dot is two and a half pixels wide, its edge soft")
    func dot() {
        var pad = pad()
        pad.begin(at: Pad.Place(10.5, 10.5), erasing: false)
        #expect(value(pad, 10, 10) == 1)
        #expect(value(pad, 11, 10) == 0.75 && value(pad, 10, 9) == 0.75)
        #expect(value(pad, 12, 10) == 0)
        // Across, the ink adds up to the brush's width.
        #expect((0..<28).reduce(Float(0)) { $0 + value(pad, $1, 10) } == 2.5)
        #expect(value(pad, 11, 11) > 0.3 && value(pad, 11, 11) < 0.4)
    }

    @Test("Places far apart are joined by a straight line")
    func line() {
        var pad = pad()
        pad.begin(at: Pad.Place(4.5, 14.5), erasing: false)
        pad.extend(to: Pad.Place(24.5, 14.5))
        #expect((4...24).allSatisfy { value(pad, $0, 14) == 1 && value(pad, $0, 13) == 0.75 })
        #expect(value(pad, 14, 17) == 0 && value(pad, 27, 14) == 0)
    }

    @Test("The eraser clears what it touches, softly")
    func eraser() {
        var pad = pad()
        pad.begin(at: Pad.Place(4.5, 14.5), erasing: false)
        pad.extend(to: Pad.Place(24.5, 14.5))
        pad.begin(at: Pad.Place(14.5, 14.5), erasing: true)
        #expect(value(pad, 14, 14) == 0 && value(pad, 13, 14) == 0)
        #expect(value(pad, 12, 14) == 0.25 && value(pad, 11, 14) == 1)
        pad.extend(to: Pad.Place(4.5, 14.5))
        pad.extend(to: Pad.Place(24.5, 14.5))
        #expect(pad.values.allSatisfy { $0 == 0 })
    }

    @Test("Undo takes back stroke after stroke, the eraser's and a clearing too, exactly")
    func undo() {
        var pad = pad()
        var states = [pad.values]
        pad.begin(at: Pad.Place(4.5, 4.5), erasing: false)
        pad.extend(to: Pad.Place(20, 9))
        pad.extend(to: Pad.Place(7, 22))
        states.append(pad.values)
        pad.begin(at: Pad.Place(10, 10), erasing: true)
        pad.extend(to: Pad.Place(20, 20))
        states.append(pad.values)
        pad.clear()
        #expect(pad.isBlank)
        states.append(pad.values)
        pad.begin(at: Pad.Place(1, 1), erasing: false)
        for state in states.reversed() {
            let isUndone = pad.undo()
            #expect(isUndone && pad.values == state)
        }
        let isUndone = pad.undo()
        #expect(!isUndone)
    }

    @Test("Strokes outside of the pad leave it blank, and do no harm")
    func outside() {
        var pad = pad()
        pad.begin(at: Pad.Place(-50, 1e6), erasing: false)
        pad.extend(to: Pad.Place(-1e6, 40))
        #expect(pad.isBlank)
    }
}
