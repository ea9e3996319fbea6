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

    /// What the derivatives need beside x and y: means, or how many elements are the largest and share the derivative.
    private func prepareSlopes(_ x: Floats, _ y: Floats, _ aid: KernelAid) {
        let numbers = numbers(aid)
        if isExtreme {
            let sums = sums(aid)
            loops.visit { shape, places, place in
                lw_add_extremes(
                    x + place, y + places.first, nil, shape.rows, shape.columns, shape.row.0, shape.column.0,
                    sums + places.first)
            }
            for index in 0..<outputCount { numbers[index] = Float(sums[index]) }
        } else if function == .variance {
            sum(x, numbers, divisor: Double(share), aid)
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let (x, numbers) = (x[0], numbers(aid))
        prepareSlopes(x, y, aid)
        for direction in 1...directions {
            let (along, sums) = (x + direction * loops.count, sums(aid))
            loops.visit { shape, places, place in
                if isExtreme {
                    lw_add_extremes(
                        x + place, y + places.first, along + place, shape.rows, shape.columns, shape.row.0,
                        shape.column.0, sums + places.first)
                } else {
                    lw_add_to_products(
                        x + place, numbers + places.first, along + place, shape.rows, shape.columns, shape.row.0,
                        shape.column.0, sums + places.first)
                }
            }
            for index in 0..<outputCount {
                y[direction * outputCount + index] = Float(
                    isExtreme ? sums[index] / Double(numbers[index]) : 2 * sums[index] / Double(share - correction))
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        guard let dx = dx[0] else { return }
        let (x, numbers) = (x[0], numbers(aid))
        prepareSlopes(x, y, aid)
        for index in 0..<outputCount { dy[index] *= factor(numbers[index]) }
        loops.visit { shape, places, place in
            let (from, steps) = (dy + places.first, (row: shape.row.0, column: shape.column.0))
            switch function {
            case .sum, .mean: lw_repeat(from, shape.rows, shape.columns, steps.row, steps.column, dx + place)
            case .amax, .amin:
                lw_repeat_extremes(
                    from, x + place, y + places.first, shape.rows, shape.columns, steps.row, steps.column, dx + place)
            case .variance:
                lw_repeat_distances(
                    from, x + place, numbers + places.first, shape.rows, shape.columns, steps.row, steps.column,
                    dx + place)
            }
        }
    }

    /// What an element's derivative has in common with those of all that come to the same result.
    private func factor(_ number: Float) -> Float {
        switch function {
        case .sum: 1
        case .mean: 1 / Float(share)
        case .amax, .amin: 1 / number
        case .variance: 2 / Float(share - correction)
        }
    }
}
