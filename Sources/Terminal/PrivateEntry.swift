import Cells

/// Terminal descriptions of our own: an xterm with exactly the colours that were found.
///
/// The system's entries with direct colours live in a package that is often absent, and draw the numbers 0–7 as the
/// theme's palette: black would not be black. Those of fewer colours are used when `TERM` promises less than there is.
/// Left out on purpose: `bce` (terminals disagree), `initc` and `oc` (a person's palette is theirs), scrolling by many
/// lines and character repetition (not everywhere as described).
enum PrivateEntry {
    /// - Parameter depth: any but `.none`; that is drawn without `start_color`, whatever the entry says.
    static func make(_ depth: ColorDepth) -> TerminfoEntry {
        var entry = TerminfoEntry(names: ["latentwalk-\(depth.rawValue)", "xterm with the colours that were found"])
        entry.booleans = [.automaticMargins, .eatNewlineGlitch, .moveInsertMode, .moveStandoutMode]
        entry.numbers = [.columns: 80, .initialTabs: 8, .lines: 24]
        entry.strings = xterm
        switch depth {
        case .direct:
            entry.extendedBooleans = ["RGB"]
            entry.numbers[.maximumColors] = 0x1000000
            entry.numbers[.maximumPairs] = 0x10000
            // Red, green and blue of the one number 0xRRGGBB. The division by 256 leaves a remainder by `&` 255.
            let channels = "%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm"
            entry.strings[.setForeground] = "\u{1B}[38;2;" + channels
            entry.strings[.setBackground] = "\u{1B}[48;2;" + channels
        case .palette256:
            entry.numbers[.maximumColors] = 256
            entry.numbers[.maximumPairs] = 0x10000
            entry.strings[.setForeground] = "\u{1B}[" + bright(30, 90, "%e38;5;%p1%d") + "m"
            entry.strings[.setBackground] = "\u{1B}[" + bright(40, 100, "%e48;5;%p1%d") + "m"
        case .palette16:
            entry.numbers[.maximumColors] = 16
            entry.numbers[.maximumPairs] = 256
            entry.strings[.setForeground] = "\u{1B}[%?%p1%{8}%<%t%p1%{30}%+%e%p1%{82}%+%;%dm"
            entry.strings[.setBackground] = "\u{1B}[%?%p1%{8}%<%t%p1%{40}%+%e%p1%{92}%+%;%dm"
        case .palette8, .none:
            entry.numbers[.maximumColors] = 8
            entry.numbers[.maximumPairs] = 64
            entry.strings[.setForeground] = "\u{1B}[3%p1%dm"
            entry.strings[.setBackground] = "\u{1B}[4%p1%dm"
        }
        return entry
    }

    static let sequences = ScreenSequences { name in
        let capability: TerminfoEntry.StringCapability? =
            switch name {
            case "smcup": .enterAlternateScreen
            case "rmcup": .exitAlternateScreen
            case "smkx": .keypadTransmit
            case "rmkx": .keypadLocal
            case "civis": .cursorInvisible
            case "cnorm": .cursorNormal
            case "sgr0": .exitAttributeMode
            case "op": .originalPair
            default: nil
            }
        return capability.flatMap { xterm[$0] }.map { Array($0.utf8) }
    }

    /// The first sixteen by their short forms, which old terminals know, the others as `rest` says.
    private static func bright(_ dark: Int, _ light: Int, _ rest: String) -> String {
        "%?%p1%{8}%<%t%p1%{\(dark)}%+%d%e%p1%{16}%<%t%p1%{\(light - 8)}%+%d" + rest + "%;"
    }

    /// ECMA-48 and xterm's private modes, as every current terminal has them.
    private static let xterm: [TerminfoEntry.StringCapability: String] = [
        .bell: "\u{07}", .carriageReturn: "\r", .tab: "\t",
        .cursorLeft: "\u{08}", .cursorDown: "\n", .cursorRight: "\u{1B}[C", .cursorUp: "\u{1B}[A",
        .cursorLeftBy: "\u{1B}[%p1%dD", .cursorDownBy: "\u{1B}[%p1%dB",
        .cursorRightBy: "\u{1B}[%p1%dC", .cursorUpBy: "\u{1B}[%p1%dA",
        .cursorHome: "\u{1B}[H", .cursorAddress: "\u{1B}[%i%p1%d;%p2%dH",
        .columnAddress: "\u{1B}[%i%p1%dG", .rowAddress: "\u{1B}[%i%p1%dd",
        .changeScrollRegion: "\u{1B}[%i%p1%d;%p2%dr", .scrollForward: "\n", .scrollReverse: "\u{1B}M",
        .clearScreen: "\u{1B}[H\u{1B}[2J", .clearToEndOfLine: "\u{1B}[K", .clearToEndOfScreen: "\u{1B}[J",
        .clearToBeginningOfLine: "\u{1B}[1K", .eraseCharacters: "\u{1B}[%p1%dX",
        .cursorInvisible: "\u{1B}[?25l", .cursorNormal: "\u{1B}[?12l\u{1B}[?25h",
        .enterAlternateScreen: "\u{1B}[?1049h", .exitAlternateScreen: "\u{1B}[?1049l",
        .keypadTransmit: "\u{1B}[?1h\u{1B}=", .keypadLocal: "\u{1B}[?1l\u{1B}>",
        .enterBoldMode: "\u{1B}[1m", .enterDimMode: "\u{1B}[2m", .enterReverseMode: "\u{1B}[7m",
        .enterUnderlineMode: "\u{1B}[4m", .exitUnderlineMode: "\u{1B}[24m",
        // Without these curses does not dare to draw in the last cell of the screen.
        .enterAutomaticMargins: "\u{1B}[?7h", .exitAutomaticMargins: "\u{1B}[?7l",
        .exitAttributeMode: "\u{1B}(B\u{1B}[m", .originalPair: "\u{1B}[39;49m",
        // Parameters: standout, underline, reverse, blink, dim, bold, …
        .setAttributes:
            "\u{1B}(B\u{1B}[0%?%p6%t;1%;%?%p5%t;2%;%?%p2%t;4%;%?%p1%p3%|%t;7%;%?%p4%t;5%;m",
    ]
}
