import Cells
import Shading
import Testing

@testable import Explorer

@Suite("The terminal's background, and its page")
struct TerminalPageTests {
    private static let unknown = TerminalProfile(depth: .palette256, glyphs: .blocks)
    private static let light = TerminalProfile(depth: .palette256, glyphs: .blocks, background: .light)
    private static let dark = TerminalProfile(depth: .palette256, glyphs: .blocks, background: .dark)

    private func colors(_ session: Session) -> Set<Color> {
        Set(Screen.canvas(of: session.state).cells.map(\.style.foreground))
    }

    @discardableResult
    private func run(_ command: String, in session: inout Session) -> [Effect] {
        session.type(command) + session.press(.enter)
    }

    @Test("What the terminal answers changes the colors of all that is drawn already")
    func learned() {
        var session = Session(profile: Self.unknown, cloud: .blobs)
        #expect(colors(session).contains(.indexed(ClassColors.onEither[6])))
        session.send(.input(.learned(Self.light)))
        #expect(colors(session).contains(.indexed(ClassColors.onLight[6])))
        #expect(!colors(session).contains(.indexed(ClassColors.onEither[6])))
    }

    @Test(":background goes before what was found out, is remembered, and auto takes it back")
    func said() {
        var session = Session(profile: Self.dark, cloud: .blobs)
        let effects = run(":background light", in: &session)
        #expect(effects.contains(.remember(Preferences(background: .light))))
        #expect(colors(session).contains(.indexed(ClassColors.onLight[6])))
        session.send(.input(.learned(Self.dark)))
        #expect(colors(session).contains(.indexed(ClassColors.onLight[6])))
        run(":background auto", in: &session)
        #expect(colors(session).contains(.indexed(ClassColors.onDark[6])))
    }

    @Test("The word that :background took before is answered with what does it now")
    func renamed() {
        var session = Session(profile: Self.dark, cloud: .blobs)
        run(":background density", in: &session)
        #expect(session.state.message?.text.contains(":plane density") == true)
        run(":plane density", in: &session)
        #expect(session.state.preferences.plane == .density)
    }

    @Test(":terminal asks, shows what was found out and why, and scrolls to the test card")
    func page() {
        var session = Session(profile: Self.dark, cloud: .blobs)
        let effects = run(":terminal", in: &session)
        #expect(effects.contains(.inspectTerminal))
        session.send(
            .inspected([
                TerminalFinding("colors", "256", "terminfo says 256"),
                TerminalFinding("background", "dark", "COLORFGBG=15;0"),
            ]))
        #expect(session.text.contains("terminfo says 256") && session.text.contains("bytes of a frame"))
        session.press(.end)
        #expect(session.text.contains("heat map"))
        session.press(.character("q"))
        #expect(session.state.terminalPage == nil && !session.text.contains("heat map"))
    }

    @Test("What was said of the background in an earlier session is named as the reason")
    func remembered() {
        let found = [TerminalFinding("background", "dark", "COLORFGBG=15;0")]
        let finding = TerminalReport(found, remembered: .light).findings[0]
        #expect(
            finding.value == "light" && finding.reason.contains(":background") && finding.reason.contains("COLORFGBG"))
    }

    @Test("The card has nothing but ASCII for a terminal that has nothing else", arguments: ColorDepth.allCases)
    func asciiCard(depth: ColorDepth) {
        let profile = TerminalProfile(depth: depth, glyphs: .ascii)
        let canvas = TerminalReport([]).canvas(profile, width: 100)
        #expect(canvas.cells.allSatisfy { $0.glyph.isASCII })
        #expect(
            depth != .none
                || canvas.cells.allSatisfy { $0.style.foreground == .standard && $0.style.background == .standard })
    }

    @Test("Heat maps have magma's colors where there are 256, and shades where there are 16 or 8")
    func heatMaps() {
        func canvas(_ depth: ColorDepth, _ palette: Palette = .gray) -> Canvas {
            let options = Options(preferences: Preferences(palette: palette, plane: .density), showsHints: false)
            let profile = TerminalProfile(depth: depth, glyphs: .blocks, background: .dark)
            return Session(profile: profile, options: options, cloud: .blobs).state.background.canvas
        }
        let isGray = { (color: Color) in
            guard case .rgb(let red, let green, let blue) = color else { return true }
            return red == green && green == blue
        }
        #expect(canvas(.direct).cells.contains { !isGray($0.style.background) })
        #expect(canvas(.direct) == canvas(.direct, .magma) && canvas(.direct) != canvas(.direct, .viridis))
        for depth in [ColorDepth.palette16, .palette8] {
            let glyphs = Set(canvas(depth).cells.map(\.glyph))
            #expect(glyphs.isSubset(of: [" ", "░", "▒", "▓", "█"]) && glyphs.count > 3)
        }
    }

    @Test("On a map the cross-hair stands on the terminal's own background, whatever the map's colors")
    func outline() throws {
        let options = Options(preferences: Preferences(plane: .density), showsHints: false)
        let session = Session(profile: Self.dark, options: options, cloud: .blobs)
        let canvas = Screen.canvas(of: session.state)
        let arms = canvas.cells.indices.filter {
            canvas.cells[$0].glyph == "─" && canvas.cells[$0].style == session.state.theme.accent
        }
        #expect(arms.count >= 4)
        #expect(arms.allSatisfy { canvas.cells[$0].style.background == .standard })
        let first = try #require(arms.first)
        #expect(canvas.cells[first - 1].glyph == " " && canvas.cells[first - 1].style.background == .standard)
    }
}
