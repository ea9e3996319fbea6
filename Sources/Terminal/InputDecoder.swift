import Cells

/// Bytes from a terminal → input events; a value that never waits, so that a test can play any split and delay.
///
/// Curses could do this, but it sleeps inside the call for a lone Escape, gives unknown sequences away as single
/// characters (whose letters are commands), and asks for the mouse without drag. What a key sends is taken from the
/// terminal's description first, and from what all terminals since the VT220 and xterm send.
struct InputDecoder {
    /// A lone Escape is one when nothing follows for this long (a sequence may arrive in pieces).
    static let escapeDelay = Duration.milliseconds(50)
    /// A piece that comes later than that, but before this, is still the tail of a sequence, and no command.
    static let tailDelay = Duration.milliseconds(250)
    /// Longer sequences are noise.
    private static let lengthLimit = 4096

    private let keys: KeyTable
    private let isUTF8: Bool
    private var pending: [UInt8] = []
    private var pendingSince = ContinuousClock.Instant.now
    /// When a lone Escape was given away, as long as its tail may yet come.
    private var escapedAt: ContinuousClock.Instant?
    /// The left button is down: the motions that follow are a drag.
    private var isDragging = false
    /// What the terminal was asked, and has not answered yet.
    private var awaited: Set<TerminalQuestion> = []
    private var askedAt: ContinuousClock.Instant?
    /// What it answered, until it is taken.
    private var answers: [TerminalAnswer] = []
    /// How long the rest of an answer may take that has begun to come.
    static let answerDelay = Duration.seconds(5)
    /// How long after a question an Escape may be the first byte of its answer.
    static let answerPatience = Duration.seconds(2)

    init(keys: KeyTable = KeyTable(), isUTF8: Bool = true) {
        self.keys = keys
        self.isUTF8 = isUTF8
    }

    /// When ``flush(at:)`` is due; nil while nothing waits for more bytes.
    var deadline: ContinuousClock.Instant? {
        guard let first = pending.first else { return nil }
        let isLoneEscape = pending.count == 1 && first == 0x1B
        if isAnswer(pending[...]), !isLoneEscape { return pendingSince.advanced(by: Self.answerDelay) }
        let mayBeAnswer = askedAt.map { pendingSince < $0.advanced(by: Self.answerPatience) } ?? false
        return pendingSince.advanced(by: isLoneEscape && !mayBeAnswer ? Self.escapeDelay : Self.tailDelay)
    }

    /// Takes note of a question that goes out: an answer may come whole or in pieces, at once, late or never.
    mutating func expect(_ question: TerminalQuestion, at now: ContinuousClock.Instant) {
        awaited.insert(question)
        askedAt = now
    }

    /// Whether something was asked a moment ago, and its answer may be on its way.
    func isAnswerDue(at now: ContinuousClock.Instant) -> Bool {
        askedAt.map { now < $0.advanced(by: Self.answerPatience) } ?? false
    }

    /// What the terminal has answered since the last call.
    mutating func takeAnswers() -> [TerminalAnswer] {
        defer { answers = [] }
        return answers
    }

    /// Whether all of the bytes can be the beginning of an answer that is awaited.
    private func isAnswer(_ bytes: ArraySlice<UInt8>) -> Bool {
        awaited.contains(.background) && TerminalAnswer.beginning(of: bytes) == bytes.count
    }

    private mutating func takeAnswer(_ sequence: ArraySlice<UInt8>) -> Bool {
        guard !awaited.isEmpty, let answer = TerminalAnswer(sequence) else { return false }
        guard awaited.remove(answer.question) != nil else { return false }
        if awaited.isEmpty { askedAt = nil }
        answers.append(answer)
        return true
    }

