import Platform

/// What detection starts from: gathered once at the start, or made up by a test.
public struct TerminalFacts: Hashable, Sendable {
    public var environment: [String: String]
    public var inputIsTerminal: Bool
    public var outputIsTerminal: Bool
    /// What the system's database says about `TERM`; nil where it does not know it.
    public var entry: Entry?
    /// Whether characters beyond ASCII reach the screen: the locale in force encodes them as UTF-8.
    public var isUTF8: Bool
    /// The terminal's size as the system tells it; nil where it does not.
    public var window: Window?

    public init(
        environment: [String: String], inputIsTerminal: Bool = true, outputIsTerminal: Bool = true,
        entry: Entry?, isUTF8: Bool = true, window: Window? = nil
    ) {
        self.environment = environment
        self.inputIsTerminal = inputIsTerminal
        self.outputIsTerminal = outputIsTerminal
        self.entry = entry
        self.isUTF8 = isUTF8
        self.window = window
    }

    /// What this process' environment and descriptors tell.
    init(_ environment: [String: String], _ description: TerminalDescription?, isUTF8: Bool) {
        self.init(
            environment: environment, inputIsTerminal: isatty(STDIN_FILENO) == 1,
            outputIsTerminal: isatty(STDOUT_FILENO) == 1, entry: description?.entry, isUTF8: isUTF8,
            window: windowSize(of: STDOUT_FILENO))
    }

    /// The part of a terminfo entry that decides something here.
    public struct Entry: Hashable, Sendable {
        public var canMoveCursor: Bool
        /// 0 for a terminal without colours.
        public var colors: Int
        /// The entry's own colours are direct (`RGB`).
        public var isDirect: Bool

        public init(canMoveCursor: Bool = true, colors: Int, isDirect: Bool = false) {
            self.canMoveCursor = canMoveCursor
            self.colors = colors
            self.isDirect = isDirect
        }
    }

    /// A terminal's extent in cells and, where known, in pixels (else 0).
    public struct Window: Hashable, Sendable {
        public var columns: Int
        public var rows: Int
        public var pixelWidth: Int
        public var pixelHeight: Int

        public init(columns: Int, rows: Int, pixelWidth: Int = 0, pixelHeight: Int = 0) {
            self.columns = columns
            self.rows = rows
            self.pixelWidth = pixelWidth
            self.pixelHeight = pixelHeight
        }

        /// Height of a cell divided by its width; nil where the pixels are unknown or cannot be right.
        public var cellRatio: Double? {
            guard columns > 0, rows > 0, pixelWidth > 0, pixelHeight > 0 else { return nil }
            let ratio = (Double(pixelHeight) / Double(rows)) / (Double(pixelWidth) / Double(columns))
            return (1...4).contains(ratio) ? ratio : nil
        }
    }
}
