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
        for view in views(candidates, for: tensor) where isSame(view, tensor) {
            used.insert(view.place)
            let isWhole = view.shape == stored[view.place].tensor.extents
            let isFitting = view.order.map { view.shape[$0] } == tensor.extents
            return TensorSource(
                stored[view.place].name, shape: isWhole && isFitting ? nil : view.shape, permutation: view.order)
        }
        guard tensor.values.count <= TensorMatching.mostValues, tensor.values.allSatisfy(\.isFinite) else {
            throw ImportProblem(
                .unsupported,
                "\(name) is computed from several tensors of the file, which no architecture's file can say",
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

    // MARK: Axes in another order

    /// A tensor of the file, taken as of a shape, with its axes in an order.
    private struct View {
        let place: Int
        let shape: [Int]
        let order: [Int]
    }

    /// What of the candidates may be the tensor: first those whose axes fit as they are, then those of which an axis is
    /// pixels and channels, which change places.
    private func views(_ candidates: [Int], for tensor: Tensor) -> [View] {
        var fitting: [View] = []
        var loose: [View] = []
        for place in candidates {
            let shape = stored[place].tensor.extents
            for order in TensorMatching.orders(shape.count) {
                let made = order.map { shape[$0] }
                if made == tensor.extents {
                    fitting.append(View(place: place, shape: shape, order: order))
                } else if made.filter({ $0 != 1 }) == tensor.extents.filter({ $0 != 1 }) {
                    loose.append(View(place: place, shape: shape, order: order))
                }
            }
            loose += splits(place, shape)
        }
        return fitting + loose
    }

    /// A vector's or a matrix's axis as [pixels, channels]; a matrix may be transposed as well.
    private func splits(_ place: Int, _ shape: [Int]) -> [View] {
        guard (1...2).contains(shape.count) else { return [] }
        var views: [View] = []
        for axis in shape.indices where shape[axis] > 3 {
            for channels in 2..<shape[axis] where shape[axis] % channels == 0 {
                var split = shape
                split.replaceSubrange(axis...axis, with: [shape[axis] / channels, channels])
                var order = Array(split.indices)
                order.swapAt(axis, axis + 1)
                views.append(View(place: place, shape: split, order: order))
                // [pixels·channels, n] → [n, channels·pixels], and [n, pixels·channels] → [channels·pixels, n].
                if shape.count == 2 {
                    views.append(View(place: place, shape: split, order: [2, 1, 0]))
                }
            }
        }
        return views
    }

    private func isSame(_ view: View, _ tensor: Tensor) -> Bool {
        var place = 0
        Tensor(extents: view.shape, values: stored[view.place].tensor.values).visit(view.order) { value in
            guard tensor.values[place] == value else { return false }
            place += 1
            return true
        }
        return place == tensor.values.count
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
