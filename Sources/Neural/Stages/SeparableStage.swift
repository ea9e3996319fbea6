import CKernels

/// A source along one side of an image, and how much of it counts.
struct Tap {
    let place: Int
    let weight: Float
}

/// y = A x Bᵀ for each channel, with sparse A and B: interpolation and means over windows. Images lie with their channels
/// innermost.
final class SeparableStage: ImagewiseStage {
    private let image: (channels: Int, height: Int, width: Int)
    private let rows: TapTable
    private let columns: TapTable
    private let input: ValueBuffer
    private let output: ValueBuffer
    private var scratch: Scratch?

    /// - Parameters:
    ///   - rows: for each row of the output the rows of the input that it is made of.
    ///   - columns: likewise.
    init(
        image: (channels: Int, height: Int, width: Int), rows: [[Tap]], columns: [[Tap]], input: ValueBuffer,
        output: ValueBuffer
    ) {
        self.image = image
        self.rows = TapTable(rows)
        self.columns = TapTable(columns)
        self.input = input
        self.output = output
    }

    var isLinear: Bool { true }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.scratch = scratch
        scratch.reserve(image.width * image.channels)
    }

    func forward(_ tile: Tile) {
        guard let row = scratch?[tile.worker] else { return }
        let (line, wide) = (image.width * image.channels, columns.count * image.channels)
        for index in 0..<tile.images.count {
            let (from, to) = (input.values(tile) + index * input.count, output.values(tile) + index * output.count)
            for target in 0..<rows.count {
                row.update(repeating: 0, count: line)
                for tap in rows[target] { lw_add_scaled(from + tap.place * line, tap.weight, row, line) }
                let result = to + target * wide
                result.update(repeating: 0, count: wide)
                for column in 0..<columns.count {
                    for tap in columns[column] {
                        lw_add_scaled(
                            row + tap.place * image.channels, tap.weight, result + column * image.channels,
                            image.channels)
                    }
                }
            }
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile),
            let row = scratch?[tile.worker]
        else { return }
        let (line, wide) = (image.width * image.channels, columns.count * image.channels)
        target.update(repeating: 0, count: tile.images.count * input.count)
        for index in 0..<tile.images.count {
            let (from, to) = (gradient + index * output.count, target + index * input.count)
            for source in 0..<rows.count {
                row.update(repeating: 0, count: line)
                for column in 0..<columns.count {
                    for tap in columns[column] {
                        lw_add_scaled(
                            from + source * wide + column * image.channels, tap.weight,
                            row + tap.place * image.channels,
                            image.channels)
                    }
                }
                for tap in rows[source] { lw_add_scaled(row, tap.weight, to + tap.place * line, line) }
            }
        }
    }
}

/// Lists of taps, one after the other in one array.
private struct TapTable {
    private let taps: [Tap]
    private let ends: [Int]

    init(_ lists: [[Tap]]) {
        taps = lists.flatMap(\.self).filter { $0.weight != 0 }
        var ends: [Int] = []
        for list in lists { ends.append((ends.last ?? 0) + list.count { $0.weight != 0 }) }
        self.ends = ends
    }

    var count: Int { ends.count }

    subscript(index: Int) -> ArraySlice<Tap> { taps[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
}
