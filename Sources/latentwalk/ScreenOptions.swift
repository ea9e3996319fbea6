import ArgumentParser
import Cells
import Explorer
import Shading
import Terminal

extension TerminalOptions.ColorChoice: ExpressibleByArgument {}
extension TerminalBackground: ExpressibleByArgument {}
extension TerminalOptions.Borders: ExpressibleByArgument {}
extension Palette: ExpressibleByArgument {}
extension ShadingMode: ExpressibleByArgument {}

/// How pictures are drawn, on a screen and as lines of text.
struct DrawingOptions: ParsableArguments {
    @Option(
        help: """
            How pictures are drawn: half, quadrant, block, sextant, braille or ascii; as suits the terminal if not given.
            """)
    var shading: ShadingMode?

    @Option(help: "Colors: auto, never, 16, 256 or direct; by itself none where the output is no terminal.")
    var color = TerminalOptions.ColorChoice.auto

    @Option(help: "The palette of gray pictures: gray, inverted, viridis, magma or two-tone.")
    var palette: Palette?

    @Option(help: "The terminal's background: dark or light; found out if not given.")
    var background: TerminalBackground?

    @Option(parsing: .unconditional, help: "Height of a character cell divided by its width; found out, else 2.")
    var cellRatio: Double?

    func validate() throws {
        if let cellRatio, !(0.25...8).contains(cellRatio) {
            throw ValidationError("--cell-ratio must lie between 0.25 and 8.")
        }
    }
}

/// How the explorer is drawn: the same options wherever it opens.
struct ScreenOptions: ParsableArguments {
    @OptionGroup
    var drawing: DrawingOptions

    @Option(help: "Borders: line or ascii.")
    var borders = TerminalOptions.Borders.line

    @Option(parsing: .unconditional, help: "Cells that Explore's picture is wide at most. (default: as there is room)")
    var width: Int?

    @Flag(help: "Jump at once instead of gliding.")
    var noAnimation = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    func validate() throws {
        if let width, !(1...1000).contains(width) { throw ValidationError("--width must lie between 1 and 1000.") }
    }

    var terminalOptions: TerminalOptions {
        TerminalOptions(
            color: drawing.color, background: drawing.background, borders: borders, cellRatio: drawing.cellRatio,
            asciiGlyphs: drawing.shading == .ascii, mouse: !noMouse)
    }

    /// What was asked for, and for the rest what is remembered.
    ///
    /// - Parameter isFirstHand: whether a person opens a model, rather than a run that goes on: what newcomers need is
    ///   shown then.
    func explorerOptions(latentRange: ClosedRange<Float>? = nil, seed: UInt64 = 0, isFirstHand: Bool = true) -> Options
    {
        let remembered = PreferencesFile.read() ?? Preferences()
        var preferences = remembered
        if let shading = drawing.shading { preferences.shading = shading }
        if let palette = drawing.palette { preferences.palette = palette }
        if let background = drawing.background { preferences.background = background }
        var options = Options(
            preferences: preferences, remembered: remembered, borders: borders == .ascii ? .ascii : .line,
            isAnimated: !noAnimation, beginsAmongData: isFirstHand, showsHints: isFirstHand, latentRange: latentRange,
            seed: seed, directions: DirectionsFile.read())
        options.history = HistoryFile.read()
        options.pictureWidth = width
        return options
    }
}
