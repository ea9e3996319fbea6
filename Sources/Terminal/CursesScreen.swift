import CNCurses
import Cells
import Platform

/// Curses' screen: what was shown last, the colour pairs in use, and the calls that bring a canvas onto it.
///
/// Not `Sendable`: curses belongs to the thread that started it.
final class CursesScreen {
    private let screen: OpaquePointer
    private let output: UnsafeMutablePointer<FILE>
    private let input: UnsafeMutablePointer<FILE>
    private let descriptor: Int32
    private let detection: Detection
    private var pairs: ColorPairs
    private var fallback: GlyphFallback
    /// What curses was told last; nil when every cell has to be told again.
    private var told: Canvas?

    /// - Parameters:
    ///   - term: the value of `TERM`.
    ///   - descriptor: the terminal to draw on; stays the caller's.
    init(_ detection: Detection, term: String, output descriptor: Int32) throws(TerminalError) {
        guard let output = fdopen(duplicate(descriptor), "w"), let input = fdopen(duplicate(STDIN_FILENO), "r") else {
            throw .system(what: "fdopen", code: errno)
        }
        guard let screen = Self.start(detection, term, output, input) else {
            fclose(output)
            fclose(input)
            throw .unknownType(term)
        }
        (self.screen, self.output, self.input) = (screen, output, input)
        self.descriptor = descriptor
        self.detection = detection
        fallback = GlyphFallback(
            isASCII: detection.profile.glyphs == .ascii, drawsASCIIBorders: detection.drawsASCIIBorders)
        if detection.profile.depth != .none {
            start_color()
            use_default_colors()
        }
        pairs = ColorPairs(
            depth: detection.profile.depth, limit: max(0, Int(curses_pair_count()) - 1),
            nudgesBlack: detection.nudgesBlack)
        cbreak()
        noecho()
        nonl()
        intrflush(curses_standard_window(), false)
        keypad(curses_standard_window(), true)
        typeahead(-1)
        curs_set(0)
    }

    /// The private entry first, given to this one call; then the system's entries.
    private static func start(
        _ detection: Detection, _ term: String,
        _ output: UnsafeMutablePointer<FILE>, _ input: UnsafeMutablePointer<FILE>
    ) -> OpaquePointer? {
        guard case .own(let depth) = detection.entry else { return newterm(term, output, input) }
        let entry = PrivateEntry.make(depth)
        let before = environmentVariable("TERMINFO")
        setenv("TERMINFO", entry.environmentValue, 1)
        let screen = newterm(entry.names[0], output, input)
        if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
        return screen ?? newterm(term, output, input)
    }

    /// The descriptor that curses draws through.
    var drawing: Int32 { fileno(output) }

    var size: Size {
        let window = curses_standard_window()
        return Size(columns: Int(getmaxx(window)), rows: Int(getmaxy(window)))
    }

    /// Takes over a new size. The next canvas is drawn whole: terminals move their cells about when they are resized.
    func resize(to size: Size) {
        resize_term(Int32(size.rows), Int32(size.columns))
        repaint()
    }

    /// Has the next canvas drawn whole, on a cleared screen.
    func repaint() {
        told = nil
        clearok(curses_physical_window(), true)
    }

    /// Shows a canvas; cells outside the screen are left out. Blocks while the terminal takes its time.
    func show(_ canvas: Canvas) {
        if canvas == told { return }
        if told?.size != canvas.size {
            told = nil
            werase(curses_standard_window())
        }
        if !tell(canvas) {
            // Out of pairs: begin again with none, once; a canvas alone has fewer different cells than there are pairs.
            pairs.removeAll()
            reset_color_pairs()
            repaint()
            _ = tell(canvas)
        }
        told = canvas
        bracketed { doupdateAll() }
    }

    /// Has curses' modes back after others have set theirs, and draws the screen anew.
    func comeBack() {
        reset_prog_mode()
        redraw()
    }

    /// Has everything shown in ASCII from now on, beginning with a cleared screen.
    func showASCIIAlone() {
        fallback = GlyphFallback(isASCII: true, drawsASCIIBorders: true)
        repaint()
    }

    /// Finds out how wide the terminal draws a character: writes it at the upper left, asks where the cursor is, and draws the
    /// first line anew. Terminals with synchronized output never show it.
    func measure(_ glyph: Unicode.Scalar, question: String) {
        bracketed {
            writeAll("\u{1B}7\u{1B}[H\(glyph)\(question)\u{1B}8".utf8, to: descriptor)
            wredrawln(curses_physical_window(), 0, 1)
            doupdate()
        }
    }

    /// Clears the terminal and draws what was shown last.
    func redraw() {
        clearok(curses_physical_window(), true)
        bracketed { doupdateAll() }
    }

    /// After this the object must not be used again.
    func end() {
        endwin()
        delscreen(screen)
        fclose(output)
        fclose(input)
    }

    private func doupdateAll() {
        wnoutrefresh(curses_standard_window())
        doupdate()
    }

    /// Curses needs many writes for a frame: the brackets have the terminal show them at once. Written around curses,
    /// whose buffer is empty before and after `doupdate`.
    private func bracketed(_ update: () -> Void) {
        guard detection.ignoresUnknownModes else { return update() }
        writeAll("\u{1B}[?2026h".utf8, to: descriptor)
        update()
        writeAll("\u{1B}[?2026l".utf8, to: descriptor)
    }

    /// Tells curses the cells that differ from what it was told; false when colour pairs have run out.
    private func tell(_ canvas: Canvas) -> Bool {
        let size = self.size
        let columns = min(size.columns, canvas.size.columns)
        for row in 0..<min(size.rows, canvas.size.rows) {
            let first = row * canvas.size.columns
            for index in first..<first + columns where told == nil || told?.cells[index] != canvas.cells[index] {
                guard put(canvas.cells[index], row: row, column: index - first) else { return false }
            }
        }
        return true
    }

    private func put(_ cell: Cell, row: Int, column: Int) -> Bool {
        var attributes = cell.style.attributes
        var pair: Int32 = 0
        if detection.profile.depth != .none {
            let choice = pairs.choice(for: cell.style) { number, pair in
                init_extended_pair(number, pair.foreground, pair.background)
            }
            guard let choice else { return false }
            pair = choice.number
            if choice.isReversed { attributes.formSymmetricDifference(.reverse) }
        }
        curses_put(
            Int32(row), Int32(column), fallback.glyph(for: cell.glyph).value, UInt32(attributes.rawValue), pair)
        return true
    }
}
