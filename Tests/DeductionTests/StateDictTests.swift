import Deduction
import Importing
import Testing

@Suite("State dicts in many shapes")
struct StateDictTests {
    private let fixtures: StateDictFixtures

    init() throws { fixtures = try StateDictFixtures() }

    /// What is found, by group: with and without what a file cannot tell.
    private func misses(_ isWanted: (StateDictFixtures.Case) -> Bool, saying: Bool) -> [String] {
        fixtures.cases.filter(isWanted).compactMap { item in
            do {
                let options = saying ? fixtures.options(item) : ImportOptions()
                let model = try Deduced(fixtures.stateDict(item), options: options, format: "test").imported()
                let difference = fixtures.difference(model.model, item)
                return difference < 1e-4 ? nil : "\(item.name): \(difference)"
            } catch {
                return "\(item.name): \(error)"
            }
        }
    }

    @Test("There are at least two hundred combinations, found at once without an option")
    func first() {
        let count = fixtures.cases.count { $0.first && $0.tried == nil }
        #expect(count >= 200)
        let missed = misses({ $0.first && $0.tried == nil }, saying: false)
        #expect(missed == [])
    }

    @Test("Other activations than the usual ones are found when an option says them")
    func activations() {
        let missed = misses({ !$0.first && $0.tried == nil }, saying: true)
        #expect(missed == [])
    }

    @Test("What is not sure is called a guess")
    func guesses() throws {
        for item in fixtures.cases where !item.first && item.tried == nil {
            let model = try Deduced(fixtures.stateDict(item), format: "test").imported()
            #expect(model.isGuessed, "\(item.name)")
        }
    }

    @Test("Points that a decoder made up itself never make an answer sure")
    func points() throws {
        for item in fixtures.cases where item.tried == true {
            let deduced = try Deduced(fixtures.stateDict(item), format: "test")
            guard let model = try deduced.tried(on: nil, isOver: { false }) else { continue }
            #expect(
                !model.findings.contains { if case .tried = $0.certainty { true } else { false } }, "\(item.name)")
        }
    }

    @Test("Trying on digits finds what shapes leave open")
    func trying() throws {
        let digits = try #require(fixtures.digits)
        for item in fixtures.cases where item.tried == true {
            let deduced = try Deduced(fixtures.stateDict(item), format: "test")
            let better = try #require(try deduced.tried(on: digits) { false }, "\(item.name)")
            let difference = fixtures.difference(better.model, item)
            #expect(difference < 1e-4, "\(item.name)")
        }
    }
}
