import CKernels

/// Values side by side: each row of the output is a row of each of the inputs.
final class ConcatenationStage: ImagewiseStage {
    private let rows: Int
    private let inputs: [ValueBuffer]
    private let output: ValueBuffer

    init(rows: Int, inputs: [ValueBuffer], output: ValueBuffer) {
        self.rows = rows
        self.inputs = inputs
        self.output = output
    }

    var isLinear: Bool { true }

    func forward(_ tile: Tile) { copy(tile, rows: 0..<rows) }

    private func copy(_ tile: Tile, rows range: Range<Int>) {
        let wide = output.count / rows
        for image in 0..<tile.images.count {
            var target = output.values(tile) + image * output.count + range.lowerBound * wide
            for input in inputs {
                let width = input.count / rows
                let source = input.values(tile) + image * input.count + range.lowerBound * width
                lw_copy_rows(source, range.count, width, width, target, wide)
                target += width
            }
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile) else { return }
        let wide = output.count / rows
        for image in 0..<tile.images.count {
            var source = gradient + image * output.count
            for input in inputs {
                let width = input.count / rows
                if let target = input.gradient(tile) {
                    lw_copy_rows(source, rows, width, wide, target + image * input.count, width)
                }
                source += width
            }
        }
    }

    // MARK: One image on several threads

    private var parts: Int { output.count < 32_768 || rows < 4 ? 1 : 4 }
    func splitItems(round: Int) -> Int { parts }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        copy(.single, rows: rows * item / parts..<rows * (item + 1) / parts)
    }
}