    mutating func decode(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant) -> [InputEvent] {
        guard !bytes.isEmpty else { return [] }
        var events = flush(at: now)
        // What waits is overdue by its first byte: a string that never ends (Alt-P) must not swallow keys as long as they come.
        if pending.isEmpty { pendingSince = now }
        if isTail(bytes, at: now) { pending = [0x1B] }
        escapedAt = nil
        pending += bytes
        var start = 0
        while start < pending.count {
            let rest = pending[start...]
            guard let length = InputGrammar.length(of: rest, isUTF8: isUTF8) ?? brokenAnswer(rest) else { break }
            if let event = event(for: rest.prefix(length)) { events.append(event) }
            start += length
        }
        if start > 0 { pendingSince = now }
        pending.removeFirst(start)
        if pending.count > Self.lengthLimit { pending = [] }
        return events
    }

    /// Gives up on what is incomplete and overdue: a lone Escape is the key, anything else is dropped.
    mutating func flush(at now: ContinuousClock.Instant) -> [InputEvent] {
        guard let deadline, now >= deadline else { return [] }
        defer { pending = [] }
        guard pending == [0x1B] else { return [] }
        escapedAt = now
        return [.key(.escape)]
    }

    private func isTail(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant) -> Bool {
        // The rest of an answer whose Escape was taken for a key. Nobody types these characters at once.
        if awaited.contains(.background), pending.isEmpty, bytes.starts(with: "]11;".utf8) { return true }
        guard let escapedAt, now < escapedAt.advanced(by: Self.tailDelay), bytes.count > 1 else { return false }
        return bytes.first == UInt8(ascii: "[") || bytes.first == UInt8(ascii: "O")
    }

    /// The length of an answer that breaks off: what comes behind it is a key.
    private func brokenAnswer(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard awaited.contains(.background), bytes.dropFirst().first == UInt8(ascii: "]") else { return nil }
        let length = TerminalAnswer.beginning(of: bytes)
        return length > 1 && length < bytes.count ? length : nil
    }

    private mutating func event(for sequence: ArraySlice<UInt8>) -> InputEvent? {
        if takeAnswer(sequence) { return nil }
        if let key = keys[sequence] { return .key(key) }
        guard sequence.first == 0x1B else { return character(sequence).map(InputEvent.key) }
        let body = sequence.dropFirst(2)
        switch sequence.dropFirst().first {
        case nil, 0x1B: return .key(.escape)
        case UInt8(ascii: "["):
            if body.first == UInt8(ascii: "<") || body.first == UInt8(ascii: "M") {
                return MouseReport(body).flatMap { mouse($0) }
            }
            return KeyTable.key(controlSequence: body).map(InputEvent.key)
        case UInt8(ascii: "O"): return KeyTable.key(singleShift: body).map(InputEvent.key)
        // Alt with a character, or an answer to a question that nobody asked here.
        default: return nil
        }
    }

    private func character(_ bytes: ArraySlice<UInt8>) -> Key? {
        guard let byte = bytes.first else { return nil }
        switch byte {
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0x00: return .control(" ")
        case 0x01...0x1A: return .control(Unicode.Scalar(byte + 0x60))
        case 0x1C...0x1F: return .control(Unicode.Scalar(byte + 0x40))
        case 0x20...0x7E: return .character(Unicode.Scalar(byte))
        default:
            guard isUTF8, let text = String(validating: bytes, as: UTF8.self) else { return nil }
            guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
            return (0x80..<0xA0).contains(scalar.value) ? nil : .character(scalar)
        }
    }

    /// Only the left button and the wheel mean something; a motion is a drag while that button is down.
    private mutating func mouse(_ report: MouseReport) -> InputEvent? {
        let position = Position(column: report.column, row: report.row)
        if report.isWheel {
            return switch report.button {
            case 0: .mouse(.wheelUp, position)
            case 1: .mouse(.wheelDown, position)
            default: nil
            }
        }
        if report.isMotion {
            return isDragging && report.button == 0 ? .mouse(.drag, position) : nil
        }
        if report.isRelease {
            defer { isDragging = false }
            return isDragging ? .mouse(.release, position) : nil
        }
        guard report.button == 0 else { return nil }
        isDragging = true
        return .mouse(.press, position)
    }
}
