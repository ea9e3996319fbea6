import Importing
import Neural
import Numbers

/// Reads tensors out of their storages. What they take together is bounded by the file's size, however often they share
/// storages or repeat elements.
struct TensorReader {
    private let graph: PickleGraph
    private let storages: any StorageSource
    /// Elements that may still be read.
    private var budget: Int
    private var numbersLeft = ImportLimit.numbers
    /// How many tensors have yet to be read from each storage, so that those that are shared are kept until the last.
    private var uses: [StoredTensor.Source: Int] = [:]
    private var kept: [StoredTensor.Source: [UInt8]] = [:]

    init(_ graph: PickleGraph, _ storages: any StorageSource, reading tensors: [StoredTensor]) {
        self.graph = graph
        self.storages = storages
        let (double, overflows) = storages.size.multipliedReportingOverflow(by: 2)
        budget = overflows ? .max : max(double, 1 << 20)
        for tensor in tensors { uses[tensor.source, default: 0] += 1 }
    }

    /// - Parameter name: what errors call the tensor.
    mutating func read(_ stored: StoredTensor, name: String) throws(ImportProblem) -> Tensor {
        func problem(_ reason: String) -> ImportProblem { ImportProblem(.badFile, "the tensor \(name) \(reason)") }
        guard let range = stored.range, let count = stored.count, stored.extents.count <= 16 else {
            throw problem("has a shape or strides that cannot be")
        }
        guard count <= budget, range.count <= budget - count else {
            throw problem("would make the tensors larger than the file allows")
        }
        budget -= max(count, range.count)
        try ImportLimit.take(max(count, range.count), from: &numbersLeft)
        guard count > 0 else { return Tensor(extents: stored.extents, values: []) }
        let bytes = try storage(stored.source, name: name)
        guard range.upperBound <= bytes.count / stored.type.size else {
            throw problem("needs \(range.upperBound) elements, where its storage has \(bytes.count / stored.type.size)")
        }
        var slice = bytes[range.lowerBound * stored.type.size..<range.upperBound * stored.type.size]
        if stored.isBigEndian || storages.isBigEndian { slice = Self.swapped(slice, size: stored.type.size)[...] }
        guard let values = slice.withUnsafeBytes({ stored.type.floats(from: $0) }) else {
            throw problem("has numbers that are too large for 32 bits")
        }
        return Tensor(extents: stored.extents, values: stored.isContiguous ? values : Self.gathered(values, stored))
    }

    private mutating func storage(_ source: StoredTensor.Source, name: String) throws(ImportProblem) -> [UInt8] {
        let left = (uses[source] ?? 0) - 1
        uses[source] = left
        var bytes = kept[source]
        if bytes == nil { bytes = try load(source, name: name) }
        kept[source] = left > 0 ? bytes : nil
        return bytes ?? []
    }

    private func load(_ source: StoredTensor.Source, name: String) throws(ImportProblem) -> [UInt8] {
        let bytes: [UInt8]?
        switch source {
        case .storage(let key): bytes = try storages.bytes(of: key)
        case .bytes(let place): bytes = graph.bytes(PickleGraph.Reference(place: place))
        case .embedded(let place):
            let range = graph.embedded[place]?.range ?? 0..<0
            bytes = graph.bytes(PickleGraph.Reference(place: place)).map { Array($0[range]) }
        }
        guard let bytes else { throw ImportProblem(.badFile, "the numbers of the tensor \(name) are not in the file") }
        return bytes
    }

    /// Each element's bytes in the opposite order.
    private static func swapped(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8] {
        var swapped = Array(bytes)
        for start in stride(from: 0, to: swapped.count, by: size) { swapped[start..<start + size].reverse() }
        return swapped
    }

    /// Elements in the order of their indices, the last index fastest.
    ///
    /// - Parameter values: those from the tensor's first element to its last in the storage.
    private static func gathered(_ values: [Float], _ stored: StoredTensor) -> [Float] {
        let count = stored.count ?? 0
        // An axis of one element is never walked along, whatever its stride.
        let strides = zip(stored.extents, stored.strides).map { $0 > 1 ? $1 : 0 }
        return [Float](unsafeUninitializedCapacity: count) { buffer, done in
            var index = [Int](repeating: 0, count: stored.extents.count)
            var place = 0
            while done < count {
                buffer.initializeElement(at: done, to: values[place])
                done += 1
                for axis in index.indices.reversed() {
                    index[axis] += 1
                    place += strides[axis]
                    if index[axis] < stored.extents[axis] { break }
                    place -= index[axis] * strides[axis]
                    index[axis] = 0
                }
            }
        }
    }
}
