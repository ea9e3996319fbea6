import Cells
import Testing

@testable import Terminal

@Suite("Detection")
struct DetectionTests {
    private func detect(
        _ environment: [String: String], colors: Int = 256, isUTF8: Bool = true,
        window: TerminalFacts.Window? = nil, options: TerminalOptions = TerminalOptions()
    ) throws(TerminalError) -> Detection {
        let entry = TerminalFacts.Entry(colors: colors)
        return try Detection(
            TerminalFacts(environment: environment, entry: entry, isUTF8: isUTF8, window: window), options: options)
    }

    @Test(
        "Colours come from COLORTERM, from TERM's own name, from tmux, else from terminfo",
        arguments: [
            (["TERM": "xterm-256color"], 256, ColorDepth.palette256),
            (["TERM": "xterm-256color", "COLORTERM": "truecolor"], 256, .direct),
            (["TERM": "xterm-256color", "COLORTERM": "24bit"], 256, .direct),
            (["TERM": "xterm-256color", "COLORTERM": "yes"], 256, .palette256),
            (["TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"], 256, .direct),
            (["TERM": "xterm-kitty"], 256, .direct),
            (["TERM": "screen-256color", "COLORTERM": "truecolor"], 256, .palette256),
            (["TERM": "screen.xterm-256color", "COLORTERM": "truecolor"], 256, .palette256),
            (["TERM": "screen-256color", "COLORTERM": "truecolor", "TMUX": "x"], 256, .palette256),
            (["TERM": "xterm-256color", "COLORTERM": "truecolor", "TMUX": "x"], 256, .palette256),
            (["TERM": "xterm-16color"], 16, .palette16),
            (["TERM": "xterm"], 8, .palette8),
            (["TERM": "linux", "COLORTERM": "truecolor"], 8, .palette8),
            (["TERM": "vt100"], 0, .none),
            (["TERM": "vt100", "COLORTERM": "truecolor"], 0, .none),
            (["TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"], 256, .none),
            (["TERM": "xterm-256color", "NO_COLOR": ""], 256, .palette256),
        ])
    func depth(environment: [String: String], colors: Int, expected: ColorDepth) throws {
        #expect(try detect(environment, colors: colors).profile.depth == expected)
    }

    @Test("What is asked for wins over every sign, NO_COLOR and GNU screen included")
    func options() throws {
        let screen = ["TERM": "screen", "NO_COLOR": "1"]
        let direct = try detect(screen, colors: 8, options: TerminalOptions(color: .direct))
        #expect(direct.profile.depth == .direct)
        #expect(direct.entry == .own(.direct))
        let never = try detect(["TERM": "xterm", "COLORTERM": "truecolor"], options: TerminalOptions(color: .never))
        #expect(never.profile.depth == .none)
        #expect(never.entry == .system)
    }

    @Test("A terminal description of our own is used only where the system's offers too few colours")
    func entryChoice() throws {
        let asked = TerminalOptions(color: .palette256)
        #expect(try detect(["TERM": "xterm"], colors: 8, options: asked).entry == .own(.palette256))
        #expect(try detect(["TERM": "xterm-256color"], options: asked).entry == .system)
        #expect(try detect(["TERM": "xterm-256color"], options: TerminalOptions(color: .palette16)).entry == .system)
        #expect(try detect(["TERM": "xterm-256color", "COLORTERM": "truecolor"]).entry == .own(.direct))
    }

    @Test(
        "Glyphs follow the locale, the console, and the terminals that draw their own",
        arguments: [
            (["TERM": "xterm-256color"], true, GlyphRepertoire.blocks),
            (["TERM": "xterm-256color"], false, .ascii),
            (["TERM": "linux"], true, .console),
            (["TERM": "xterm-kitty"], true, .full),
            (["TERM": "xterm-256color", "WEZTERM_PANE": "0"], true, .full),
            (["TERM": "xterm-256color", "VTE_VERSION": "7006"], true, .full),
            (["TERM": "xterm-256color", "VTE_VERSION": "5202"], true, .blocks),
            (["TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"], true, .blocks),
            (["TERM": "xterm-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"], true, .blocks),
        ])
    func glyphs(environment: [String: String], isUTF8: Bool, expected: GlyphRepertoire) throws {
        #expect(try detect(environment, isUTF8: isUTF8).profile.glyphs == expected)
    }

