import Neural

/// What the shapes of tensors do not say of one convolution: how it changes the size of a map.
struct Choice: Hashable, Sendable {
    var stride = 1
    var padding = 0
    var outputPadding = 0
    /// By how much the map is enlarged before it.
    var scale = 1
    /// By how much it is pooled after it.
    var pool = 1
    /// Whether an open convolution is of the other kind than those around it: not transposed.
    var isOther = false
    /// Whether the enlargement takes the place of the activation before it.
    var yields = false

    /// A map's side after it; nil where nothing is left.
    func side(_ size: Int, _ kernel: Int, _ role: Step.Role) -> Int? {
        let enlarged = size * scale
        let made: Int
        switch role {
        case .transposed where !isOther: made = (enlarged - 1) * stride - 2 * padding + kernel + outputPadding
        case .convolution, .transposed:
            guard enlarged + 2 * padding >= kernel else { return nil }
            made = (enlarged + 2 * padding - kernel) / stride + 1
        case .linear: made = enlarged
        }
        let pooled = made / pool
        return (1...1024).contains(pooled) ? pooled : nil
    }
}

extension Choice: CustomStringConvertible {
    var description: String { (["stride \(stride)", "padding \(padding)"] + changes).joined(separator: ", ") }

    /// What it does beside a convolution's stride and padding.
    var changes: [String] {
        var parts: [String] = []
        if outputPadding > 0 { parts.append("output padding \(outputPadding)") }
        if scale > 1 { parts.append("enlarged ×\(scale) before") }
        if pool > 1 { parts.append("pooled ÷\(pool) after") }
        if yields { parts.append("without an activation before") }
        return parts
    }
}

/// What is plausible for one convolution, with what speaks against it: 0 is what most people write.
struct ChoiceTable {
    let half: Half

    /// - Parameters:
    ///   - room: how many modules without weights stand before it in a decoder, or after it in an encoder; nil: unknown.
    func choices(kernel: Int, role: Step.Role, size: Int, room: Int?) -> [(choice: Choice, cost: Double)] {
        switch (half, role) {
        case (_, .linear): [(Choice(), 0)]
        case (.encoder, _): encoding(kernel, room)
        case (_, .transposed): transposed(kernel, size, room)
        case (_, .convolution): convolved(kernel, room)
        }
    }

    /// What an open convolution among transposed ones may be as well: one that keeps the map's size, most often after one
    /// that enlarges it in a Sequential.
    func other(kernel: Int, follows: Bool) -> [(choice: Choice, cost: Double)] {
        [(Choice(padding: (kernel - 1) / 2, isOther: true), follows ? 0.6 : 1.3)]
    }

    /// What heads do that are convolutions: they keep a map's size, or bring it to one pixel (Radford et al. 2016).
    static func heads(kernel: Int, size: Int) -> [(choice: Choice, cost: Double)] {
        guard kernel > 1 else { return [(Choice(), 0)] }
        let same = (kernel - 1) / 2
        let isOdd = !kernel.isMultiple(of: 2)
        return [
            (Choice(), kernel == size ? 0 : 0.5), (Choice(padding: same), isOdd ? 0 : 1),
            (Choice(stride: 2, padding: isOdd ? same : kernel / 2 - 1), 0.8),
        ]
    }

    private func costOfRoom(_ room: Int?) -> Double {
        switch room {
        case nil: 0.4
        case 0?: 2.5
        default: 0
        }
    }

    private func transposed(_ kernel: Int, _ size: Int, _ room: Int?) -> [(Choice, Double)] {
        var found: [(Choice, Double)] = []
        for stride in 1...4 {
            for padding in 0...min(kernel - 1, max(1, kernel / 2), 8) {
                for extra in 0..<min(stride, 2) {
                    let choice = Choice(stride: stride, padding: padding, outputPadding: extra)
                    guard let side = choice.side(size, kernel, .transposed) else { continue }
                    found.append((choice, cost(choice, kernel, from: size, to: side)))
                }
            }
        }
        for padding in Set([0, (kernel - 1) / 2]) {
            found.append(
                (
                    Choice(padding: padding, scale: 2),
                    0.7 + 2 * costOfRoom(room) + (padding == 0 && kernel > 1 ? 0.6 : 0)
                ))
        }
        return found
    }

