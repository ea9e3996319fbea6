/// What comes from the keyboard and the mouse by chance; never what leaves, suspends or writes to a file of a name.
public struct RandomKeys {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public enum Input {
        case text(String)
        case size(columns: Int, rows: Int)

        public func act(on terminal: PseudoTerminal) {
            switch self {
            case .text(let text): terminal.type(text)
            case .size(let columns, let rows): terminal.resize(columns: columns, rows: rows)
            }
        }
    }

    /// Knuth's linear congruential generator (MMIX); its upper bits are random enough here.
    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private static let characters = Array("abcdfghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ+-,.[]{}()<>/:'#0 ")
    private static let special = [
        "\r", "\t", "\u{7F}", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[H", "\u{1B}[F", "\u{0C}", "\u{1B}[3~",
    ]
    private static let arrows = [
        "\u{1B}OA", "\u{1B}OB", "\u{1B}OC", "\u{1B}OD", "\u{1B}[1;2A", "\u{1B}[1;2B", "\u{1B}[1;2C", "\u{1B}[1;2D",
    ]

    public mutating func next() -> Input {
        switch random(100) {
        case 0..<2:
            return random(4) == 0
                ? .size(columns: 1 + random(60), rows: 1 + random(20))
                : .size(columns: 60 + random(180), rows: 20 + random(60))
        case 2..<12: return .text(String(1 + random(5)))
        case 12..<20: return .text(mouse())
        case 20..<30: return .text(Self.special[random(Self.special.count)])
        case 30..<34: return .text("\u{1B}")
        case 34..<60: return .text(Self.arrows[random(Self.arrows.count)])
        default: return .text(String(Self.characters[random(Self.characters.count)]))
        }
    }

    /// Press, drag, release or wheel, as a terminal reports them (SGR mode).
    private mutating func mouse() -> String {
        let (column, row) = (1 + random(200), 1 + random(60))
        return switch random(5) {
        case 0: "\u{1B}[<0;\(column);\(row)M"
        case 1: "\u{1B}[<32;\(column);\(row)M"
        case 2: "\u{1B}[<0;\(column);\(row)m"
        case 3: "\u{1B}[<64;\(column);\(row)M"
        default: "\u{1B}[<65;\(column);\(row)M"
        }
    }
}
