import Testing

@testable import Checkpoints

@Suite("safetensors headers")
struct SafetensorsHeaderTests {
    private func header(_ json: String, data: Int = 8) throws -> SafetensorsHeader {
        try SafetensorsHeader(parsing: Array(json.utf8), dataSize: data)
    }

    @Test("Tensors are listed in the order of their data, empty ones and single numbers too")
    func entries() throws {
        let header = try header(
            """
            {"b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},\
            "none":{"dtype":"I64","shape":[3,0],"data_offsets":[8,8]},"__metadata__":{"k":"v"}}
            """)
        #expect(header.entries.map(\.name) == ["a", "b", "none"])
        #expect(header.entries.map(\.extents) == [[2, 1], [], [3, 0]])
        #expect(header["b"]?.range == 4..<8)
        #expect(header["c"] == nil)
        #expect(header.metadata == ["k": "v"])
        #expect(try self.header("{}", data: 0).entries == [])
    }

    private static func tensor(_ text: String) -> String { "{\"t\":{\(text)}}" }

    @Test(
        "A tensor's entry is checked in every part",
        arguments: [
            (#""dtype":"F99","shape":[2],"data_offsets":[0,8]"#, TensorProblem.unknownType("F99")),
            (#""dtype":1,"shape":[2],"data_offsets":[0,8]"#, .unknownType("a number")),
            (#""shape":[2],"data_offsets":[0,8]"#, .missingKey("dtype")),
            (#""dtype":"F32","data_offsets":[0,8]"#, .missingKey("shape")),
            (#""dtype":"F32","shape":[2]"#, .missingKey("data_offsets")),
            (#""dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1"#, .unknownKey("x")),
            (#""dtype":"F32","shape":2,"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":[-2],"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":[2.5],"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":["2"],"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]"#, .badShape),
            (#""dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]"#, .tooManyExtents(9)),
            (
                #""dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]"#,
                .countOverflows([4_294_967_296, 4_294_967_296])
            ),
            (
                #""dtype":"F64","shape":[1152921504606846976],"data_offsets":[0,8]"#,
                .countOverflows([1_152_921_504_606_846_976])
            ),
            (#""dtype":"F32","shape":[2],"data_offsets":[0]"#, .badOffsets),
            (#""dtype":"F32","shape":[2],"data_offsets":[0,8,8]"#, .badOffsets),
            (#""dtype":"F32","shape":[2],"data_offsets":[-8,8]"#, .badOffsets),
            (#""dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]"#, .badOffsets),
            (#""dtype":"F32","shape":[2],"data_offsets":{}"#, .badOffsets),
            (#""dtype":"F32","shape":[2],"data_offsets":[8,0]"#, .reversedOffsets(8, 0)),
            (#""dtype":"F32","shape":[2],"data_offsets":[1,9]"#, .outOfRange(end: 9, dataSize: 8)),
            (
                #""dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]"#,
                .outOfRange(end: .max, dataSize: 8)
            ),
            (#""dtype":"F32","shape":[3],"data_offsets":[0,8]"#, .wrongSize(found: 8, expected: 12)),
            (#""dtype":"F32","shape":[0],"data_offsets":[0,8]"#, .wrongSize(found: 8, expected: 0)),
            (#""dtype":"F16","shape":[2],"data_offsets":[0,8]"#, .wrongSize(found: 8, expected: 4)),
        ])
    func tensor(entry: String, problem: TensorProblem) {
        #expect(throws: CheckpointProblem.tensor("t", problem)) { try header(Self.tensor(entry)) }
    }

    @Test(
        "A header must be an object of tensors",
        arguments: [
            ("[]", CheckpointProblem.headerNotObject("a list")), ("", .badHeader(.endsEarly)),
            ("{} x", .badHeader(.trailing(at: 3))), (#"{"t":1}"#, .tensor("t", .notObject("a number"))),
            ("{\"\":{}}", .badNameLength(bytes: 0)), ("{\"a\\u001bb\":{}}", .controlCharacters("a\u{1B}b")),
            ("{\"a\\u202eb\":{}}", .controlCharacters("a\u{202E}b")), ("{\"a\\nb\":{}}", .controlCharacters("a\nb")),
            (#"{"__metadata__":[]}"#, .metadataNotObject("a list")),
            (#"{"__metadata__":{"k":1}}"#, .metadataNotText("k", "a number")),
            (#"{"t":{},"t":{}}"#, .badHeader(.duplicateName(at: 8))),
            (#"{"t":{"shape":[[[]]]}}"#, .badHeader(.tooDeep(limit: 3))),
        ])
    func structure(json: String, problem: CheckpointProblem) {
        #expect(throws: problem) { try header(json, data: 0) }
    }

    @Test("Bytes that are not UTF-8, long names and too many tensors are refused")
    func limits() {
        #expect(throws: CheckpointProblem.badHeader(.notUTF8)) {
            try SafetensorsHeader(parsing: [0x7B, 0xFF, 0x7D], dataSize: 0)
        }
        let name = String(repeating: "n", count: 513)
        #expect(throws: CheckpointProblem.badNameLength(bytes: 513)) { try header("{\"\(name)\":{}}") }
        let many = (0...100_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(throws: CheckpointProblem.tooManyTensors(100_001)) { try header("{\(many)}") }
    }

    @Test("The data is covered once: no overlap, no hole, nothing left")
    func coverage() {
        func two(_ first: String, _ second: String) -> String {
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":\#(first)},"#
                + #""b":{"dtype":"U8","shape":[4],"data_offsets":\#(second)}}"#
        }
        #expect(throws: CheckpointProblem.overlap("a", "b")) { try header(two("[0,4]", "[3,7]")) }
        #expect(throws: CheckpointProblem.overlap("a", "b")) { try header(two("[0,4]", "[0,4]")) }
        #expect(throws: CheckpointProblem.hole(before: "a", bytes: 1)) { try header(two("[1,5]", "[5,9]"), data: 9) }
        #expect(throws: CheckpointProblem.hole(before: "a", bytes: 2)) { try header(two("[6,10]", "[0,4]"), data: 10) }
        #expect(throws: CheckpointProblem.trailingData(bytes: 3)) { try header(two("[0,4]", "[4,8]"), data: 11) }
        #expect(throws: CheckpointProblem.trailingData(bytes: 8)) { try header("{}") }
    }
}
