import Importing

/// The order in which the modules of Sequentials run, where a file lists them: what stands between layers with weights.
struct ModuleOrder {
    private static let most = 64

    private let modules: [String: ModuleRecord]
    /// What is known to stand after a layer, whatever it is part of.
    private let followers: [String: [ModuleRecord]]
    /// Layers with weights, and all that holds such.
    private let weighted: Set<String>
    /// Modules that hold others.
    private let parents: Set<String>

    /// - Parameter layers: the paths of all layers with weights.
    init(_ modules: [String: ModuleRecord], _ followers: [String: [ModuleRecord]] = [:], layers: [String]) {
        (self.modules, self.followers) = (modules, followers)
        weighted = Self.holders(of: layers).union(layers)
        parents = Self.holders(of: Array(modules.keys))
    }

    private static func holders(of paths: [String]) -> Set<String> {
        var found: Set<String> = []
        for path in paths where !path.isEmpty {
            var rest = path[...]
            while let dot = rest.lastIndex(of: ".") {
                rest = rest[..<dot]
                guard found.insert(String(rest)).inserted else { break }
            }
            found.insert("")
        }
        return found
    }

    /// The modules without weights that run after one, until one with weights.
    ///
    /// - Returns: nil for a module in no Sequential; `end` is the path where weights stand again.
    func following(_ path: String) -> (records: [ModuleRecord], end: String?)? {
        guard followers.isEmpty else { return followers[path].map { ($0, nil) } }
        guard modules[path] != nil, let place = place(path), isSequential(place.parent) else { return nil }
        var found: [ModuleRecord] = []
        var next = sibling(path, 1)
        while let path = next, found.count < Self.most {
            if let end = collect(path, &found) { return (found, end) }
            next = sibling(path, 1)
        }
        return (found, nil)
    }

    /// The modules without weights that run before one, back to one with weights.
    func preceding(_ path: String) -> [ModuleRecord] {
        guard followers.isEmpty, modules[path] != nil, let place = place(path), isSequential(place.parent) else {
            return []
        }
        var found: [ModuleRecord] = []
        var previous = sibling(path, -1)
        while let path = previous, !weighted.contains(path), found.count < Self.most {
            var here: [ModuleRecord] = []
            _ = collect(path, &here)
            found = here + found
            previous = sibling(path, -1)
        }
        return found
    }

    /// Takes a module without weights, or what a Sequential holds; where weights stand, their path.
    private func collect(_ path: String, _ found: inout [ModuleRecord]) -> String? {
        guard let record = modules[path], found.count < Self.most else { return path }
        let isWeighted = weighted.contains(path)
        guard parents.contains(path) else {
            if isWeighted { return path }
            found.append(record)
            return nil
        }
        if modules["\(path).0"] != nil, isSequential(path) {
            for number in 0..<Self.most {
                guard modules["\(path).\(number)"] != nil else { break }
                if let end = collect("\(path).\(number)", &found) { return end }
            }
            return nil
        }
        if isWeighted { return path }
        let children = modules.keys.filter { $0.hasPrefix(path + ".") }
        if record.meaning == .unknown, children.count == 1 { return collect(children[0], &found) }
        found.append(record)
        return nil
    }

    /// The module so many places further, in its Sequential or in those that hold it.
    private func sibling(_ path: String, _ distance: Int) -> String? {
        guard let place = place(path), isSequential(place.parent) else { return nil }
        let other = (place.parent.isEmpty ? "" : place.parent + ".") + "\(place.number + distance)"
        return modules[other] != nil ? other : sibling(place.parent, distance)
    }

    private func place(_ path: String) -> (parent: String, number: Int)? {
        guard let dot = path.lastIndex(of: ".") else { return Int(path).map { ("", $0) } }
        return Int(path[path.index(after: dot)...]).map { (String(path[..<dot]), $0) }
    }

    /// Whether modules with numbers run one after the other there; between those of a list stands a function.
    private func isSequential(_ path: String) -> Bool {
        guard let kind = modules[path]?.kind else { return true }
        return kind != "ModuleList" && kind != "ModuleDict"
    }
}

extension StateDict {
    /// How the file's modules run; nil where it lists none.
    var order: ModuleOrder? {
        modules.isEmpty
            ? nil
            : ModuleOrder(
                modules, followers,
                layers: entries.map(\.module))
    }
}
