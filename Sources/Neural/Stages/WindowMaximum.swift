/// The maximum over windows of any sizes, for each channel. Images lie with their channels innermost.
struct WindowMaximum: SampleKernel {
    let image: (channels: Int, height: Int, width: Int)
    /// The rows and columns that each window covers, none of them empty.
    let rows: [[Int]]
    let columns: [[Int]]

    private var inputCount: Int { image.channels * image.height * image.width }
    private var outputCount: Int { image.channels * rows.count * columns.count }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        forEachMaximum(of: x[0]) { output, place in y[output] = x[0][place] }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        forEachMaximum(of: x[0]) { output, place in
            for direction in 1...directions {
                y[direction * outputCount + output] = x[0][direction * inputCount + place]
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        guard let dx = dx[0] else { return }
        dx.update(repeating: 0, count: inputCount)
        forEachMaximum(of: x[0]) { output, place in dx[place] += dy[output] }
    }

    /// The first of equals, as PyTorch has it.
    private func forEachMaximum(of x: Floats, _ body: (_ output: Int, _ place: Int) -> Void) {
        let channels = image.channels
        for (row, rows) in rows.enumerated() {
            for (column, columns) in columns.enumerated() {
                for channel in 0..<channels {
                    var best = (rows[0] * image.width + columns[0]) * channels + channel
                    for y in rows {
                        for place in columns {
                            let candidate = (y * image.width + place) * channels + channel
                            if x[candidate] > x[best] { best = candidate }
                        }
                    }
                    body((row * self.columns.count + column) * channels + channel, best)
                }
            }
        }
    }
}
