import JSON
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    private let value = JSONValue.object([
        "list": .array([.integer(1), .integer(2)]), "layers": .array([.object(["a": .null]), .array([])]),
        "number": .float(0.1), "text": .string("é\"\\\n\u{1B}\u{9B}"), "none": .object([:]),
    ])

    @Test("On one line, without spaces")
    func compact() {
        let text = #"{"list":[1,2],"layers":[{"a":null},[]],"number":0.1,"text":"é\"\\\n\u001b\u009b","none":{}}"#
        #expect(value.compactText == text)
    }

    @Test("Indented, lists of plain values on their line")
    func indented() {
        let text = #"""
            {
              "list": [1, 2],
              "layers": [
                {
                  "a": null
                },
                []
              ],
              "number": 0.1,
              "text": "é\"\\\n\u001b\u009b",
              "none": {}
            }
            """#
        #expect(value.indentedText == text)
    }

    @Test("What is written reads back as it was")
    func roundTrip() throws {
        #expect(try JSONValue(parsing: value.compactText) == value)
        #expect(try JSONValue(parsing: value.indentedText) == value)
    }

    @Test(
        "Floats keep their value and the digits that people wrote",
        arguments: [0.1, 1e-5, 3, .pi, .leastNonzeroMagnitude, 3e38] as [Float])
    func floats(value: Float) throws {
        let read = try JSONValue(parsing: JSONValue.float(value).compactText).number
        #expect(read.map { Float($0) } == value)
    }

    @Test("What is not finite has no number in JSON")
    func notFinite() {
        #expect(JSONValue.float(.infinity).compactText == "null")
        #expect(JSONValue.number(.nan).compactText == "null")
    }
}
