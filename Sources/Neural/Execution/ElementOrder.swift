/// Another order of a tensor's elements: where in PyTorch's layout each of them lies, as nested loops.
///
/// A table with a number for each element would be as large as the tensor.
struct ElementOrder {
    /// A loop: how many elements, and how far apart they lie in PyTorch's layout. The distance may be negative.
    struct Axis {
        let count: Int
        let stride: Int
    }

    /// Nested loops from one start, outermost first.
    struct Block {
        let start: Int
        let axes: [Axis]
    }

    /// What follows each other.
    let blocks: [Block]

    init(blocks: [Block]) { self.blocks = blocks }

    init(start: Int = 0, _ axes: [Axis]) { blocks = [Block(start: start, axes: axes)] }

    var count: Int { blocks.reduce(0) { $0 + $1.axes.reduce(1) { $0 * $1.count } } }

    /// target[i] = the element of `source`, in PyTorch's layout, that comes i-th here.
    func gather(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        var place = target
        forEachRun { start, axis in
            var from = source + start
            for index in 0..<axis.count {
                place[index] = from.pointee
                from += axis.stride
            }
            place += axis.count
        }
    }

    /// The inverse of ``gather(_:into:)``.
    func scatter(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        var place = source
        forEachRun { start, axis in
            var to = target + start
            for index in 0..<axis.count {
                to.pointee = place[index]
                to += axis.stride
            }
            place += axis.count
        }
    }

    /// Calls `body` with each innermost loop and where it starts.
    private func forEachRun(_ body: (Int, Axis) -> Void) {
        for block in blocks {
            let outer = block.axes.dropLast()
            guard let inner = block.axes.last else { continue }
            var counters = [Int](repeating: 0, count: outer.count)
            var start = block.start
            for _ in 0..<outer.reduce(1, { $0 * $1.count }) {
                body(start, inner)
                // The next, as an odometer turns.
                for (wheel, axis) in outer.enumerated().reversed() {
                    counters[wheel] += 1
                    start += axis.stride
                    if counters[wheel] < axis.count { break }
                    start -= axis.count * axis.stride
                    counters[wheel] = 0
                }
            }
        }
    }
}
