import Cells
import Pictures
import Platform
import Shading

/// The program's side of `make bench ARGS=shading`: reads commands from standard input, one a line, and answers each with
/// one line.
///
/// - `draw MODE PALETTE DEPTH GLYPHS COLUMNS ROWS FILE`: the cells of a picture, row by row; three numbers a cell: glyph,
///   foreground, background. A color is an index, 2²⁴ more than its RGB, or −1 for the terminal's own.
/// - `time MODE PALETTE DEPTH GLYPHS COLUMNS ROWS FILE REPEATS`: seconds to draw it, the median of REPEATS.
///
/// MODE is `auto` or one of ``ShadingMode``; the rest are raw values of the types that the words say.
@main
struct ShadingBenchmark {
    static func main() {
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard let order = Order(words) else {
                answer("unknown command")
                continue
            }
            switch words.first {
            case "draw" where words.count == 8: answer(text(of: order.drawn()))
            case "time" where words.count == 9: answer(order.medianTime(repeats: max(1, Int(words[8]) ?? 1)))
            default: answer("unknown command")
            }
        }
    }

    private static func text(of canvas: Canvas) -> String {
        canvas.cells.map { cell in
            "\(cell.glyph.value) \(number(of: cell.style.foreground)) \(number(of: cell.style.background))"
        }.joined(separator: " ")
    }

    private static func number(of color: Color) -> Int {
        switch color {
        case .standard: -1
        case .indexed(let index): Int(index)
        case .rgb(let red, let green, let blue): 1 << 24 | Int(red) << 16 | Int(green) << 8 | Int(blue)
        }
    }

    /// Prints a line that leaves at once: the script waits for it.
    private static func answer(_ line: some CustomStringConvertible) {
        print(line)
        fflush(nil)
    }
}

/// A picture to be drawn at a size, and how.
struct Order {
    let shader: Shader
    let picture: Picture
    let size: Size

    /// nil where a word means nothing or the file holds no picture.
    init?(_ words: [String]) {
        guard words.count >= 8, let palette = Palette(rawValue: words[2]), let depth = ColorDepth(rawValue: words[3]),
            let glyphs = GlyphRepertoire(rawValue: words[4]), let columns = Int(words[5]), let rows = Int(words[6]),
            let image = try? PixelImage(path: words[7])
        else { return nil }
        let mode = ShadingMode(rawValue: words[1])
        guard mode != nil || words[1] == "auto" else { return nil }
        shader = Shader(
            mode: mode, palette: palette,
            profile: TerminalProfile(depth: depth, glyphs: glyphs))
        picture = Picture(
            width: image.width, height: image.height, channels: image.channels,
            values: image.bytes.map { Float($0) / 255 })
        size = Size(columns: columns, rows: rows)
    }

    func drawn() -> Canvas {
        var canvas = Canvas(size)
        shader.draw(picture, into: &canvas, rect: Rect(size))
        return canvas
    }

    /// Seconds of the processor's time to draw the picture once more on the same canvas.
    func medianTime(repeats: Int) -> Double {
        var canvas = Canvas(size)
        func draw() { shader.draw(picture, into: &canvas, rect: Rect(size)) }
        draw()
        let times = (0..<repeats).map { _ in
            let begun = processorTime()
            draw()
            return processorTime() - begun
        }
        return times.sorted()[repeats / 2]
    }

    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