    private func cost(_ choice: Choice, _ kernel: Int, from size: Int, to side: Int) -> Double {
        if size == 1 { return costFromPixel(choice, kernel, to: side) }
        switch choice.stride {
        case 1:
            if choice.padding == 0 { return 0.9 }
            return side == size ? 0.8 : 1.8
        case 2:
            if side == 2 * size { return 0 }
            if choice.padding == 0 { return choice.outputPadding == 0 ? 0.6 : 1.2 }
            if side == 2 * size - 1 { return choice.outputPadding == 0 ? 0.6 : 1.4 }
            return choice.padding == 1 ? 1.1 : 1.8
        case 3: return side == 3 * size ? 1.5 : choice.padding == 0 && choice.outputPadding == 0 ? 1.5 : 2.2
        default: return side == 4 * size ? 1.0 : choice.padding == 0 && choice.outputPadding == 0 ? 2 : 3
        }
    }

    /// From one pixel people make a map as large as the kernel.
    private func costFromPixel(_ choice: Choice, _ kernel: Int, to side: Int) -> Double {
        if choice.padding == 0, choice.outputPadding == 0 { return choice.stride <= 2 ? 0.2 : 1 }
        return side == 2 && choice.stride == 2 ? (kernel <= 3 ? 0.2 : 1) : 2
    }

    private func convolved(_ kernel: Int, _ room: Int?) -> [(Choice, Double)] {
        let same = (kernel - 1) / 2
        var found: [(Choice, Double)] = []
        for padding in Set([same, 0, 1]) where padding < kernel {
            let odd = padding == same ? 0 : padding == 0 ? 0.9 : 1.6
            found.append((Choice(padding: padding), odd + ((room ?? 0) >= 1 ? 0.6 : kernel == 1 ? 0.1 : 0.3)))
            found.append((Choice(padding: padding, scale: 2), odd + (room == nil ? 0.8 : costOfRoom(room))))
            if (room ?? 1) >= 1 { found.append((Choice(padding: padding, scale: 4), odd + 2)) }
        }
        return found
    }

    private func encoding(_ kernel: Int, _ room: Int?) -> [(Choice, Double)] {
        let same = (kernel - 1) / 2
        var found: [(Choice, Double)] = []
        for padding in 0...min(8, max(1, kernel / 2)) {
            let isSame = padding == same
            let odd = isSame ? 0 : padding == 0 ? 0.5 : 1.3
            let isFolded = kernel > 1 && kernel == 2 * (padding + 1)
            // What stands where there is room for one more is most often a pooling.
            let unpooled = (room ?? 0) >= 1 ? 0.3 : 0
            found.append((Choice(stride: 2, padding: padding), isFolded ? 0 : kernel == 1 ? 1 : odd + unpooled))
            found.append((Choice(stride: 1, padding: padding), odd + ((room ?? 0) >= 1 ? 0.7 : 0.4)))
            found.append((Choice(stride: 1, padding: padding, pool: 2), odd + 0.1 + costOfRoom(room)))
            found.append((Choice(stride: 2, padding: padding, pool: 2), odd + 1.6 + costOfRoom(room)))
            found.append((Choice(stride: 3, padding: padding), odd + 1.6))
            found.append((Choice(stride: 3, padding: padding, pool: 2), odd + 2 + costOfRoom(room)))
            found.append((Choice(stride: 4, padding: padding), kernel == 8 && padding == 2 ? 0.4 : odd + 1.8))
        }
        return found
    }
}
