import CKernels

/// Each output is one of the inputs, or one number for all: slices, paddings, transposes, and values put into another order.
final class IndexMapStage: ImagewiseStage {
    /// Neighbors that stay neighbors, copied together.
    private struct Run {
        let target: Int32
        /// −1: the number for all.
        let source: Int32
        let length: Int32
    }

    private let runs: [Run]
    /// Instead of runs, where few neighbors stay neighbors: for each output the input, or −1.
    private let scattered: [Int32]
    private let fill: Float
    private let input: ValueBuffer
    private let output: ValueBuffer

    /// - Parameter sources: for each output as it lies the input as it lies; −1 for `fill`.
    init(sources: [Int32], fill: Float = 0, input: ValueBuffer, output: ValueBuffer) {
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
        let areLong = 4 * runs.count <= sources.count
        self.runs = areLong ? runs : []
        scattered = areLong ? [] : sources
        self.fill = fill
        self.input = input
        self.output = output
    }

    var isLinear: Bool { true }

    func forward(_ tile: Tile) { move(tile, part: 0, of: 1) }

    private func move(_ tile: Tile, part: Int, of parts: Int) {
        for image in 0..<tile.images.count {
            let (from, to) = (input.values(tile) + image * input.count, output.values(tile) + image * output.count)
            // A tangent has no offset.
            let fill = (tile.images.lowerBound + image) % (1 + tile.directions) == 0 ? self.fill : 0
            let count = scattered.count
            let range = count * part / parts..<count * (part + 1) / parts
            scattered.withUnsafeBufferPointer { sources in
                guard let base = sources.baseAddress, !range.isEmpty else { return }
                lw_gather(from, base + range.lowerBound, range.count, fill, to + range.lowerBound)
            }
            for index in runs.count * part / parts..<runs.count * (part + 1) / parts {
                let run = runs[index]
                let target = to + Int(run.target)
                if run.source < 0 {
                    target.update(repeating: fill, count: Int(run.length))
                } else {
                    target.update(from: from + Int(run.source), count: Int(run.length))
                }
            }
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        target.update(repeating: 0, count: tile.images.count * input.count)
        for image in 0..<tile.images.count {
            let (from, to) = (gradient + image * output.count, target + image * input.count)
            lw_scatter_add(from, scattered, scattered.count, to)
            for run in runs where run.source >= 0 {
                lw_add(from + Int(run.target), to + Int(run.source), Int(run.length))
            }
        }
    }

    // MARK: One image on several threads

    private var parts: Int { output.count < 32_768 ? 1 : 4 }
    func splitItems(round: Int) -> Int { parts }

    func forwardSplit(round: Int, item: Int, worker: Int) { move(.single, part: item, of: parts) }
}
