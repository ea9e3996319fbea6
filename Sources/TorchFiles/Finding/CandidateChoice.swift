import Files

/// Which of a file's candidates is the model.
struct CandidateChoice {
    let chosen: Candidate
    /// What was passed over or joined, a sentence each.
    let remarks: [String]

    /// - Returns: nil where there is none but what a training keeps.
    init?(_ candidates: [Candidate]) {
        let models = candidates.filter { !PathWords.isTraining($0.path) && !$0.isOptimizers && $0.hasWeights }
        let joined = Self.joined(models)
        let ranked = joined.enumerated().map { (rank: Self.rank($0), candidate: $0.element) }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
        guard let best = ranked.first?.candidate else { return nil }
        chosen = best
        var remarks: [String] = []
        let others = ranked.dropFirst().map(\.candidate)
        if !best.path.isEmpty { remarks.append("took the tensors of \(best.label.printable)") }
        if !others.isEmpty {
            let labels = others.prefix(8).map { "\($0.label.printable) (\($0.entries.count) tensors)" }
            remarks.append("passed over " + labels.joined(separator: ", "))
        }
        let training = candidates.filter { PathWords.isTraining($0.path) }.compactMap(\.path.first)
        if !training.isEmpty {
            let names = training.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            remarks.append(
                "passed over the state of the training (\(names.prefix(8).map(\.printable).joined(separator: ", ")))")
        }
        self.remarks = remarks
    }

    /// The smaller, the better; the first number that differs decides.
    private static func rank(_ numbered: (offset: Int, element: Candidate)) -> [Int] {
        let candidate = numbered.element
        let hasDecoder = candidate.entries.contains { entry in
            entry.name.split(separator: ".").contains { PathWords.half(String($0)) == .decoder }
        }
        return [
            PathWords.isAverage(candidate.path) ? 1 : 0, PathWords.isBeside(candidate.path) ? 1 : 0,
            PathWords.rank(candidate.path), hasDecoder ? 0 : 1, candidate.path.count, -candidate.elementCount,
            numbered.offset,
        ]
    }

    /// Replaces candidates that are parts of one model by the whole: an encoder and a decoder, or layers.
    private static func joined(_ candidates: [Candidate]) -> [Candidate] {
        let families = Dictionary(grouping: candidates.filter { !$0.path.isEmpty }) { Array($0.path.dropLast()) }
            .compactMapValues(parts)
        let joinedPaths = Set(families.values.joined().map(\.path))
        var result: [Candidate] = []
        var done: Set<[String]> = []
        for candidate in candidates {
            let parent = Array(candidate.path.dropLast())
            guard joinedPaths.contains(candidate.path), let parts = families[parent] else {
                result.append(candidate)
                continue
            }
            if done.insert(parent).inserted { result.append(whole(parts, path: parent)) }
        }
        return result
    }

    /// Those of a dictionary's candidates that make one model; nil where each is one.
    private static func parts(of family: [Candidate]) -> [Candidate]? {
        guard family.count > 1 else { return nil }
        let parts = family.filter { !PathWords.isBeside($0.path) && !PathWords.isAverage($0.path) }
        let halves = parts.compactMap { PathWords.half($0.path[$0.path.count - 1]) }
        if halves.contains(.encoder), halves.contains(.decoder) { return parts }
        let areLayers = parts.allSatisfy { $0.entries.allSatisfy { !$0.name.contains(".") } && $0.entries.count <= 6 }
        return areLayers && parts.count > 1 ? parts : nil
    }

    private static func whole(_ parts: [Candidate], path: [String]) -> Candidate {
        var whole = Candidate(path: path, entries: [])
        for part in parts {
            let prefix = PathWords.bare(part.path[part.path.count - 1]) + "."
            let shared = SharedPrefix.removed(from: part.entries.map(\.name))
            let names = shared.names
            let isNamed = names.allSatisfy { $0.hasPrefix(prefix) }
            for (name, entry) in zip(names, part.entries) {
                whole.entries.append((isNamed ? name : prefix + name, entry.tensor))
            }
            let modules = shared.moved(part.modules)
            whole.modules += modules.map { module in
                var module = module
                module.path =
                    isNamed ? module.path : module.path.isEmpty ? String(prefix.dropLast()) : prefix + module.path
                return module
            }
        }
        return whole
    }
}
