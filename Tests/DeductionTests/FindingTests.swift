import Deduction
import Importing
import Neural
import Testing

@Suite("What is said of a state dict, and how sure it is")
struct FindingTests {
    /// A state dict of small numbers.
    private func dict(_ tensors: [(String, [Int])]) -> StateDict {
        var state: UInt32 = 1
        return StateDict(
            tensors.map { name, extents in
                let values = (0..<extents.reduce(1, *)).map { _ in
                    state = state &* 1_664_525 &+ 1_013_904_223
                    return Float(state >> 8) / Float(1 << 24) - 0.5
                }
                return StateDict.Entry(name, Tensor(extents: extents, values: values))
            })
    }

    private func findings(
        _ tensors: [(String, [Int])], _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> [Finding] {
        var options = ImportOptions()
        change(&options)
        return try Deduced(dict(tensors), options: options, format: "test").imported().findings
    }

    /// A decoder for which a picture of 28×28 has to be cut off.
    private let convolutions: [(String, [Int])] = [
        ("decoder.0.weight", [196, 2]), ("decoder.0.bias", [196]),
        ("decoder.2.weight", [4, 3, 3, 3]), ("decoder.2.bias", [3]),
        ("decoder.4.weight", [3, 2, 3, 3]), ("decoder.4.bias", [2]),
        ("decoder.6.weight", [2, 1, 3, 3]), ("decoder.6.bias", [1]),
    ]

    @Test("Strides and paddings that options say make no other answer known")
    func outputPadding() throws {
        let found = try findings(convolutions) {
            ($0.strides, $0.paddings, $0.imageShape, $0.fit) = ([1, 2, 2], [1, 1, 0], [28, 28], .crop)
        }
        let layers = found.filter { $0.subject.hasPrefix("decoder.") }
        #expect(layers.count == 3 && layers.allSatisfy { $0.certainty == .guessed })
        let said = try findings(convolutions) {
            ($0.strides, $0.paddings, $0.outputPaddings) = ([1, 2, 2], [1, 1, 0], [0, 0, 1])
            ($0.imageShape, $0.fit) = ([28, 28], .crop)
        }
        #expect(said.filter { $0.subject.hasPrefix("decoder.") }.allSatisfy { $0.certainty == .known })
    }

    @Test("Who says that the decoder gives logits gets no last activation")
    func logits() throws {
        let output = try #require(
            try findings(convolutions) { $0.pixelRange = .logits }.first { $0.subject == "output activation" })
        #expect(output.value == "none beyond the file's layers" && output.certainty == .known)
        let other = try findings(convolutions) {
            $0.pixelRange = .logits
            $0.outputActivation = .init(try? LayerCatalog.entry(named: "Softplus")?.make([]))
        }
        #expect(other.first { $0.subject == "output activation" }?.value == "Softplus")
    }

    @Test("The number of a normalization's groups is a guess that is listed")
    func groups() throws {
        let layers: [(String, [Int])] = [
            ("proj.weight", [784, 3]), ("proj.bias", [784]),
            ("dec.0.weight", [16, 16, 4, 4]), ("dec.0.bias", [16]), ("dec.1.weight", [16]), ("dec.1.bias", [16]),
            ("dec.3.weight", [16, 1, 4, 4]), ("dec.3.bias", [1]),
        ]
        let groups = try findings(layers).first { $0.subject == "groups of normalizations" }
        #expect(groups?.value == "8" && groups?.certainty == .guessed)
        #expect(try !findings(convolutions).contains { $0.subject == "groups of normalizations" })
    }

    @Test("A single layer has no activation that could be guessed")
    func single() throws {
        let found = try findings([("weight", [784, 3]), ("bias", [784])].map { ("decoder.\($0)", $1) })
        #expect(found.contains { $0.subject == "output activation" } && !found.contains { $0.subject == "activation" })
    }

    @Test("Guesses about many convolutions are counted where they are told in a line")
    func line() throws {
        var found = [Finding("activation", "ReLU", .guessed), Finding("latents", "2", .inferred)]
        found.append(.convolution("a", isTransposed: true, "stride 2", .guessed, of: .decoder))
        #expect(found.guesses() == "activation: ReLU, a: transposed convolution, stride 2")
        found.append(.convolution("b", isTransposed: false, "stride 1", .guessed, of: .encoder))
        found.append(.convolution("c", isTransposed: false, "stride 1", .known, of: .decoder))
        #expect(found.guesses() == "activation: ReLU, strides and padding of 2 convolutions")
        #expect(found.guesses(about: .decoder) == "activation: ReLU, a: transposed convolution, stride 2")
    }
}
