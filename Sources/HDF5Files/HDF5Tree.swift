/// What an HDF5 file holds, as far as models need it: groups and datasets by their paths, with their attributes.
///
/// Paths are names with slashes between them, without one in front; the root is the empty path.
public struct HDF5Tree: Sendable {
    /// What hangs on a group or dataset.
    public enum Attribute: Hashable, Sendable {
        /// One text or several; bytes count as text.
        case texts([String])
        /// One number or several.
        case numbers([Double])
    }

    /// Numbers with a shape, row-major; a single number has no extents.
    public struct Dataset: Sendable {
        public let shape: [Int]
        public let values: [Float]

        public init(shape: [Int], values: [Float]) {
            self.shape = shape
            self.values = values
        }
    }

    /// The groups' paths.
    public internal(set) var groups: Set<String> = [""]
    public internal(set) var datasets: [String: Dataset] = [:]
    /// Datasets that hold no numbers, or that are not read, and why.
    public internal(set) var unread: [String: String] = [:]
    /// Where groups lie in the file, which tells in what order they were written.
    public private(set) var addresses: [String: UInt64] = [:]
    var attributes: [String: [String: Attribute]] = [:]
    private(set) var children: [String: [String]] = [:]

    public init() {}

    /// The names of what lies directly in a group, in the file's order.
    public func names(in group: String) -> [String] { children[group] ?? [] }

    public func attribute(_ name: String, of path: String) -> Attribute? { attributes[path]?[name] }

    /// An attribute that is one text.
    public func text(_ name: String, of path: String) -> String? {
        guard case .texts(let texts)? = attribute(name, of: path), texts.count == 1 else { return nil }
        return texts[0]
    }

    /// An attribute that is a list of texts. Keras cuts long lists into `name0`, `name1` …, which are joined here.
    public func texts(_ name: String, of path: String) -> [String]? {
        func list(_ name: String) -> [String]? {
            switch attribute(name, of: path) {
            case .texts(let texts): texts
            // An empty list has the type of numbers.
            case .numbers(let numbers) where numbers.isEmpty: []
            default: nil
            }
        }
        if let whole = list(name) { return whole }
        var joined: [String] = []
        var part = 0
        while let texts = list("\(name)\(part)") {
            joined += texts
            part += 1
        }
        return part > 0 ? joined : nil
    }

    mutating func addGroup(_ path: String, address: UInt64) {
        groups.insert(path)
        addresses[path] = address
        addChild(path)
    }

    mutating func addDataset(_ path: String, _ dataset: Dataset) {
        datasets[path] = dataset
        addChild(path)
    }

    private mutating func addChild(_ path: String) {
        guard !path.isEmpty else { return }
        let cut = path.lastIndex(of: "/")
        let parent = cut.map { String(path[..<$0]) } ?? ""
        children[parent, default: []].append(cut.map { String(path[path.index(after: $0)...]) } ?? path)
    }
}
