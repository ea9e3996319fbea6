import Cells

/// A part of the screen that is drawn once, and kept until something that it shows has changed.
struct Drawn<Key: Hashable & Sendable>: Sendable {
    /// All that the drawing depends on; nil: nothing was drawn yet.
    private(set) var key: Key?
    private(set) var canvas = Canvas(Size(columns: 0, rows: 0))

    /// Draws anew where the key is another.
    mutating func refresh(_ key: Key, size: Size, _ draw: (inout Canvas) -> Void) {
        guard key != self.key else { return }
        canvas = Canvas(size)
        draw(&canvas)
        self.key = key
    }

    /// Draws something on top of what is there already.
    mutating func extend(_ draw: (inout Canvas) -> Void) { draw(&canvas) }

    /// Draws anew the next time, whatever the key is.
    mutating func forget() { key = nil }
}
