import Testing

@testable import TorchFiles

@Suite("The pickle machine")
struct PickleMachineTests {
    /// What a pickle builds, as text.
    private func built(_ bytes: [UInt8]) throws -> String {
        let graph = try pickle(bytes)
        return text(graph, graph.root)
    }

    private func text(_ graph: PickleGraph, _ reference: PickleGraph.Reference) -> String {
        func list(_ elements: [PickleGraph.Reference]) -> String {
            elements.map { text(graph, $0) }.joined(separator: ",")
        }
        switch graph[reference] {
        case .none: return "None"
        case .boolean(let value): return "\(value)"
        case .integer(let number): return "\(number)"
        case .longInteger(let bytes): return "long\(bytes)"
        case .number(let number): return "\(number)"
        case .text(let text): return "'\(text)'"
        case .bytes(let bytes): return "bytes\(bytes)"
        case .list(let elements): return "[\(list(elements))]"
        case .tuple(let elements): return "(\(list(elements)))"
        case .set(let elements): return "{\(list(elements))}"
        case .dictionary(let pairs):
            return "{" + pairs.map { "\(text(graph, $0.key)):\(text(graph, $0.value))" }.joined(separator: ",") + "}"
        case .symbol(let name): return name
        case .record(let number):
            let record = graph.records[number]
            return "\(text(graph, record.callee))(\(list(record.arguments)))"
        case .persistent(let description): return "at\(text(graph, description))"
        }
    }

    @Test(
        "Opcodes of all protocols build what Python's do",
        arguments: [
            ("I7\n.", "7"), ("I01\n.", "true"), ("L-12L\n.", "-12"), ("F1.5\n.", "1.5"), ("N.", "None"),
            ("S'a\\n'\n.", "'a\n'"), ("Va\\u00e9\n.", "'aé'"), ("(I1\nI2\nl.", "[1,2]"), ("(I1\nI2\nt.", "(1,2)"),
            ("(Va\nI2\nd.", "{'a':2}"), ("]I1\na.", "[1]"), ("](I1\nI2\ne.", "[1,2]"), ("}Va\nI1\ns.", "{'a':1}"),
            ("}(Va\nI1\nu.", "{'a':1}"), ("I1\np3\n0g3\n.", "1"), ("I1\n2\u{86}.", "(1,1)"), ("(I1\n1N.", "None"),
            ("cos\nsystem\n(Vls\ntR.", "os.system('ls')"), ("(Vls\nios\nsystem\n.", "os.system('ls')"),
            ("(cos\nsystem\nVls\no.", "os.system('ls')"), ("Pkey\n.", "at'key'"), ("I1\nQ.", "at1"),
        ])
    func opcodes(text: String, expected: String) throws {
        #expect(try built(text.unicodeScalars.map { UInt8($0.value) }) == expected)
    }

