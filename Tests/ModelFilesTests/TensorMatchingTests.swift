import Importing
import Neural
import Testing

@testable import ModelFiles

@Suite("Tensors found again by their values")
struct TensorMatchingTests {
    /// Values that differ from each other.
    private func tensor(_ extents: [Int]) -> Tensor {
        Tensor(extents: extents, values: (0..<extents.reduce(1, *)).map { Float($0 * 7 % 1009) })
    }

    /// What a matching says of a tensor that was made of one of a file's, and that it gives that tensor.
    private func source(_ stored: Tensor, of made: Tensor) throws -> TensorSource {
        var matching = TensorMatching([("other", tensor([5])), ("kernel", stored)])
        let source = try matching.source(of: "decoder.layer.weight", made)
        let taken = try source.tensor(of: ["kernel": stored], for: "", extents: made.extents, "")
        #expect(taken == made)
        return try #require(TensorSource(source.json))
    }

    @Test("A tensor as it is, is named")
    func plain() throws {
        #expect(try source(tensor([4, 3]), of: tensor([4, 3])) == TensorSource("kernel"))
    }

    @Test("Convolutions of Keras have their axes in another order")
    func convolution() throws {
        let stored = tensor([3, 3, 2, 4])
        #expect(
            try source(stored, of: stored.permuted([3, 2, 0, 1])) == TensorSource("kernel", permutation: [3, 2, 0, 1]))
    }

    @Test("Layers before a map of pixels, and behind one, have channels first, in kernel and bias")
    func flattened() throws {
        let before = Tensor(extents: [2, 4, 3], values: tensor([2, 12]).values).permuted([2, 1, 0])
        let found = try source(tensor([2, 12]), of: Tensor(extents: [12, 2], values: before.values))
        #expect(found == TensorSource("kernel", shape: [2, 4, 3], permutation: [2, 1, 0]))
        let behind = Tensor(extents: [4, 3, 5], values: tensor([12, 5]).values).permuted([2, 1, 0])
        _ = try source(tensor([12, 5]), of: Tensor(extents: [5, 12], values: behind.values))
        let bias = Tensor(extents: [4, 3], values: tensor([12]).values).permuted([1, 0])
        _ = try source(tensor([12]), of: Tensor(extents: [12], values: bias.values))
    }

    @Test("A small tensor that the file does not have stands in the document, a large one is refused")
    func computed() throws {
        var matching = TensorMatching([("kernel", tensor([4, 3]))])
        let small = try matching.source(of: "scale", Tensor(extents: [2], values: [0.5, 0.25]))
        #expect(small == TensorSource(values: [0.5, 0.25]))
        #expect(throws: ImportProblem.self) {
            var matching = TensorMatching([])
            _ = try matching.source(of: "decoder.weight", tensor([100, 100]))
        }
    }
}
