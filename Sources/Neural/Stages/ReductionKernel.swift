import CKernels

/// Sums and what follows from them, in double precision, and largest values.
struct ReductionKernel: SampleKernel {
    let function: Reduction.Function
    /// Over the input, each element of which belongs to an element of the result, the loops' first operand.
    let loops: BroadcastLoops
    let outputCount: Int
    let correction: Int

    /// How many elements come to one.
    private var share: Int { loops.count / outputCount }
    private var isExtreme: Bool { function == .amax || function == .amin }
    var isLinear: Bool { function == .mean || function == .sum }
    /// Sums in double precision, and a number for each result: a mean, or how many are the largest.
    var scratch: Int { 3 * outputCount }

    private func sums(_ aid: KernelAid) -> UnsafeMutablePointer<Double> {
        let sums = UnsafeMutableRawPointer(aid.scratch).assumingMemoryBound(to: Double.self)
        sums.update(repeating: 0, count: outputCount)
        return sums
    }

    private func numbers(_ aid: KernelAid) -> Floats { aid.scratch + 2 * outputCount }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) {
        switch function {
        case .sum: sum(x[0], y, divisor: 1, aid)
        case .mean: sum(x[0], y, divisor: Double(share), aid)
        case .amax, .amin:
            let sign: Float = function == .amax ? 1 : -1
            y.update(repeating: -sign * .infinity, count: outputCount)
            loops.visit { shape, places, place in
                lw_take_extremes(
                    x[0] + place, shape.rows, shape.columns, shape.row.0, shape.column.0, sign, y + places.first)
            }
        case .variance:
            let means = numbers(aid)
            sum(x[0], means, divisor: Double(share), aid)
            let sums = sums(aid)
            loops.visit { shape, places, place in
                lw_add_to_squares(
                    x[0] + place, means + places.first, shape.rows, shape.columns, shape.row.0, shape.column.0,
                    sums + places.first)
            }
            for index in 0..<outputCount { y[index] = Float(sums[index] / Double(share - correction)) }
        }
    }

    private func sum(_ x: Floats, _ result: Floats, divisor: Double, _ aid: KernelAid) {
        let sums = sums(aid)
        loops.visit { shape, places, place in
            lw_add_to_sums(
                x + place, shape.rows, shape.columns, shape.row.0, shape.column.0, sums + places.first)
        }
        for index in 0..<outputCount { result[index] = Float(sums[index] / divisor) }
    }

    // MARK: Derivatives

    /// Calls the body with each element of the input and the element of the result that it belongs to.
    @inline(__always)
    private func visit(_ body: (_ input: Int, _ output: Int) -> Void) {
        loops.visit { shape, places, place in
            for row in 0..<shape.rows {
                for column in 0..<shape.columns {
                    body(
                        place + row * shape.y_row + column, places.first + row * shape.row.0 + column * shape.column.0)
                }
            }
        }
    }

    /// What ``slope(_:_:_:)`` needs beside x and y.
    private func prepareSlopes(_ x: Floats, _ y: Floats, _ aid: KernelAid) {
        let numbers = numbers(aid)
        if isExtreme {
            numbers.update(repeating: 0, count: outputCount)
            visit { input, output in if x[input] == y[output] { numbers[output] += 1 } }
        } else if function == .variance {
            sum(x, numbers, divisor: Double(share), aid)
        }
    }

    /// The derivative of a result by one of its elements; several that are the largest share it.
    @inline(__always)
    private func slope(_ x: Float, _ y: Float, _ number: Float) -> Float {
        switch function {
        case .sum: 1
        case .mean: 1 / Float(share)
        case .amax, .amin: x == y ? 1 / number : 0
        case .variance: 2 * (x - number) / Float(share - correction)
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let (x, numbers) = (x[0], numbers(aid))
        prepareSlopes(x, y, aid)
        for direction in 1...directions {
            let (from, to, sums) = (x + direction * loops.count, y + direction * outputCount, sums(aid))
            visit { input, output in
                sums[output] += Double(slope(x[input], y[output], numbers[output]) * from[input])
            }
            for index in 0..<outputCount { to[index] = Float(sums[index]) }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        guard let dx = dx[0] else { return }
        let (x, numbers) = (x[0], numbers(aid))
        prepareSlopes(x, y, aid)
        visit { input, output in dx[input] = slope(x[input], y[output], numbers[output]) * dy[output] }
    }
}
