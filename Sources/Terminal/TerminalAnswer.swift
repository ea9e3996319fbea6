import Cells
import Platform

/// What a terminal can be asked about itself.
enum TerminalQuestion: Hashable {
    case background
    case cursor

    /// xterm's OSC 11 with a question mark, ended as ECMA-48 has it; and ECMA-48's report of the cursor's position.
    var sequence: String { self == .background ? "\u{1B}]11;?\u{1B}\\" : "\u{1B}[6n" }
}

/// What a terminal answers when it is asked about itself; the answer comes among the keys.
enum TerminalAnswer: Hashable {
    /// Its background color: red, green and blue in 0…1.
    case background(SIMD3<Double>)
    /// The column, from 1, in which the cursor stood.
    case cursorColumn(Int)

    var question: TerminalQuestion {
        switch self {
        case .background: .background
        case .cursorColumn: .cursor
        }
    }

    /// - Parameter sequence: a whole control string or control sequence, with its `ESC`.
    init?(_ sequence: ArraySlice<UInt8>) {
        switch sequence.dropFirst().first {
        case UInt8(ascii: "]"):
            guard let color = Self.color(of: sequence.dropFirst(2)) else { return nil }
            self = .background(color)
        case UInt8(ascii: "["):
            let fields = sequence.dropFirst(2).dropLast().split(
                separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            let numbers = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            guard sequence.last == UInt8(ascii: "R"), numbers.count == 2, fields.count == 2 else { return nil }
            self = .cursorColumn(numbers[1])
        default: return nil
        }
    }

    // MARK: OSC 11

    private static let prefix = Array("11;".utf8)
    private static let letters = Set("0123456789abcdefABCDEFrgRG:/#;".utf8)
    /// No answer is longer: `11;rgba:` and four numbers of four digits.
    private static let longest = 40

    /// Reads `11;rgb:RR/GG/BB`, one to four digits a channel, `rgba:` with a fourth, or `#RRGGBB`; ended by BEL or `ESC \`.
    private static func color(of body: ArraySlice<UInt8>) -> SIMD3<Double>? {
        guard body.starts(with: prefix) else { return nil }
        let text = String(decoding: body.dropFirst(prefix.count).prefix { $0 >= 0x20 }, as: UTF8.self).lowercased()
        let channels: [Substring]
        if text.hasPrefix("#") {
            let digits = text.dropFirst()
            guard !digits.isEmpty, digits.count.isMultiple(of: 3), digits.count <= 12 else { return nil }
            let width = digits.count / 3
            channels = (0..<3).map { digits.dropFirst($0 * width).prefix(width) }
        } else {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, ["rgb", "rgba"].contains(parts[0]) else { return nil }
            channels = parts[1].split(separator: "/", omittingEmptySubsequences: false)
            guard channels.count == (parts[0] == "rgb" ? 3 : 4) else { return nil }
        }
        let values = channels.compactMap { channel -> Double? in
            guard (1...4).contains(channel.count), let value = UInt32(channel, radix: 16), channel.first != "+" else {
                return nil
            }
            return Double(value) / Double((UInt32(1) << (4 * channel.count)) - 1)
        }
        return values.count == channels.count ? SIMD3(values[0], values[1], values[2]) : nil
    }

    /// How many of the first bytes can be the beginning of an answer to OSC 11.
    static func beginning(of bytes: ArraySlice<UInt8>) -> Int {
        let start: [UInt8] = [0x1B, UInt8(ascii: "]")] + prefix
        var count = 0
        for byte in bytes.prefix(longest) {
            if count < start.count ? byte != start[count] : !letters.contains(byte) && byte != 0x1B { break }
            count += 1
            // The escape that ends it is followed by a backslash, which would have made the answer whole.
            if byte == 0x1B, count > 1 { return count == bytes.count ? count : count - 1 }
        }
        return count
    }
}

extension TerminalBackground {
    /// Light is what black is seen on better than white (WCAG's relative luminance).
    init(_ color: SIMD3<Double>) {
        func linear(_ value: Double) -> Double {
            value <= 0.04045 ? value / 12.92 : exponential(2.4 * logarithm((value + 0.055) / 1.055))
        }
        let luminance = 0.2126 * linear(color.x) + 0.7152 * linear(color.y) + 0.0722 * linear(color.z)
        self = luminance > 0.179 ? .light : .dark
    }
}
