import Cells

/// What a key does to a page that lies over the view, scrolled where it is longer than the screen.
enum PageKey: Hashable {
    /// The page closes, and that is all.
    case close
    /// It begins with another line.
    case scroll(to: Int)
    /// The key does what it does elsewhere, and the page stays.
    case pass
    /// The page closes, and the key does what it does elsewhere.
    case leave

    /// - Parameters:
    ///   - offset: the first line that is seen.
    ///   - rows: how many are seen.
    ///   - last: the greatest offset.
    init(_ key: Key, from offset: Int, rows: Int, last: Int) {
        func scroll(to line: Int) -> PageKey { .scroll(to: max(0, min(last, line))) }
        switch key {
        case .character("q"), .character(" "), .escape, .enter: self = .close
        case .down, .character("j"): self = scroll(to: offset + 1)
        case .up, .character("k"): self = scroll(to: offset - 1)
        case .pageDown: self = scroll(to: offset + rows)
        case .pageUp: self = scroll(to: offset - rows)
        case .home: self = scroll(to: 0)
        case .end: self = scroll(to: last)
        case .control("l"), .control("z"), .character("s"), .character("c"): self = .pass
        default: self = .leave
        }
    }
}
