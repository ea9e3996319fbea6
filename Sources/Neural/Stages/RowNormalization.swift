import CKernels

/// Rows of a sample, each by its own mean and variance, or by its mean square alone.
///
/// y = w (x − m) / √(v + ε) + b along each row; without a center m is 0 and v the mean of the squares.
struct RowNormalization: SampleKernel {
    /// What the rows' elements are multiplied by, and what is added.
    struct Weights {
        let hasWeight: Bool
        let hasBias: Bool
        /// Whether each row has its own.
        var differ = false
        /// How many elements in turn share one.
        var repeats = 1
    }

    let rows: Int
    let length: Int
    let epsilon: Float
    var isCentered = true
    let weights: Weights

    private var count: Int { rows * length }
    // Rows of weights, biases, their gradients, and ones.
    var scratch: Int { 5 * length }

    var parts: Int { count < 16_384 || rows < 4 ? 1 : 4 }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) { forward(x, y, part: 0, of: 1, aid) }

    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid) {
        for row in rows * part / parts..<rows * (part + 1) / parts {
            let (from, statistics) = (x[0] + row * length, statistics(x[0] + row * length))
            lw_row_normalize(
                from, length, statistics.center, statistics.inverse, -statistics.rest * statistics.inverse,
                weight(row, aid), bias(row, aid), y + row * length)
        }
    }

    // MARK: Derivatives

    /// Along v: w/√(v+ε) (v − mean v − x̂ mean(v x̂)), and that of x̂ is its own transpose.
    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let ones = ones(aid)
        for row in 0..<rows {
            let start = row * length
            let statistics = statistics(x[0] + start)
            let weight = weight(row, aid)
            for direction in 1...directions {
                let v = x[0] + direction * count + start
                derive(v, ones, x[0] + start, statistics, weight, y + direction * count + start)
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        let ones = ones(aid)
        for row in 0..<rows {
            let start = row * length
            let statistics = statistics(x[0] + start)
            addSlopes(row, dy + start, x[0] + start, statistics, aid)
            guard let dx = dx[0] else { continue }
            derive(dy + start, weight(row, aid), x[0] + start, statistics, ones, dx + start)
        }
    }

    private func derive(
        _ v: Floats, _ before: Floats, _ x: Floats, _ statistics: Statistics, _ after: Floats, _ result: Floats
    ) {
        var (sum, product) = (0.0, 0.0)
        lw_row_products(v, before, x, length, statistics.center, &sum, &product)
        let inverse = statistics.inverse
        let mean = isCentered ? Float(sum / Double(length)) : 0
        let along = Float((product - Double(statistics.rest) * sum) * Double(inverse) / Double(length))
        let slope = -inverse * inverse * along
        lw_row_mix(
            v, before, x, length, inverse, statistics.center, slope, -inverse * mean - slope * statistics.rest, after,
            result)
    }

    private struct Statistics {
        /// The mean as a float, and what it is beyond that.
        let center: Float
        let rest: Float
        let inverse: Float
    }

    private func statistics(_ x: Floats) -> Statistics {
        var (sum, square) = (0.0, 0.0)
        lw_row_moments(x, length, &sum, &square)
        let mean = isCentered ? sum / Double(length) : 0
        let variance = max(0, square / Double(length) - mean * mean)
        let center = Float(mean)
        return Statistics(
            center: center, rest: Float(mean - Double(center)),
            inverse: Float(1 / (variance + Double(epsilon)).squareRoot()))
    }

    // MARK: Weights

    private func weight(_ row: Int, _ aid: KernelAid) -> Floats {
        spread(weights.hasWeight ? aid.parameters[0] : nil, row, standard: 1, aid.scratch)
    }

    private func bias(_ row: Int, _ aid: KernelAid) -> Floats {
        spread(weights.hasBias ? aid.parameters[1] : nil, row, standard: 0, aid.scratch + length)
    }

    private func ones(_ aid: KernelAid) -> Floats {
        let ones = aid.scratch + 4 * length
        ones.update(repeating: 1, count: length)
        return ones
    }

    /// The numbers of a row's elements: where they lie, or in scratch memory.
    private func spread(_ numbers: Floats?, _ row: Int, standard: Float, _ line: Floats) -> Floats {
        guard let numbers else {
            line.update(repeating: standard, count: length)
            return line
        }
        guard weights.repeats > 1 else { return numbers + (weights.differ ? row * length : 0) }
        let first = weights.differ ? row * length / weights.repeats : 0
        for index in 0..<length { line[index] = numbers[first + index / weights.repeats] }
        return line
    }

    private func addSlopes(_ row: Int, _ dy: Floats, _ x: Floats, _ statistics: Statistics, _ aid: KernelAid) {
        guard weights.hasWeight else { return }
        let (weightLine, biasLine) = (aid.scratch + 2 * length, aid.scratch + 3 * length)
        weightLine.update(repeating: 0, count: 2 * length)
        lw_row_slopes(
            dy, x, length, statistics.center, statistics.inverse, -statistics.rest * statistics.inverse, weightLine,
            biasLine)
        let first = weights.differ ? row * length / weights.repeats : 0
        gather(weightLine, aid.gradients[0] + first)
        if weights.hasBias { gather(biasLine, aid.gradients[1] + first) }
    }

    private func gather(_ line: Floats, _ gradient: Floats) {
        guard weights.repeats > 1 else { return lw_add(line, gradient, length) }
        for index in 0..<length { gradient[index / weights.repeats] += line[index] }
    }
}
