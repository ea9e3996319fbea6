import Importing
import Neural
import Numbers

/// Numbers that a graph knows before it runs: weights, and the shapes and indices that are computed from shapes.
///
/// Unlike a value of a network it may have no elements, or no axes.
struct ConstantTensor {
    enum Storage {
        case floats([Float])
        /// Whole numbers, and truth values as 0 and 1.
        case integers([Int])
    }

    let extents: [Int]
    let storage: Storage

    var count: Int {
        switch storage {
        case .floats(let list): list.count
        case .integers(let list): list.count
        }
    }

    /// - Precondition: the elements fill the extents.
    init(_ extents: [Int], _ storage: Storage) {
        self.extents = extents
        self.storage = storage
        precondition(product(of: extents) == count, "a tensor's elements fill it")
    }

    init(_ extents: [Int], floats: [Float]) { self.init(extents, .floats(floats)) }
    init(_ extents: [Int], integers: [Int]) { self.init(extents, .integers(integers)) }
    init(list: [Int]) { self.init([list.count], integers: list) }

    var isInteger: Bool { if case .integers = storage { true } else { false } }

    var floats: [Float] {
        switch storage {
        case .floats(let list): list
        case .integers(let list): list.map { Float($0) }
        }
    }

    /// Its elements as whole numbers; nil where they are floats.
    var integers: [Int]? {
        guard case .integers(let list) = storage else { return nil }
        return list
    }

    /// The one number that it is; nil where it has more elements, or none.
    var scalar: Float? {
        guard count == 1 else { return nil }
        return floats[0]
    }

    /// The same elements in another shape; nil where that has another number of them.
    func reshaped(_ extents: [Int]) -> ConstantTensor? {
        guard isPossible(extents), product(of: extents) == count else { return nil }
        return ConstantTensor(extents, storage)
    }

    /// Whether so many elements can be counted, even where an extent of 0 hides the others.
    private func isPossible(_ extents: [Int]) -> Bool {
        extents.allSatisfy { $0 >= 0 }
            && product(of: extents.map { max(1, $0) }, atMost: TensorReader.mostElements) != nil
    }

    /// The elements at these places, in their order.
    ///
    /// - Precondition: there is one for each element of the result.
    func gathered(_ extents: [Int], _ places: [Int]) -> ConstantTensor {
        switch storage {
        case .floats(let list): ConstantTensor(extents, floats: places.map { list[$0] })
        case .integers(let list): ConstantTensor(extents, integers: places.map { list[$0] })
        }
    }

    /// - Parameter axes: the result's axis i is this one's axis `axes[i]`.
    func transposed(_ axes: [Int]) -> ConstantTensor {
        guard axes != Array(axes.indices) else { return self }
        let strides = rowMajorStrides(extents)
        let result = axes.map { extents[$0] }
        return gathered(result, Strided(result, axes.map { strides[$0] }).places)
    }

    /// Repeated along axes of one place, and along new ones before the first; nil where the extents do not fit, as
    /// broadcasting has them.
    func expanded(to result: [Int]) -> ConstantTensor? {
        guard result != extents else { return self }
        guard result.count >= extents.count, isPossible(result) else { return nil }
        let padded = Array(repeating: 1, count: result.count - extents.count) + extents
        guard zip(padded, result).allSatisfy({ $0 == 1 || $0 == $1 }) else { return nil }
        let strides = zip(padded, rowMajorStrides(padded)).map { $0 == 1 ? 0 : $1 }
        return gathered(result, Strided(result, strides).places)
    }

    /// As a tensor of a network, whose numbers are finite.
    func tensor(_ extents: [Int]? = nil) -> Tensor {
        var values = floats
        if !values.allSatisfy(\.isFinite) {
            let most = Float.greatestFiniteMagnitude
            values = values.map { $0.isInfinite ? ($0 < 0 ? -most : most) : $0 }
        }
        return Tensor(extents: extents ?? self.extents, values: values)
    }
}

func rowMajorStrides(_ extents: [Int]) -> [Int] {
    var strides = extents
    var step = 1
    for axis in extents.indices.reversed() {
        strides[axis] = step
        step *= max(1, extents[axis])
    }
    return strides
}

/// A walk over elements of a tensor, row by row, by the distance of an axis' steps.
struct Strided {
    let extents: [Int]
    let strides: [Int]

    init(_ extents: [Int], _ strides: [Int]) {
        self.extents = extents
        self.strides = strides
    }

    /// Where the elements lie, in row-major order.
    var places: [Int] {
        let count = extents.reduce(1, *)
        guard count > 0 else { return [] }
        var places: [Int] = []
        places.reserveCapacity(count)
        var index = [Int](repeating: 0, count: extents.count)
        var place = 0
        for _ in 0..<count {
            places.append(place)
            var axis = extents.count - 1
            while axis >= 0 {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < extents[axis] { break }
                place -= strides[axis] * extents[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return places
    }
}
