import CKernels

/// f(a, b) elementwise, where a is an input, and either may be repeated along some axes.
struct BinaryKernel: SampleKernel {
    /// What b is.
    enum Second {
        case input
        case number(Memory)
        case parameter

        static func number(_ number: Float) -> Second {
            let memory = Memory(1)
            memory.fill(number)
            return .number(memory)
        }
    }

    let function: lw_binary_function
    let isLinear: Bool
    /// Elements of each input.
    let counts: [Int]
    let loops: BroadcastLoops
    let second: Second

    var parts: Int { loops.parts }

    private func second(_ x: Operands, _ aid: KernelAid) -> Floats {
        switch second {
        case .input: x[1]
        case .number(let memory): memory.pointer
        case .parameter: aid.parameters[0]
        }
    }

    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid) { forward(x, y, part: 0, of: 1, aid) }

    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid) {
        let (a, b) = (x[0], second(x, aid))
        loops.visit(part: part, of: parts) { shape, places, output in
            withUnsafePointer(to: shape) { lw_binary(function, $0, a + places.first, b + places.second, y + output) }
        }
    }

    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        let (a, b) = (x[0], second(x, aid))
        for direction in 1...directions {
            let (ta, tb) = (a + direction * counts[0], counts.count > 1 ? b + direction * counts[1] : nil)
            let result = y + direction * loops.count
            loops.visit { shape, places, output in
                withUnsafePointer(to: shape) {
                    lw_binary_tangent(
                        function, $0, a + places.first, b + places.second, ta + places.first,
                        tb.map { $0 + places.second }, result + output)
                }
            }
        }
    }

    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid) {
        let (a, b) = (x[0], second(x, aid))
        for index in counts.indices { dx[index]?.update(repeating: 0, count: counts[index]) }
        func add(to gradient: Floats?, byB: Bool) {
            guard let gradient else { return }
            loops.visit { shape, places, output in
                withUnsafePointer(to: shape) {
                    lw_binary_backward(
                        function, byB ? 1 : 0, $0, a + places.first, b + places.second, dy + output,
                        gradient + (byB ? places.second : places.first))
                }
            }
        }
        add(to: dx[0], byB: false)
        switch second {
        case .input: add(to: dx[1], byB: true)
        case .number: break
        case .parameter: add(to: aid.gradients[0], byB: true)
        }
    }
}