    @Test(
        "Binary opcodes too",
        arguments: [
            ([0x80, 2, 0x4B, 200, 0x2E], "200"), ([0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "-1"),
            ([0x4D, 1, 2, 0x2E], "513"), ([0x8A, 0, 0x2E], "0"), ([0x8A, 1, 0xFE, 0x2E], "-2"),
            ([0x8A, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x2E], "long[1, 0, 0, 0, 0, 0, 0, 0, 1]"),
            ([0x8B, 2, 0, 0, 0, 1, 2, 0x2E], "513"), ([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0x2E], "1.5"),
            ([0x88, 0x89, 0x86, 0x2E], "(true,false)"), ([0x4E, 0x85, 0x2E], "(None)"),
            ([0x43, 2, 1, 2, 0x2E], "bytes[1, 2]"), ([0x8C, 1, 0x61, 0x2E], "'a'"),
            ([0x55, 1, 0xFF, 0x2E], "bytes[255]"), ([0x55, 1, 0x61, 0x2E], "'a'"),
            ([0x8F, 0x28, 0x4B, 1, 0x90, 0x2E], "{1}"), ([0x28, 0x4B, 1, 0x91, 0x2E], "{1}"),
            ([0x8C, 1, 0x6D, 0x8C, 1, 0x6E, 0x93, 0x2E], "m.n"), ([0x4B, 5, 0x94, 0x30, 0x68, 0, 0x2E], "5"),
            ([0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], "None"),
            ([0x96, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0x2E], "bytes[7]"),
        ] as [([UInt8], String)])
    func binary(bytes: [UInt8], expected: String) throws {
        #expect(try built(bytes) == expected)
    }

    @Test(
        "What is damaged is refused with its reason",
        arguments: [
            ([], .endsEarly), ([0x4E], .endsEarly), ([0x2E], .badStack(at: 1)), ([0xFF], .unknownOpcode(0xFF, at: 0)),
            ([0x80, 9], .unknownProtocol(9)), ([0x68, 3], .badMemo(at: 2)),
            ([0x82, 1], .unsupported("an extension registry")),
            ([0x97], .unsupported("buffers that are not in the file")), ([0x74], .badStack(at: 1)),
            ([0x4E, 0x28, 0x30, 0x30, 0x30], .badStack(at: 5)), ([0x28, 0x4E, 0x64], .badStack(at: 3)),
            ([0x4E, 0x4E, 0x61], .badStack(at: 3)), ([0x58, 1, 0, 0, 0, 0xFF, 0x2E], .badText(at: 5)),
            // Sizes beyond the end, of 2³¹, and negative.
            ([0x8B, 0xFF, 0xFF, 0xFF, 0x7F, 1], .endsEarly), ([0x8B, 0xFF, 0xFF, 0xFF, 0xFF, 1], .endsEarly),
            ([0x8E] + [UInt8](repeating: 0xFF, count: 8), .endsEarly), (Array("Ix\n.".utf8), .badNumber(at: 1)),
        ] as [([UInt8], PickleProblem)])
    func damaged(bytes: [UInt8], expected: PickleProblem) {
        #expect(throws: expected) { _ = try pickle(bytes) }
        #expect(!expected.description.isEmpty)
    }

    @Test("A million lists within each other are no deeper than one")
    func deep() throws {
        let count = 1_000_000
        let bytes = [UInt8](repeating: 0x5D, count: count) + [UInt8](repeating: 0x61, count: count - 1) + [0x2E]
        let graph = try pickle(bytes)
        #expect(graph.elements(graph.root)?.count == 1)
        #expect(CandidateSearch(graph).candidates.isEmpty)
        #expect(Hints(graph).found.isEmpty)
    }

    @Test("More values than any model has are refused")
    func many() {
        let bytes = [UInt8](repeating: 0x4E, count: PickleMachine.limit + 1) + [0x2E]
        #expect(throws: PickleProblem.tooManyValues(limit: PickleMachine.limit)) { _ = try pickle(bytes) }
    }

    @Test("Lists that hold the one before twice take no more than their bytes")
    func bomb() throws {
        // Forty levels: 2⁴⁰ values for whoever copies.
        var bytes: [UInt8] = [0x80, 2, 0x4B, 1, 0x71, 0]
        for level in UInt8(1)...40 { bytes += [0x28, 0x68, level - 1, 0x68, level - 1, 0x6C, 0x71, level] }
        let graph = try pickle(bytes + [0x2E])
        #expect(graph.values.count < 100)
        #expect(CandidateSearch(graph).candidates.isEmpty)
        #expect(graph.setting(graph.root) == nil)
    }

    @Test("A list and a dictionary that contain themselves are looked through once")
    func cycles() throws {
        // l = []; memo 0; l.append(l)
        let list = try pickle([0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E])
        #expect(list.elements(list.root) == [list.root])
        #expect(CandidateSearch(list).candidates.isEmpty)
        // d = {}; memo 0; d["a"] = d
        let dictionary = try pickle([0x7D, 0x71, 0, 0x8C, 1, 0x61, 0x68, 0, 0x73, 0x2E])
        #expect(CandidateSearch(dictionary).candidates.isEmpty)
        #expect(Hints(dictionary).found.isEmpty)
    }

    @Test("Modules that contain each other twice end with a bound")
    func moduleBomb() throws {
        // Each module's `_modules` holds the one before twice; the innermost has no children.
        func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + text.utf8 }
        var bytes: [UInt8] = [0x80, 4]
        for level in UInt8(0)..<50 {
            bytes += Array("cm\nM\n".utf8) + [0x29, 0x81, 0x7D]
            bytes += text("_parameters") + [0x7D, 0x73] + text("_modules") + [0x7D]
            if level > 0 {
                for name in ["a", "b"] { bytes += text(name) + [0x68, level - 1, 0x73] }
            }
            bytes += [0x73, 0x62, 0x71, level]
        }
        let graph = try pickle(bytes + [0x2E])
        let tree = ModuleTree(graph, root: graph.root, code: nil)
        #expect(tree.modules.count == 20_000)
        #expect(tree.entries.isEmpty)
    }
}
