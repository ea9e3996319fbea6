import Importing
import Neural

/// Finds where in a file a model's tensors come from, by their values: readers need not keep account of it.
struct TensorMatching {
    private let stored: [(name: String, tensor: Tensor)]
    /// Places in ``stored``, by the number of elements.
    private let places: [Int: [Int]]
    private var used: Set<Int> = []

    /// Values that are written into the document where the file has no such tensor.
    private static let mostValues = 4096

    init(_ stored: [(name: String, tensor: Tensor)]) {
        self.stored = stored
        places = Dictionary(grouping: stored.indices) { stored[$0].tensor.values.count }
    }

    /// - Throws: ``ImportProblem`` for a tensor that was computed from several.
    mutating func source(of name: String, _ tensor: Tensor) throws(ImportProblem) -> TensorSource {
        let candidates = (places[tensor.values.count] ?? []).sorted { preference($0, name) > preference($1, name) }
        for place in candidates where stored[place].tensor.values == tensor.values {
            used.insert(place)
            let isSame = stored[place].tensor.extents == tensor.extents
            return TensorSource(stored[place].name, shape: isSame ? nil : tensor.extents)
        }
        for place in candidates {
            for order in TensorMatching.orders(stored[place].tensor.extents.count) {
                let extents = stored[place].tensor.extents
                let made = order.map { extents[$0] }
                let fits = made == tensor.extents
                guard fits || made.filter({ $0 != 1 }) == tensor.extents.filter({ $0 != 1 }) else { continue }
                guard stored[place].tensor.permuted(order).values == tensor.values else { continue }
                used.insert(place)
                return TensorSource(stored[place].name, shape: fits ? nil : extents, permutation: order)
            }
        }
        guard tensor.values.count <= TensorMatching.mostValues, tensor.values.allSatisfy(\.isFinite) else {
            throw ImportProblem(
                .unsupported, "\(name) is computed from several tensors of the file, which no architecture's file can say",
                advice: "latentwalk convert MODEL OUT.safetensors writes the whole model")
        }
        return TensorSource(values: tensor.values)
    }

    /// Of tensors with the same values, one that was not taken and ends with the same word goes first.
    private func preference(_ place: Int, _ name: String) -> Int {
        let words = [stored[place].name, name].map { $0.split { $0 == "." || $0 == "/" } }
        let shared = zip(words[0].reversed(), words[1].reversed()).prefix { $0 == $1 }.count
        return (used.contains(place) ? 0 : 100) + min(shared, 50)
    }

    /// All orders of so many axes but that in which they are.
    private static func orders(_ count: Int) -> [[Int]] {
        guard (2...4).contains(count) else { return [] }
        var orders: [[Int]] = [[]]
        for _ in 0..<count {
            orders = orders.flatMap { order in (0..<count).filter { !order.contains($0) }.map { order + [$0] } }
        }
        return Array(orders.dropFirst())
    }
}
