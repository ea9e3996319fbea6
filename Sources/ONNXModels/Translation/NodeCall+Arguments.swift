import Importing
import Numbers

/// Arguments that several operators have, wherever their versions keep them: first as attributes, later as inputs.
extension NodeCall {
    /// - Parameter input: where later versions have them.
    func axes(_ input: Int, of rank: Int) throws(ImportProblem) -> [Int]? {
        let given: [Int]?
        if let attribute = try integers("axes") { given = attribute } else { given = try indices(input, "axes") }
        guard let given else { return nil }
        var axes: [Int] = []
        for number in given {
            let axis = try axis(number, of: rank)
            guard !axes.contains(axis) else { throw wrong("its axis \(number) is there twice") }
            axes.append(axis)
        }
        return axes
    }

    /// The shape that a `Reshape` asks for.
    func reshapeTarget() throws(ImportProblem) -> [Int] {
        let target: [Int]?
        if version < 5 { target = try integers("shape") } else { target = try indices(1, "shape") }
        guard let target else { throw wrong("its shape is missing") }
        guard target.count <= 16, target.filter({ $0 == -1 }).count <= 1, target.allSatisfy({ $0 >= -1 }) else {
            throw wrong("its shape \(target) is not possible")
        }
        return target
    }

    /// The extents that elements take on, where 0 stands for the extent of before, and −1 for what is left.
    func resolve(_ target: [Int], for extents: [Int], keepsZeros: Bool) throws(ImportProblem) -> [Int] {
        var result = target
        for (axis, size) in target.enumerated() where size == 0 && !keepsZeros {
            guard axis < extents.count else {
                throw wrong("its shape \(target) keeps an axis that its input does not have")
            }
            result[axis] = extents[axis]
        }
        let count = product(of: extents, atMost: TensorReader.mostElements) ?? 0
        let known = product(of: result.filter { $0 != -1 }, atMost: TensorReader.mostElements) ?? -1
        if let open = result.firstIndex(of: -1), known > 0 { result[open] = count / known }
        let isBounded = product(of: result.map { max(1, $0) }, atMost: TensorReader.mostElements) != nil
        guard isBounded, !result.contains(-1), product(of: result) == count else {
            throw wrong("its shape \(target) does not fit \(count) elements")
        }
        return result
    }

    /// The places that a `Slice` takes along each of its axes.
    func slices(of extents: [Int]) throws(ImportProblem) -> [(axis: Int, places: StrideTo<Int>)] {
        let starts: [Int]?
        let ends: [Int]?
        var axes: [Int]?
        var steps: [Int]?
        if version < 10 {
            (starts, ends, axes) = try (integersNearby("starts"), integersNearby("ends"), integers("axes"))
        } else {
            (starts, ends) = try (indices(1, "starts"), indices(2, "ends"))
            (axes, steps) = try (indices(3, "axes"), indices(4, "steps"))
        }
        guard let starts, let ends, starts.count == ends.count else {
            throw wrong("its starts and ends differ in number")
        }
        let places = axes ?? Array(starts.indices)
        guard places.count == starts.count, (steps ?? places).count == starts.count else {
            throw wrong("its starts and axes differ in number")
        }
        var slices: [(axis: Int, places: StrideTo<Int>)] = []
        for (index, number) in places.enumerated() {
            let axis = try axis(number, of: extents.count)
            let (extent, step) = (extents[axis], steps?[index] ?? 1)
            guard step != 0, !slices.contains(where: { $0.axis == axis }) else {
                throw wrong("it has a step of 0, or an axis twice")
            }
            func bound(_ place: Int, _ least: Int, _ most: Int) -> Int {
                min(most, max(least, place < 0 ? place + extent : place))
            }
            let (first, last) =
                step > 0
                ? (bound(starts[index], 0, extent), bound(ends[index], 0, extent))
                : (bound(starts[index], 0, extent - 1), bound(ends[index], -1, extent - 1))
            slices.append((axis, stride(from: first, to: last, by: step)))
        }
        return slices
    }

    /// Whole numbers of which some stand for infinity.
    private func integersNearby(_ name: String) -> [Int]? {
        anyIntegers(name)?.map { min(1 << 40, max(-1 << 40, $0)) }
    }

    /// How long the parts of a `Split` are.
    func parts(of extent: Int) throws(ImportProblem) -> [Int] {
        let attribute = try integers("split")
        let given = if let attribute { attribute } else { try indices(1, "split") }
        let count = try integer("num_outputs", node.outputs.count)
        guard let given else {
            guard count > 0, count <= max(1, extent) else {
                throw wrong("it cannot make \(count) parts of an axis of \(extent)")
            }
            let size = (extent + count - 1) / count
            return (0..<count).map { max(0, min(size, extent - $0 * size)) }
        }
        guard given.allSatisfy({ (0...extent).contains($0) }), given.count <= 1 << 16, given.reduce(0, +) == extent
        else {
            throw wrong("its parts of \(given) do not fill an axis of \(extent)")
        }
        return given
    }

    /// Extents of a broadcast, as NumPy has it.
    func broadcast(_ all: [[Int]]) throws(ImportProblem) -> [Int] {
        var result: [Int] = []
        for extents in all {
            let rank = max(result.count, extents.count)
            let left = Array(repeating: 1, count: rank - result.count) + result
            let right = Array(repeating: 1, count: rank - extents.count) + extents
            for (a, b) in zip(left, right) where a != b && a != 1 && b != 1 {
                throw wrong("its inputs of \(result.text) and \(extents.text) do not go together")
            }
            result = zip(left, right).map { $0 == 1 ? $1 : $0 }
        }
        return result
    }
}
