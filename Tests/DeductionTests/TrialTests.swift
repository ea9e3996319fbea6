import Deduction
import Importing
import Neural
import Testing
import VAE

@Suite("The trial of answers")
struct TrialTests {
    private let fixtures: StateDictFixtures
    private let digits: TrialPictures

    init() throws {
        fixtures = try StateDictFixtures()
        digits = try #require(fixtures.digits)
    }

    private func item(_ name: String) throws -> StateDictFixtures.Case {
        try #require(fixtures.cases.first { $0.name == name })
    }

    private static func isTried(_ finding: Finding) -> Bool {
        if case .tried = finding.certainty { true } else { false }
    }

    @Test("A trial that may not compute enough settles nothing, and always finds the same")
    func budget() throws {
        let deduced = try Deduced(fixtures.stateDict(item("Example, elu, trained")), format: "test")
        let whole = try #require(try deduced.tried(on: digits) { false })
        #expect(whole.findings.contains(where: Self.isTried))
        let small = TrialBudget(multiplications: 100_000_000)
        let answers = try (0..<2).map { _ in
            try #require(try deduced.tried(on: digits, budget: small) { false })
        }
        #expect(!answers[0].findings.contains(where: Self.isTried))
        #expect(answers[0].findings == answers[1].findings)
        #expect(answers[0].model.architecture == answers[1].model.architecture)
    }

    @Test("Who does not wait any more is told nothing that only a part of the trial found")
    func abandoned() throws {
        let deduced = try Deduced(fixtures.stateDict(item("Example, elu, trained")), format: "test")
        var asked = 0
        let found = try deduced.tried(on: digits) {
            asked += 1
            return asked > 5
        }
        #expect(found == nil && asked == 6)
    }

    @Test("A budget pays until something is too much, and then no more")
    func payment() throws {
        let model = try Deduced(fixtures.stateDict(item("Example, elu, trained")), format: "test").imported().model
        var budget = TrialBudget(multiplications: 100_000_000)
        let paid = (0..<20).map { _ in budget.pays(for: model, samples: 4) }
        let count = paid.count { $0 }
        #expect((1..<20).contains(count) && paid.prefix(count).allSatisfy { $0 } && budget.isSpent)
        var other = TrialBudget(multiplications: 100_000_000)
        let isTooMuch = other.pays(for: model, samples: 1 << 40)
        #expect(!isTooMuch)
        let isPaid = other.pays(for: model, samples: 1)
        #expect(!isPaid)
    }

    /// A trained model whose decoder ends with a hyperbolic tangent instead of a sigmoid, and whose encoder reads −1…1.
    private func signed() throws -> StateDict {
        let entries = fixtures.stateDict(try item("Example, leaky_relu:0.2, trained")).entries
        let first = try #require(entries.first { $0.name == "fc1.weight" }).tensor
        let width = first.extents[1]
        return StateDict(
            entries.map { entry in
                var values = entry.tensor.values
                switch entry.name {
                case "fc4.weight", "fc4.bias", "fc1.weight": values = values.map { $0 / 2 }
                case "fc1.bias":
                    for row in values.indices {
                        values[row] += first.values[row * width..<(row + 1) * width].reduce(0, +) / 2
                    }
                default: break
                }
                return StateDict.Entry(entry.name, Tensor(extents: entry.tensor.extents, values: values))
            })
    }

    @Test("Which pixels an encoder reads is found where a decoder ends with a hyperbolic tangent, whatever options say")
    func pixelRange() throws {
        var options = ImportOptions()
        options.activation = .init(
            try #require(LayerCatalog.entry(named: "LeakyReLU")).make([("negative_slope", .number(0.2))]))
        options.outputActivation = .init(try #require(LayerCatalog.entry(named: "Tanh")).make([]))
        let deduced = try Deduced(signed(), options: options, format: "test")
        let before = try deduced.imported().findings.first { $0.subject == "pixel range" }
        #expect(before?.certainty == .guessed)
        let found = try #require(try deduced.tried(on: digits) { false })
        #expect(found.model.architecture.pixelRange == .signed)
        let finding = try #require(found.findings.first { $0.subject == "pixel range" })
        #expect(finding.value == "−1…1" && Self.isTried(finding))
        options.pixelRange = .unit
        let said = try Deduced(signed(), options: options, format: "test").imported()
        #expect(!said.findings.contains { $0.subject == "pixel range" })
    }

    /// A trained model of the layout with ReLU, as pytorch/examples has it: each leaky unit as two, max(x, x/5) being
    /// relu(x) − relu(−x)/5.
    private func genuine() throws -> StateDict {
        let entries = fixtures.stateDict(try item("Example, leaky_relu:0.2, trained")).entries
        return StateDict(
            entries.map { entry in
                let (extents, values) = (entry.tensor.extents, entry.tensor.values)
                let isBefore = entry.name.hasPrefix("fc1.") || entry.name.hasPrefix("fc3.")
                if isBefore {
                    return StateDict.Entry(
                        entry.name,
                        Tensor(extents: [2 * extents[0]] + extents.dropFirst(), values: values + values.map { -$0 }))
                }
                guard extents.count == 2 else { return entry }
                let rows = stride(from: 0, to: values.count, by: extents[1]).flatMap { start in
                    let row = values[start..<start + extents[1]]
                    return row + row.map { -$0 / 5 }
                }
                return StateDict.Entry(entry.name, Tensor(extents: [extents[0], 2 * extents[1]], values: rows))
            })
    }

    @Test("The end that a known layout says stays inferred where pictures bear it out")
    func confirmed() throws {
        let deduced = try Deduced(genuine(), format: "test")
        let first = try deduced.imported()
        let found = try #require(try deduced.tried(on: digits) { false })
        let end = found.findings.first { $0.subject == "output activation" }
        #expect(!first.isGuessed && end?.certainty == .inferred)
        #expect(found.model.architecture == first.model.architecture)
    }

    @Test("What a known layout says is a guess where the trial finds nothing that does well")
    func unconfirmed() throws {
        let deduced = try Deduced(fixtures.stateDict(item("Example")), format: "test")
        let first = try deduced.imported()
        let found = try #require(try deduced.tried(on: digits) { false })
        let guesses = found.findings.filter { $0.certainty == .guessed }.map(\.subject)
        #expect(!first.isGuessed && Set(guesses) == ["activation", "output activation"])
        #expect(found.model.architecture == first.model.architecture)
    }
}