    @Test("ASCII glyphs bring ASCII borders; either can be asked for")
    func borders() throws {
        let xterm = ["TERM": "xterm-256color"]
        #expect(try detect(xterm).drawsASCIIBorders == false)
        #expect(try detect(xterm, isUTF8: false).drawsASCIIBorders)
        #expect(try detect(xterm, options: TerminalOptions(borders: .ascii)).drawsASCIIBorders)
        #expect(try detect(xterm, options: TerminalOptions(asciiGlyphs: true)).profile.glyphs == .ascii)
    }

    @Test(
        "The background is what COLORFGBG or the person says, and unknown where neither does",
        arguments: [
            ("0;15", nil, .light), ("0;default;7", nil, .light), ("15;0", nil, .dark), ("7;8", nil, .dark),
            ("default;default", nil, nil), ("15;0", .light, .light), ("0;15", .dark, .dark),
        ] as [(String, TerminalBackground?, TerminalBackground?)])
    func background(value: String, asked: TerminalBackground?, expected: TerminalBackground?) throws {
        let detection = try detect(
            ["TERM": "xterm", "COLORFGBG": value], options: TerminalOptions(background: asked))
        #expect(detection.profile.background == expected)
    }

    @Test("The Linux console is dark")
    func console() throws { #expect(try detect(["TERM": "linux"], colors: 8).profile.background == .dark) }

    @Test("The cell ratio comes from the window's pixels where they make sense, else it is 2")
    func cellRatio() throws {
        let xterm = ["TERM": "xterm"]
        let window = TerminalFacts.Window(columns: 100, rows: 50, pixelWidth: 800, pixelHeight: 900)
        #expect(try detect(xterm, window: window).profile.cellRatio == 2.25)
        #expect(try detect(xterm, window: window, options: TerminalOptions(cellRatio: 1.9)).profile.cellRatio == 1.9)
        #expect(try detect(xterm).profile.cellRatio == 2)
        let wrong = TerminalFacts.Window(columns: 100, rows: 50, pixelWidth: 100, pixelHeight: 5000)
        #expect(try detect(xterm, window: wrong).profile.cellRatio == 2)
    }

    @Test("kitty's pure black moves by a step in direct colour, and there only")
    func black() throws {
        #expect(try detect(["TERM": "xterm-kitty"]).nudgesBlack)
        #expect(try !detect(["TERM": "xterm-kitty"], options: TerminalOptions(color: .palette256)).nudgesBlack)
        #expect(try !detect(["TERM": "xterm-256color", "COLORTERM": "truecolor"]).nudgesBlack)
    }

    @Test("Consoles and real terminals get no mouse and no private modes")
    func hardware() throws {
        for term in ["linux", "vt100", "vt220-w"] {
            let detection = try detect(["TERM": term], colors: 8)
            #expect(!detection.hasMouse && !detection.ignoresUnknownModes)
        }
        #expect(try detect(["TERM": "screen-256color"]).hasMouse)
        #expect(try !detect(["TERM": "xterm"], options: TerminalOptions(mouse: false)).hasMouse)
    }

    @Test("What cannot be drawn on is refused with its reason")
    func refusals() {
        func error(_ facts: TerminalFacts) -> TerminalError? {
            do throws(TerminalError) {
                _ = try Detection(facts, options: TerminalOptions())
                return nil
            } catch {
                return error
            }
        }
        let good = TerminalFacts.Entry(colors: 8)
        let dumb = TerminalFacts.Entry(canMoveCursor: false, colors: 0)
        let xterm = ["TERM": "xterm"]
        #expect(error(TerminalFacts(environment: xterm, inputIsTerminal: false, entry: good)) == .notATerminal(.input))
        #expect(
            error(TerminalFacts(environment: xterm, outputIsTerminal: false, entry: good)) == .notATerminal(.output))
        #expect(error(TerminalFacts(environment: [:], entry: nil)) == .noType)
        #expect(error(TerminalFacts(environment: ["TERM": ""], entry: nil)) == .noType)
        #expect(error(TerminalFacts(environment: ["TERM": "nonsense"], entry: nil)) == .unknownType("nonsense"))
        #expect(error(TerminalFacts(environment: ["TERM": "dumb"], entry: dumb)) == .cannotMoveCursor("dumb"))
        #expect(error(TerminalFacts(environment: ["TERM": "xterm-ghostty"], entry: nil)) == nil)
    }

