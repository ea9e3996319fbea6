/// Layers that follow each other, each with what it reads; only those with weights, and those without that are known.
struct KerasChain: Sendable {
    struct Link: Sendable {
        let leaf: KerasLeaf
        let isTransposed: Bool
        /// Whether a vector becomes a map of so many channels before it.
        var unflattens: Int?
        /// Whether a map becomes a vector before it: of the side of a map, or 0 where each channel is averaged.
        var flattens: Int?
    }

    private(set) var links: [Link] = []
    /// The side of the map that a vector becomes.
    private(set) var side: Int?
    private(set) var end: Value

    enum Value: Hashable, Sendable {
        case vector(Int)
        case map(channels: Int)
    }

    init(from start: Value) { end = start }

    /// Adds a layer; false where it does not fit.
    mutating func add(_ leaf: KerasLeaf) -> Bool {
        switch leaf.kind {
        case .dense:
            guard let kernel = leaf.kernel else { return false }
            var link = Link(leaf: leaf, isTransposed: false)
            switch end {
            case .vector(let count): guard kernel.shape[0] == count else { return false }
            case .map(let channels):
                guard channels > 0, kernel.shape[0] % channels == 0 else { return false }
                guard let side = KerasChain.root(kernel.shape[0] / channels) else { return false }
                link.flattens = side == 1 ? 0 : side
            }
            links.append(link)
            end = .vector(kernel.shape[1])
        case .convolution, .transposed:
            // A kernel that fits only the other way round is of the other kind.
            let usual = leaf.kind == .transposed
            for isTransposed in [usual, !usual] {
                let inputs = leaf.inputs(isTransposed)
                var link = Link(leaf: leaf, isTransposed: isTransposed)
                switch end {
                case .map(let channels): guard channels == inputs else { continue }
                case .vector(let count):
                    guard inputs > 0, count % inputs == 0, side == nil, let root = KerasChain.root(count / inputs)
                    else {
                        continue
                    }
                    link.unflattens = inputs
                    side = root
                }
                links.append(link)
                end = .map(channels: leaf.outputs(isTransposed))
                return true
            }
            return false
        case .normalization, .slopes:
            var link = Link(leaf: leaf, isTransposed: false)
            switch end {
            case .map(let channels): guard leaf.features == channels else { return false }
            case .vector(let count):
                guard leaf.features != count else { break }
                guard leaf.features > 0, count % leaf.features == 0, side == nil,
                    let root = KerasChain.root(count / leaf.features)
                else { return false }
                link.unflattens = leaf.features
                side = root
                end = .map(channels: leaf.features)
            }
            links.append(link)
        case .upsampling, .pooling, .activation: links.append(Link(leaf: leaf, isTransposed: false))
        case .shape: break
        case .other: return false
        }
        return true
    }

    /// The layers in their order, or in another in which they fit.
    ///
    /// - Parameter isDone: whether the end is one that is wanted.
    init?(_ leaves: [KerasLeaf], from start: Value, isDone: (Value) -> Bool) {
        var plain = KerasChain(from: start)
        if leaves.allSatisfy({ plain.add($0) }), isDone(plain.end) {
            self = plain
            return
        }
        // In another order nobody knows where those without weights belong.
        let weighted = leaves.filter(\.hasWeights)
        guard weighted.count <= 24, !weighted.contains(where: { $0.kind == .other }) else { return nil }
        var budget = 5_000
        func search(_ chain: KerasChain, _ left: [KerasLeaf]) -> KerasChain? {
            if left.isEmpty { return isDone(chain.end) ? chain : nil }
            budget -= 1
            guard budget > 0 else { return nil }
            for place in left.indices {
                var next = chain
                guard next.add(left[place]) else { continue }
                var rest = left
                rest.remove(at: place)
                if let found = search(next, rest) { return found }
            }
            return nil
        }
        guard let found = search(KerasChain(from: start), weighted) else { return nil }
        self = found
    }

    /// The convolutions among the links.
    var images: [Link] { links.filter { $0.leaf.kernel?.shape.count == 4 } }

    static func root(_ count: Int) -> Int? {
        let side = Int(Double(count).squareRoot().rounded())
        return side >= 1 && side * side == count ? side : nil
    }
}
