import JSON
import Testing

@Suite("Taking the members of an object")
struct FieldReaderTests {
    private enum Problem: FieldError, Equatable {
        case missing(String)
        case unknown(String)
        case wrong(String, expected: String, found: String)

        static func missing(_ name: String, in place: String) -> Problem { .missing("\(place).\(name)") }
        static func unknown(_ name: String, in place: String) -> Problem { .unknown("\(place).\(name)") }
        static func wrong(_ name: String, in place: String, expected: String, found: String) -> Problem {
            .wrong("\(place).\(name)", expected: expected, found: found)
        }
    }

    private func reader(nullIsMissing: Bool = false) -> FieldReader<Problem> {
        FieldReader(["a": .integer(1), "b": .array([]), "c": .null], in: "it", nullIsMissing: nullIsMissing)
    }

    @Test("Members are taken by name; one that must be there and isn't is named")
    func taking() throws {
        var fields = reader()
        #expect(fields.optional("a") == .integer(1))
        #expect(fields.optional("d") == nil)
        #expect(try fields.required("b") == .array([]))
        #expect(throws: Problem.missing("it.d")) { try fields.required("d") }
    }

    @Test("Null is a value, or as good as none, as the reader is told")
    func null() throws {
        var (strict, lenient) = (reader(), reader(nullIsMissing: true))
        #expect(try strict.required("c") == .null)
        #expect(lenient.optional("c") == nil)
        #expect(throws: Problem.missing("it.c")) { try lenient.required("c") }
        #expect(try lenient.convert("c", "a number") { $0.number } == nil)
    }

    @Test("What cannot be converted is shown beside what it must be")
    func converting() throws {
        var fields = reader()
        #expect(try fields.convert("a", "a number") { $0.number } == 1)
        #expect(throws: Problem.wrong("it.b", expected: "a number", found: "[]")) {
            try fields.convert("b", "a number") { $0.number }
        }
        #expect(fields.wrong("d", "a number") == .wrong("it.d", expected: "a number", found: "missing"))
    }

    @Test("The first member that nobody asked for is unknown")
    func unknown() throws {
        var fields = reader()
        _ = fields.optional("a")
        #expect(throws: Problem.unknown("it.b")) { try fields.finish() }
        #expect(throws: Problem.unknown("it.c")) { try fields.check(names: ["a", "b"]) }
        (_, _) = (fields.optional("b"), fields.optional("c"))
        try fields.finish()
    }
}
