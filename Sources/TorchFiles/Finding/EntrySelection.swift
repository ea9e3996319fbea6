import Files

/// A candidate's tensors as they are handed on: without copies that average them, without what belongs to a loss, without
/// prefixes that all names share.
struct EntrySelection {
    private(set) var entries: [(name: String, tensor: FoundTensor)]
    private(set) var modules: [ModuleRecord]
    private(set) var remarks: [String] = []

    init(_ candidate: Candidate) {
        entries = candidate.entries
        modules = candidate.modules
        leaveOut("running means of the weights", PathWords.isAverage)
        leaveOut("what belongs to the training", PathWords.isTraining)
        leaveOut("what belongs to other networks", PathWords.isBeside)
        let shared = SharedPrefix.removed(from: entries.map(\.name))
        entries = zip(shared.names, entries).map { ($0, $1.tensor) }
        modules = shared.moved(modules)
        if !shared.prefixes.isEmpty {
            remarks.append("took \(shared.prefixes.joined().printable) off all names")
        }
    }

    /// Leaves out tensors whose names begin with a word of a kind, unless all of them do.
    private mutating func leaveOut(_ what: String, _ isSuch: ([String]) -> Bool) {
        func first(_ name: String) -> String { String(name.prefix { $0 != "." }) }
        let words = Set(entries.map { first($0.name) }).filter { isSuch([$0]) }
        let rest = entries.filter { !words.contains(first($0.name)) }
        guard !words.isEmpty,
            rest.contains(where: { if case .stored(let tensor) = $0.tensor { tensor.extents.count > 1 } else { false } }
            )
        else { return }
        remarks.append(
            "left out \(what) (\(words.sorted().map { $0.printable + "." }.joined(separator: ", ")), "
                + "\(entries.count - rest.count) tensors)")
        entries = rest
        modules.removeAll { words.contains(first($0.path)) }
    }
}