    @Test("A name from the environment is shown without its control characters")
    func sanitisedName() {
        let sentence = TerminalError.unknownType("evil\u{1B}[2Jterm\n").description
        #expect(sentence.contains("“evil[2Jterm”"))
        #expect(sentence.unicodeScalars.allSatisfy { $0.value >= 32 })
    }

    @Test("The terminal's answer tells the background where nothing else does, and is named as the evidence")
    func learnedBackground() throws {
        var detection = try detect(["TERM": "xterm-256color"])
        let isNews1 = detection.learn(background: SIMD3(1, 1, 0.9))
        #expect(isNews1)
        #expect(detection.profile.background == .light)
        let finding = try #require(detection.findings.first { $0.name == "background" })
        #expect(finding.value == "light" && finding.reason.contains("#ffffe6"))
        var asked = try detect(["TERM": "xterm-256color"], options: TerminalOptions(background: .dark))
        let isNews2 = asked.learn(background: SIMD3(1, 1, 1))
        #expect(!isNews2)
        #expect(asked.profile.background == .dark)
    }

    @Test("Black is no evidence inside tmux, which may answer so for any terminal; another color is")
    func multiplexed() throws {
        var black = try detect(["TERM": "tmux-256color"])
        let isNews3 = black.learn(background: .zero)
        #expect(!isNews3)
        #expect(black.profile.background == nil)
        var white = try detect(["TERM": "tmux-256color"])
        let isNews4 = white.learn(background: SIMD3(1, 1, 1))
        #expect(isNews4)
    }

    @Test("Terminals that would print a question, or hand its answer to the wrong program, are not asked")
    func questions() throws {
        for term in ["xterm", "xterm-256color", "tmux-256color", "rxvt-unicode-256color", "foot", "st-256color"] {
            #expect(try detect(["TERM": term]).takesQuestions, "\(term)")
        }
        #expect(try detect(["TERM": "screen-256color", "TMUX": "/tmp/tmux"]).takesQuestions)
        for term in ["linux", "vt100", "vt220", "screen-256color", "screen.xterm-256color", "eterm-color", "sun"] {
            #expect(try !detect(["TERM": term]).takesQuestions, "\(term)")
        }
        #expect(try !detect(["TERM": "xterm-256color", "STY": "1.pts"]).takesQuestions)
    }

    @Test("Where lines and blocks are two columns wide, only ASCII is left, and the reason is told")
    func wide() throws {
        var detection = try detect(["TERM": "xterm-256color"])
        let isNews5 = detection.learn(ambiguousWidth: 1)
        #expect(!isNews5)
        #expect(detection.profile.glyphs == .blocks)
        let isNews6 = detection.learn(ambiguousWidth: 2)
        #expect(isNews6)
        #expect(detection.profile.glyphs == .ascii && detection.drawsASCIIBorders)
        #expect(detection.findings.contains { $0.name == "glyphs" && $0.reason.contains("two columns") })
    }
}
