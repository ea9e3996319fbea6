import Importing

extension StateDict {
    /// Words that wrap a model's names without saying anything of it.
    private static let copies = ["ema", "ema_model", "model_ema", "ema_net", "module_ema", "averaged_model", "shadow"]

    private static let (longestName, mostPrefixes) = (512, 8)

    /// Without copies that an average keeps and without a prefix that all names have.
    ///
    /// - Throws: ``ImportProblem`` for a dict without tensors.
    func cleaned() throws(ImportProblem) -> (dict: StateDict, remarks: [String]) {
        guard !entries.isEmpty else { throw ImportProblem(.badFile, "the file holds no tensors") }
        if let long = entries.first(where: { $0.name.utf8.count > StateDict.longestName }) {
            throw ImportProblem(.badFile, "a name of \(long.name.utf8.count) bytes is no name of a tensor")
        }
        var dict = self
        var remarks: [String] = []
        let names = entries.map(\.name)
        let known = Set(names)
        let trained = names.filter { $0.hasPrefix("online_model.") }
        if !trained.isEmpty, trained.allSatisfy({ known.contains("ema_model." + $0.dropFirst("online_model.".count)) })
        {
            // ema-pytorch keeps both, and uses the average.
            dict.entries.removeAll { !$0.name.hasPrefix("ema_model.") }
            remarks.append("the averaged copy ema_model.… of the tensors is used, and online_model.… passed over")
        }
        let copy = StateDict.copies.first { word in dict.entries.contains { $0.name.hasPrefix(word + ".") } }
        if let copy, !dict.entries.allSatisfy({ $0.name.hasPrefix(copy + ".") }) {
            dict.entries.removeAll { $0.name.hasPrefix(copy + ".") }
            remarks.append("the averaged copy \(copy).… of the tensors is passed over")
        }
        for _ in 0..<StateDict.mostPrefixes {
            guard let prefix = dict.commonPrefix else { break }
            dict = dict.dropping(prefix)
            remarks.append("all names begin with \(prefix), which is taken off")
        }
        return (dict, remarks)
    }

    /// The first component of all names, if it is the same and says nothing of its own.
    private var commonPrefix: String? {
        guard let first = entries.first?.name.split(separator: ".").first else { return nil }
        let prefix = first + "."
        guard entries.allSatisfy({ $0.name.hasPrefix(prefix) && $0.name.split(separator: ".").count > 2 }) else {
            return nil
        }
        let rest = entries.map { String($0.name.dropFirst(prefix.count)) }
        let hasHalves = rest.contains { Words.half($0) == .decoder } && rest.contains { Words.half($0) == .encoder }
        return hasHalves || Words.half(String(first)) == nil || Words.half(String(first)) == .other
            ? String(prefix) : nil
    }

    private func dropping(_ prefix: String) -> StateDict {
        func short(_ name: String) -> String { String(name.dropFirst(prefix.count)) }
        return StateDict(
            entries.map { Entry(short($0.name), $0.tensor) },
            modules: Dictionary(
                modules.filter { $0.key.hasPrefix(prefix) }.map { (short($0.key), $0.value) }, uniquingKeysWith: { $1 }),
            hints: hints, configuration: configuration)
    }
}
