import CKernels

/// Windows that are gathered some at a time, so that scratch memory stays small whatever the image and the kernel.
struct WindowPieces {
    /// Floats of a piece, 8 MB; one window may have more, but its weights have as many then.
    private static let budget = 1 << 21

    private let window: lw_window
    /// Floats of a gathered window.
    private let depth: Int
    /// Of a piece: some rows, or a part of one.
    private let rows: Int
    private let columns: Int

    init(_ window: lw_window, depth: Int) {
        self.window = window
        self.depth = depth
        let fitting = max(1, WindowPieces.budget / max(1, depth))
        rows = min(Int(window.rows), max(1, fitting / Int(window.columns)))
        columns = min(Int(window.columns), fitting)
    }

    /// Floats of the largest one.
    var scratch: Int { rows * columns * depth }

    /// - Parameter body: takes a piece, as a window over the same image with the padding that puts it into its place, and
    ///   the number of its first position.
    func visit(_ body: (_ piece: inout lw_window, _ first: Int) -> Void) {
        for row in stride(from: 0, to: Int(window.rows), by: rows) {
            for column in stride(from: 0, to: Int(window.columns), by: columns) {
                var piece = window
                piece.rows = Int32(min(rows, Int(window.rows) - row))
                piece.columns = Int32(min(columns, Int(window.columns) - column))
                piece.padding_height -= Int32(row) * window.stride_height
                piece.padding_width -= Int32(column) * window.stride_width
                body(&piece, row * Int(window.columns) + column)
            }
        }
    }
}
