import Archives
import Importing
import Neural

/// The code in a TorchScript archive, read as text: what it says of its classes, and nothing of it is run.
struct ScriptedCode: Sendable {
    private static let largestFile = 4 << 20
    private static let largestTotal = 32 << 20

    /// By their full names, `__torch__.torch.nn.modules.linear.Linear`.
    private var classes: [String: ScriptedClass] = [:]
    private var functions: [String: ScriptFunction] = [:]
    /// Tensors that the code itself uses, by their names there: `c0`. A frozen program has all of its weights here.
    private(set) var constants: [String: Tensor] = [:]

    /// - Parameter modules: code by the names of its modules.
    init(modules: [String: String]) {
        for (module, text) in modules { read(text, module: module) }
    }

    /// - Parameter folder: the archive's own, with a slash behind, in which `code/` lies.
    init(_ archive: ZipArchive, folder: String) throws(ImportProblem) {
        self.init(modules: try Self.modules(archive, prefix: folder + "code/"))
        constants = try Self.constants(archive, folder: folder)
    }

    private static func modules(_ archive: ZipArchive, prefix: String) throws(ImportProblem) -> [String: String] {
        var modules: [String: String] = [:]
        var left = largestTotal
        for entry in archive.entries where entry.name.hasPrefix(prefix) && entry.name.hasSuffix(".py") {
            guard entry.size <= left else { throw ImportProblem(.badFile, "its code is larger than any model's") }
            left -= entry.size
            do {
                let bytes = try archive.read(entry, limit: largestFile, checked: entry.checksum != 0)
                let name = entry.name.dropFirst(prefix.count).dropLast(3).split(separator: "/").joined(separator: ".")
                modules[name] = String(decoding: bytes, as: UTF8.self)
            } catch {
                throw ImportProblem(.badFile, error.reason)
            }
        }
        return modules
    }

    /// A pickle of its own, with storages of its own.
    private static func constants(_ archive: ZipArchive, folder: String) throws(ImportProblem) -> [String: Tensor] {
        guard let entry = archive[folder + "constants.pkl"] else { return [:] }
        let graph = try TorchContainer.pickle(entry, of: archive)
        let storages = ArchivedStorages(archive: archive, folder: folder + "constants/", isBigEndian: false)
        var found: [(name: String, tensor: FoundTensor)] = []
        for (index, element) in (graph.elements(graph.root) ?? []).enumerated() {
            // What is no tensor of numbers stays unknown, and is refused where the code uses it.
            if let tensor = graph.tensor(element), case .stored = tensor { found.append(("c\(index)", tensor)) }
        }
        let entries = try TorchFile.read(found, graph, storages)
        return Dictionary(entries.map { ($0.name, $0.tensor) }) { first, _ in first }
    }

    func scriptedClass(named name: String) -> ScriptedClass? { classes[name] }

    func method(_ name: String, of className: String) -> ScriptFunction? { classes[className]?.methods[name] }

    func function(named name: String) -> ScriptFunction? { functions[name] }

    /// A class begins at a line's start and ends where another thing does.
    private mutating func read(_ text: String, module: String) {
        let file = module.split(separator: ".").joined(separator: "/") + ".py"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            ScriptFunctionParser.Line($0.element, number: $0.offset + 1, of: file)
        }.filter { !$0.text.isEmpty }
        var (name, body): (String?, [ScriptFunctionParser.Line]) = (nil, [])
        for line in lines {
            if line.indent == 0 {
                if let name { classes[name] = ScriptedClass(body) }
                (name, body) = (nil, [])
                if line.text.hasPrefix("class ") {
                    name = "\(module).\(line.text.dropFirst(6).prefix { $0.isLetter || $0.isNumber || $0 == "_" })"
                }
            } else if name != nil {
                body.append(line)
            }
        }
        if let name { classes[name] = ScriptedClass(body) }
        for (name, function) in ScriptFunctionParser.functions(in: lines, indent: 0) {
            functions["\(module).\(name)"] = function
        }
    }
}
