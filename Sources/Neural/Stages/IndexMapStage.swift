import CKernels

/// Each output is one of the inputs, or one number for all: slices, paddings, transposes, and values put into another order.
final class IndexMapStage: ImagewiseStage {
    private let moves: Moves
    private let fill: Float
    private let input: ValueBuffer
    private let output: ValueBuffer

    /// What is quickest for a map.
    private enum Moves {
        /// Neighbors that stay neighbors, copied together.
        case runs([Run])
        case matrices(MatrixTransposition)
        /// For each output the input, or −1, where few neighbors stay neighbors.
        case places([Int32])
    }

    private struct Run {
        let target: Int32
        /// −1: the number for all.
        let source: Int32
        let length: Int32
    }

    /// - Parameter sources: for each output as it lies the input as it lies; −1 for `fill`.
    init(sources: [Int32], fill: Float = 0, input: ValueBuffer, output: ValueBuffer) {
        let runs = Self.runs(sources)
        moves =
            if 4 * runs.count <= sources.count {
                .runs(runs)
            } else if let matrices = MatrixTransposition(sources), input.count == output.count {
                .matrices(matrices)
            } else {
                .places(sources)
            }
        self.fill = fill
        self.input = input
        self.output = output
    }

    private static func runs(_ sources: [Int32]) -> [Run] {
        var runs: [Run] = []
        var start = 0
        while start < sources.count {
            var end = start + 1
            let step: Int32 = sources[start] < 0 ? 0 : 1
            while end < sources.count, sources[end] == sources[end - 1] + step, (sources[end] < 0) == (step == 0) {
                end += 1
            }
            runs.append(Run(target: Int32(start), source: sources[start], length: Int32(end - start)))
            start = end
        }
        return runs
    }

    var isLinear: Bool { true }

    func forward(_ tile: Tile) { move(tile, part: 0, of: 1) }

    /// - Parameter part: one of some parts of each image.
    private func move(_ tile: Tile, part: Int, of parts: Int) {
        for image in 0..<tile.images.count {
            let (from, to) = (input.values(tile) + image * input.count, output.values(tile) + image * output.count)
            // A tangent has no offset.
            let fill = (tile.images.lowerBound + image) % (1 + tile.directions) == 0 ? self.fill : 0
            switch moves {
            case .runs(let runs):
                for index in runs.count * part / parts..<runs.count * (part + 1) / parts {
                    copy(runs[index], from, fill, to)
                }
            case .matrices(let matrices):
                matrices.transpose(from, to, part: part, of: parts)
            case .places(let places):
                let first = places.count * part / parts
                places.withUnsafeBufferPointer { places in
                    guard let base = places.baseAddress else { return }
                    let count = places.count * (part + 1) / parts - first
                    lw_gather(from, base + first, count, fill, to + first)
                }
            }
        }
    }

    private func copy(_ run: Run, _ from: Floats, _ fill: Float, _ to: Floats) {
        let target = to + Int(run.target)
        if run.source < 0 {
            target.update(repeating: fill, count: Int(run.length))
        } else {
            target.update(from: from + Int(run.source), count: Int(run.length))
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        for image in 0..<tile.images.count {
            let (from, to) = (gradient + image * output.count, target + image * input.count)
            if case .matrices(let matrices) = moves {
                matrices.transposeBack(from, to)
                continue
            }
            to.update(repeating: 0, count: input.count)
            switch moves {
            case .runs(let runs):
                for run in runs where run.source >= 0 {
                    lw_add(from + Int(run.target), to + Int(run.source), Int(run.length))
                }
            case .places(let places): lw_scatter_add(from, places, places.count, to)
            case .matrices: break
            }
        }
    }

    // MARK: One image on several threads

    private var parts: Int { output.count < 32_768 ? 1 : 4 }
    func splitItems(round: Int) -> Int { parts }

    func forwardSplit(round: Int, item: Int, worker: Int) { move(.single, part: item, of: parts) }
}

/// A map that transposes one matrix after the other: an image's channels from outermost to innermost, the keys of
/// attention.
private struct MatrixTransposition {
    let count: Int
    let rows: Int
    let columns: Int

    /// Nil for another map.
    init?(_ sources: [Int32]) {
        guard sources.count > 1, sources[0] == 0, sources[1] > 1, let rows = sources.firstIndex(of: 1) else {
            return nil
        }
        let columns = Int(sources[1])
        let size = rows * columns
        guard sources.count % size == 0 else { return nil }
        for (place, source) in sources.enumerated() {
            let inner = place % size
            guard Int(source) == place - inner + inner % rows * columns + inner / rows else { return nil }
        }
        (count, self.rows, self.columns) = (sources.count / size, rows, columns)
    }

    /// - Parameter part: one of some parts of the result's rows.
    func transpose(_ x: Floats, _ y: Floats, part: Int, of parts: Int) {
        for matrix in 0..<count {
            let start = matrix * rows * columns
            lw_transpose(
                x + start, rows, columns, columns * part / parts, columns * (part + 1) / parts, y + start)
        }
    }

    func transposeBack(_ y: Floats, _ x: Floats) {
        for matrix in 0..<count {
            let start = matrix * rows * columns
            lw_transpose(y + start, columns, rows, 0, rows, x + start)
        }
    }
}
