/// The last few steps of a minimization and how the gradient changed over them: limited-memory BFGS (Nocedal 1980) over
/// any first guess of the inverse Hessian.
struct QuasiNewton {
    private static let memory = 40
    private var pairs: [(step: [Double], change: [Double], curvature: Double)] = []

    /// Remembers a step; one along which the energy does not curve upwards says nothing and is passed over.
    mutating func remember(step: [Double], change: [Double]) {
        let curvature = dot(step, change)
        guard curvature > 1e-10 * (dot(step, step) * dot(change, change)).squareRoot() else { return }
        pairs.append((step, change, curvature))
        if pairs.count > QuasiNewton.memory { pairs.removeFirst() }
    }

    mutating func forget() { pairs = [] }

    var isEmpty: Bool { pairs.isEmpty }

    /// The direction of descent for a gradient: the two loops of L-BFGS.
    ///
    /// - Parameter inverse: the first guess of the inverse Hessian, applied to a vector.
    func direction(_ gradient: [Double], inverse: ([Double]) -> [Double]) -> [Double] {
        var q = gradient
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = dot(pair.step, q) / pair.curvature
            weights.append(weight)
            add(-weight, pair.change, to: &q)
        }
        var r = inverse(q)
        for (pair, weight) in zip(pairs, weights.reversed()) {
            add(weight - dot(pair.change, r) / pair.curvature, pair.step, to: &r)
        }
        return r.map { -$0 }
    }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = SIMD4<Double>.zero
    let whole = a.count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
        let (x, y) = (
            SIMD4(a[index], a[index + 1], a[index + 2], a[index + 3]),
            SIMD4(b[index], b[index + 1], b[index + 2], b[index + 3])
        )
        sum += x * y
    }
    return (whole..<a.count).reduce(sum.sum()) { $0 + a[$1] * b[$1] }
}

private func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
    for index in b.indices { b[index] += factor * a[index] }
}
