import CKernels

/// Each channel by fixed statistics: y = γ (x − m) / √(v + ε) + β. Channels lie innermost; the parameters are γ and β, if
/// there are any, then m and v.
struct FixedNormalization: SampleKernel {
    let pixels: Int
    let channels: Int
    let epsilon: Float
    let isAffine: Bool

    // Two sums a channel in double precision, then 1/√(v+ε), the factors, and zeros or β.
    var scratch: Int { 7 * channels }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        let table = table(aid)
        lw_normalize(x[0], pixels, channels, Int32(channels), table.mean, table.factor, table.shift, y)
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let table = table(aid)
        table.shift.update(repeating: 0, count: channels)
        let count = pixels * channels
        lw_normalize(
            x[0] + count, directions * pixels, channels, Int32(channels), table.shift, table.factor, table.shift,
            y + count)
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        let table = table(aid)
        if isAffine {
            aid.scratch.withMemoryRebound(to: Double.self, capacity: 2 * channels) { sums in
                lw_normalize_slopes(
                    x[0], dy, pixels, channels, Int32(channels), table.mean, table.inverse, sums, sums + channels)
                for channel in 0..<channels {
                    aid.gradients[0][channel] += Float(sums[channels + channel])
                    aid.gradients[1][channel] += Float(sums[channel])
                }
            }
        }
        guard let dx = dx[0] else { return }
        table.shift.update(repeating: 0, count: channels)
        lw_normalize(dy, pixels, channels, Int32(channels), table.shift, table.factor, table.shift, dx)
    }

    private struct Table {
        let mean: Floats
        let inverse: Floats
        let factor: Floats
        let shift: Floats
    }

    private func table(_ aid: KernelAid) -> Table {
        let start = aid.scratch + 4 * channels
        let first = isAffine ? 2 : 0
        let variance = aid.parameters[first + 1]
        let table = Table(
            mean: aid.parameters[first], inverse: start, factor: start + channels, shift: start + 2 * channels)
        for channel in 0..<channels {
            table.inverse[channel] = 1 / (variance[channel] + epsilon).squareRoot()
            table.factor[channel] = table.inverse[channel] * (isAffine ? aid.parameters[0][channel] : 1)
            table.shift[channel] = isAffine ? aid.parameters[1][channel] : 0
        }
        return table
    }
}
