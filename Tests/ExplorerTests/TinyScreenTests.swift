import Cells
import Testing

@testable import Explorer

@Suite("Screens too small for anything")
struct TinyScreenTests {
    @Test(
        "Keys and clicks do no harm in any view, and the view is seen again where there is room",
        arguments: 1...5, [(0, 0), (1, 1), (2, 19), (59, 3), (60, 2)])
    func keys(digit: Int, size: (columns: Int, rows: Int)) {
        var session = Session(columns: 120, rows: 40)
        let view = Key.character(Unicode.Scalar(UInt8(0x30 + digit)))
        session.press(view, .right)
        session.send(.input(.resized(Size(columns: size.columns, rows: size.rows))))
        session.press(.character("?"), .escape, .right, .up, .enter, view, .backspace, .character("+"), .character("n"))
        session.press(.tab, view, .character("-"), .character("x"), .character("z"), view)
        session.send(.input(.resized(Size(columns: 120, rows: 40))))
        #expect(session.lines[0].contains("[\(digit) "))
    }
}
