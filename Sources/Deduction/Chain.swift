import Importing
import Neural

/// Puts the layers of a half into the order in which their shapes chain, the file's order first.
struct Chain {
    /// A layer alone, or a residual block, that waits for its turn.
    enum Unit {
        case layer(WeightedLayer)
        case residual(ResidualBlock)

        var place: Int {
            switch self {
            case .layer(let layer): layer.place
            case .residual(let block): block.body.first?.layer.place ?? 0
            }
        }
    }

    let half: Half
    /// How many more inputs a layer may have for a label, most usual first.
    let labels: [Int]
    /// Whether most convolutions here are transposed, for those whose shape leaves it open.
    let prefersTransposed: Bool
    /// Tries that are left.
    private var patience = 20_000

    init(_ half: Half, labels: [Int], prefersTransposed: Bool) {
        self.half = half
        self.labels = labels
        self.prefersTransposed = prefersTransposed
    }

    /// - Parameter isEnd: whether a value may be the last.
    /// - Returns: the elements in the order of use; nil where no order chains.
    mutating func order(_ units: [Unit], from start: Flow, isEnd: (Flow) -> Bool) -> [Element]? {
        guard !units.isEmpty else { return isEnd(start) ? [] : nil }
        patience -= 1
        guard patience > 0 else { return nil }
        for index in units.indices {
            for (element, flow) in continuations(units[index], from: start) {
                var rest = units
                rest.remove(at: index)
                if let others = order(rest, from: flow, isEnd: isEnd) { return [element] + others }
            }
        }
        return nil
    }

    private func continuations(_ unit: Unit, from flow: Flow) -> [(Element, Flow)] {
        switch unit {
        case .layer(let layer): return steps(layer, from: flow).map { (.step($0.0), $0.1) }
        case .residual(var block):
            guard let entrance = entrance(flow, block.inputs) else { return [] }
            block.entrance = entrance
            return [(.residual(block), .map(block.outputs))]
        }
    }

    /// How a layer can read a value, most plausible first.
    func steps(_ layer: WeightedLayer, from flow: Flow) -> [(Step, Flow)] {
        switch layer.kind {
        case .linear(let inputs, let outputs): linear(layer, inputs, outputs, flow)
        case .convolution(let extents): convolutions(layer, extents, flow)
        default: []
        }
    }

    private func linear(_ layer: WeightedLayer, _ inputs: Int, _ outputs: Int, _ flow: Flow) -> [(Step, Flow)] {
        for extra in [0] + labels {
            let needed = inputs - extra
            switch flow {
            case .vector(let count) where count == needed:
                return [(Step(layer: layer, role: .linear, entrance: .asIs, labels: extra), .vector(outputs))]
            case .map(let channels) where needed > 0 && needed % channels == 0 && isSquare(needed / channels):
                return [(Step(layer: layer, role: .linear, entrance: .flatten, labels: extra), .vector(outputs))]
            default: continue
            }
        }
        return []
    }

    private func convolutions(_ layer: WeightedLayer, _ extents: [Int], _ flow: Flow) -> [(Step, Flow)] {
        var found: [(Step, Flow)] = []
        for role in roles(layer, extents) {
            let (inputs, outputs) = role == .convolution ? (extents[1], extents[0]) : (extents[0], extents[1])
            for extra in [0] + labels where inputs > extra {
                guard let entrance = entrance(flow, inputs - extra) else { continue }
                var step = Step(layer: layer, role: role, entrance: entrance, labels: extra)
                step.isRoleOpen = half == .decoder && isRoleOpen(layer, extents)
                found.append((step, .map(outputs)))
                break
            }
        }
        let alone = depthwise(layer, extents, flow)
        // Without a bias a transposed convolution to one channel looks the same.
        return layer.bias == nil && layer.record == nil ? found + alone : alone + found
    }

    /// A convolution of each channel by itself, or of groups of them, as a record or a weight `[C, 1, k, k]` after C
    /// channels tells.
    private func depthwise(_ layer: WeightedLayer, _ extents: [Int], _ flow: Flow) -> [(Step, Flow)] {
        let known = layer.record?.whole("groups")
        guard known.map({ $0 > 1 }) ?? (extents[1] == 1) else { return [] }
        let channels: Int
        var entrance = Step.Entrance.asIs
        switch flow {
        case .map(let count): channels = count
        case .vector(let count):
            channels = known.map { max(extents[0], extents[1] * $0) } ?? extents[0]
            guard count % channels == 0, isSquare(count / channels) else { return [] }
            entrance = .unflatten(channels)
        }
        let groups = known ?? channels
        guard channels > 1, channels % groups == 0 else { return [] }
        let isTransposed =
            layer.record.map { $0.kind == "ConvTranspose2d" }
            ?? (Words.speaks(layer.path, for: Words.transposed) || half == .decoder && extents[2].isMultiple(of: 2))
        let outputs = isTransposed ? extents[1] * groups : extents[0]
        guard isTransposed ? extents[0] == channels : extents[1] * groups == channels && extents[0] % groups == 0,
            layer.bias.map({ $0 == outputs }) ?? true
        else { return [] }
        let step = Step(
            layer: layer, role: isTransposed ? .transposed : .convolution, entrance: entrance, groups: groups)
        return [(step, .map(outputs))]
    }

    /// A square kernel of odd size without a word: nobody can tell whether it is transposed.
    private func isRoleOpen(_ layer: WeightedLayer, _ extents: [Int]) -> Bool {
        extents[0] == extents[1] && extents[2] > 1 && !extents[2].isMultiple(of: 2) && layer.record == nil
            && !Words.speaks(layer.path, for: Words.transposed)
    }

    private func entrance(_ flow: Flow, _ inputs: Int) -> Step.Entrance? {
        switch flow {
        case .map(let channels):
            if channels == inputs { return .asIs }
            return half == .decoder ? PixelShuffling.factor(from: channels, to: inputs).map { .shuffle($0) } : nil
        case .vector(let count): return count % inputs == 0 && isSquare(count / inputs) ? .unflatten(inputs) : nil
        }
    }

    /// Which of both a convolution can be, by what is known, by its bias, then by words, kernel and company.
    private func roles(_ layer: WeightedLayer, _ extents: [Int]) -> [Step.Role] {
        switch layer.record?.kind {
        case "Conv2d"?: return [.convolution]
        case "ConvTranspose2d"?: return [.transposed]
        default: break
        }
        let canConvolve = layer.bias.map { $0 == extents[0] } ?? true
        let canTranspose = layer.bias.map { $0 == extents[1] } ?? true
        guard canConvolve, canTranspose else { return canTranspose ? [.transposed] : canConvolve ? [.convolution] : [] }
        let isTransposed =
            Words.speaks(layer.path, for: Words.transposed)
            || half == .decoder && (prefersTransposed || extents[2].isMultiple(of: 2))
        return isTransposed ? [.transposed, .convolution] : [.convolution, .transposed]
    }
}

func isSquare(_ count: Int) -> Bool { squareRoot(count) != nil }

/// The side of a square of so many; nil for others.
func squareRoot(_ count: Int) -> Int? {
    guard count > 0 else { return nil }
    let root = Int(Double(count).squareRoot().rounded())
    return root * root == count ? root : nil
}
