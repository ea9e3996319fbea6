import Files
import Importing

/// A candidate's tensors as they are handed on: without copies that average them, without networks that judge or stand
/// beside, without prefixes that all names share.
struct EntrySelection {
    private(set) var entries: [(name: String, tensor: FoundTensor)]
    private(set) var modules: [ModuleRecord]
    private(set) var remarks: [String] = []

    init(_ candidate: Candidate) {
        entries = candidate.entries
        modules = candidate.modules
        takeOffPrefixes()
        takeAverage()
        leaveOut("running means of the weights", PathWords.isAverage)
        leaveOut("what belongs to the training", PathWords.isTraining)
        leaveOut("what judges the model", PathWords.isJudge)
        takeWhole()
        takeOffPrefixes()
    }

    /// The first word of a tensor's name or a module's path.
    private static func first(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private mutating func takeOffPrefixes() {
        let shared = SharedPrefix.removed(from: entries.map(\.name))
        guard let remark = shared.remark else { return }
        entries = zip(shared.names, entries).map { ($0, $1.tensor) }
        modules = shared.moved(modules)
        remarks.append(remark)
    }

    /// Of a pair that is made to be used by its average (ema-pytorch's), takes the average.
    private mutating func takeAverage() {
        let (average, trained) = ("ema_model", "online_model")
        let names = Set(entries.map(\.name))
        let copies = names.filter { Self.first($0) == trained }
        guard !copies.isEmpty,
            copies.allSatisfy({ names.contains(average + $0.dropFirst(trained.count)) })
        else { return }
        keep(where: { $0 == average }, leavingOut: "the weights that the running means \(average). are of")
    }

    /// Leaves out tensors whose names begin with a word of a kind, unless no weights would be left.
    private mutating func leaveOut(_ what: String, _ isSuch: ([String]) -> Bool) {
        let words = Set(entries.map { Self.first($0.name) }).filter { isSuch([$0]) }
        keep(where: { !words.contains($0) }, leavingOut: what)
    }

    /// Where names of a whole autoencoder stand beside names of other networks, takes the autoencoder.
    private mutating func takeWhole() {
        let words = Set(entries.map { Self.first($0.name) })
        let wholes = words.filter { word in
            PathWords.isWhole(word) && entries.contains { Self.first($0.name) == word && $0.name.contains(".") }
        }
        guard wholes.count == 1, words.count > 1, !words.contains(where: { PathWords.half($0) != nil }) else { return }
        keep(where: wholes.contains, leavingOut: "what belongs to other networks")
    }

    private mutating func keep(where isKept: (String) -> Bool, leavingOut what: String) {
        let rest = entries.filter { isKept(Self.first($0.name)) }
        guard rest.count < entries.count, Candidate(path: [], entries: rest).hasWeights else { return }
        let words = Set(entries.map { Self.first($0.name) }).filter { !isKept($0) }.sorted()
        let list = words.prefix(8).map { "\($0.printable)." }.joined(separator: ", ")
        remarks.append("left out \(what) (\(list), \(entries.count - rest.count) tensors)")
        entries = rest
        modules.removeAll { !$0.path.isEmpty && !isKept(Self.first($0.path)) }
    }
}
