import JSON
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    @Test("Every kind of value is read, in the order of the document")
    func kinds() throws {
        let value = try JSONValue(
            parsing: #" {"b": [1, -2.5, 1e3, true, false, null], "a": {"": ""}, "e":[],"o":{} } "#)
        #expect(
            value
                == .object([
                    "b": .array([.integer(1), .number(-2.5), .number(1000), .boolean(true), .boolean(false), .null]),
                    "a": .object(["": .string("")]), "e": .array([]), "o": .object([:]),
                ]))
        #expect(value.object?.members.map(\.name) == ["b", "a", "e", "o"])
    }

    @Test("Whole numbers are exact to 64 bits; larger ones are no integers")
    func integers() throws {
        #expect(try JSONValue(parsing: "9223372036854775807").integer == Int.max)
        #expect(try JSONValue(parsing: "-9223372036854775808").integer == Int.min)
        let larger = try JSONValue(parsing: "9223372036854775808")
        #expect(larger.integer == nil)
        #expect(larger.number == 9_223_372_036_854_775_808)
        #expect(try JSONValue(parsing: "1.0").integer == nil)
    }

    @Test("Escapes stand for their characters, surrogate pairs for one")
    func escapes() throws {
        let text = #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#
        #expect(try JSONValue(parsing: text).string == "\"\\/\u{8}\u{C}\n\r\té😀é😀")
    }

    @Test(
        "What is no JSON is refused where it goes wrong",
        arguments: [
            ("", JSONError.endsEarly), (" ", .endsEarly), ("[", .endsEarly), ("[1", .endsEarly), ("\"a", .endsEarly),
            ("{", .endsEarly), ("{\"a\"", .endsEarly), ("tru", .endsEarly), ("-", .endsEarly), ("1.", .endsEarly),
            ("\"\\", .endsEarly), ("\"\\u00", .endsEarly),
            ("[1,]", .unexpected(found: "“]”", expected: "a value", at: 3)),
            ("{\"a\":1,}", .unexpected(found: "“}”", expected: "a name in quotes", at: 7)),
            ("{\"a\" 1}", .unexpected(found: "“1”", expected: "a colon", at: 5)),
            ("[1 2]", .unexpected(found: "“2”", expected: "a comma or a closing bracket", at: 3)),
            ("{\"a\":1 2}", .unexpected(found: "“2”", expected: "a comma or a closing brace", at: 7)),
            ("nul]", .unexpected(found: "“]”", expected: "“null”", at: 3)),
            ("+1", .unexpected(found: "“+”", expected: "a value", at: 0)),
            ("1e", .endsEarly), ("1.x", .unexpected(found: "“x”", expected: "a digit", at: 2)),
            ("01", .trailing(at: 1)), ("1 1", .trailing(at: 2)),
            ("NaN", .unexpected(found: "“N”", expected: "a value", at: 0)),
            ("\"\n\"", .unexpected(found: "0xa", expected: "a character of a string", at: 1)),
            ("\"\\x\"", .badEscape(at: 1)), ("\"\\ud800\"", .badEscape(at: 1)), ("\"\\udc00\"", .badEscape(at: 1)),
            ("\"\\ud800\\n\"", .badEscape(at: 1)), ("\"\\ud800\\u0041\"", .badEscape(at: 1)),
            ("\"\\u00g0\"", .badEscape(at: 1)), ("1e999", .numberTooLarge(at: 0)), ("[-1e999]", .numberTooLarge(at: 1)),
            (#"{"a":1,"a":2}"#, .duplicateName(at: 7)),
        ])
    func refused(text: String, error: JSONError) {
        #expect(throws: error) { try JSONValue(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test("Bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: JSONError.notUTF8) { try JSONValue(parsing: [0x22, 0xC3, 0x22]) }
        #expect(throws: JSONError.notUTF8) { try JSONValue(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test("Depth and size are bounded")
    func limits() throws {
        let limits = JSONLimits(depth: 3, values: 5)
        #expect(try JSONValue(parsing: "[[[]]]", limits: limits) == .array([.array([.array([])])]))
        #expect(throws: JSONError.tooDeep(limit: 3)) { try JSONValue(parsing: "[[[[]]]]", limits: limits) }
        #expect(throws: JSONError.tooDeep(limit: 32)) {
            try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
        }
        #expect(throws: JSONError.tooManyValues(limit: 5)) { try JSONValue(parsing: "[1,2,3,4,5]", limits: limits) }
    }
}
