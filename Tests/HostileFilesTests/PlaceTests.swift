import Foundation
import Testing

@Suite("Places that are no ordinary files, and files that change")
struct PlaceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A folder, a device, a named pipe, an empty name and a missing file end in a sentence at once")
    func places() throws {
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/zero")
        let answers = try open([folder.url.path, "/dev/zero", "/dev/null", pipe, link, "", folder.path("none")])
        for (answer, words) in zip(
            answers,
            [
                "no file of weights", "device or a pipe", "device or a pipe", "device or a pipe", "device or a pipe",
                "no file",
                "no file",
            ])
        {
            #expect(!answer.isModel && answer.isHarmless && answer.text.contains(words), "\(answer.text)")
        }
    }

    @Test(
        "Four gigabytes of zeros behind any beginning end in a sentence, and take no memory",
        arguments: [
            [], Array("PK\u{3}\u{4}".utf8), [0x80, 2], [0x80, 2, 0x63], [0x80, 4, 0x8E, 0, 0, 0, 0xFF, 0, 0, 0, 0],
            [0x89] + Array("HDF\r\n\u{1A}\n".utf8), [8, 8, 0x12], Array("{".utf8),
            [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8),
            [0, 0, 0, 0xFF, 0, 0, 0, 0] + Array("{".utf8), Array("version https://git-lfs".utf8),
        ] as [[UInt8]])
    func fourGigabytes(start: [UInt8]) throws {
        let answer = try open(try folder.sparse("model", start, size: 4 << 30))
        #expect(!answer.isModel && answer.isHarmless, "\(answer.text)")
        #expect(answer.peakKilobytes < 600_000, "\(answer.peakKilobytes) kB: \(answer.text)")
    }

    @Test("A tensor of four gigabytes is refused before it is read")
    func hugeTensor() throws {
        let header = #"{"fc1.weight":{"dtype":"F32","shape":[1048576,1024],"data_offsets":[0,4294967296]}}"#
        let start = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
        let file = try folder.sparse("huge.safetensors", start, size: UInt64(start.count) + 4 << 30)
        let answer = try open(file)
        #expect(answer.text.contains("more than 536870912 numbers") && answer.peakKilobytes < 200_000, "\(answer)")
    }

    @Test("Tensors of ONNX's files come from the model's own folder, whatever lies there under their names")
    func externalTensors() throws {
        let model = try folder.copy("external-device.onnx", as: "model.onnx")
        let place = folder.path("zero")
        func reason() throws -> String {
            let answer = try open(model)
            #expect(!answer.isModel && answer.isHarmless)
            return answer.text
        }
        #expect(try reason().contains("missing"))
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/dev/zero")
        #expect(try reason().contains("outside of the model's folder"))
        try FileManager.default.removeItem(atPath: place)
        #expect(mkfifo(place, 0o600) == 0)
        #expect(try reason().contains("device or a pipe"))
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        #expect(try reason().contains("is a folder"))
    }

    @Test("Tensors that share bytes beside the model take no more memory than a few times those")
    func sharedBytes() throws {
        let model = try folder.copy("external-again.onnx", as: "model.onnx")
        _ = try folder.sparse("megabytes.bin", [], size: 4 << 20)
        let answer = try open(model)
        #expect(answer.text.contains("again and again") && answer.peakKilobytes < 200_000, "\(answer)")
    }

    @Test("Shards of TensorFlow.js come from the model's own folder, each once")
    func shards() throws {
        let json =
            #"{"modelTopology":{"class_name":"Sequential","config":{"layers":[]}},"weightsManifest":[{"paths":["@"],"weights":[]}]}"#
        func reason(_ paths: String) throws -> String {
            let text = json.replacingOccurrences(of: "\"@\"", with: paths)
            return try open(try folder.file("model.json", text.utf8)).text
        }
        _ = try folder.file("a.bin", [0, 0, 0, 0])
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(try reason(#""../a.bin""#).contains("own folder"))
        #expect(try reason(#""/etc/passwd""#).contains("own folder"))
        #expect(try reason(#""a.bin", "a.bin""#).contains("twice"))
        #expect(try reason(#""pipe""#).contains("shard pipe"))
        _ = try folder.sparse("large.bin", [], size: 4 << 30)
        #expect(try reason(#""large.bin""#).contains("too large"))
    }

    @Test(
        "Line ends that were converted are told",
        arguments: ["good.onnx", "good.h5", "state.pt", "state.pkl"])
    func lineEnds(name: String) throws {
        let whole = try bytes(of: name)
        let files = [
            try folder.file("crlf", whole.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }),
            try folder.file("text", String(decoding: whole, as: UTF8.self).utf8),
        ]
        for answer in try open(files) {
            #expect(!answer.isModel && answer.text.contains("as if it were text"), "\(answer.text)")
        }
    }

    @Test(
        "A file that is cut off and written anew while it is read ends no process",
        arguments: ["good.onnx", "good.h5", "state.pt", "state.pkl", "state.safetensors"])
    func changing(name: String) async throws {
        let whole = try Data(contentsOf: URL(filePath: try fixture(name)))
        let path = try folder.file("model", whole)
        let writer = Task.detached {
            let file = try FileHandle(forUpdating: URL(filePath: path))
            while !Task.isCancelled {
                try file.truncate(atOffset: UInt64.random(in: 0...UInt64(whole.count)))
                try file.seek(toOffset: 0)
                try file.write(contentsOf: whole)
            }
        }
        let answers = try open(Array(repeating: path, count: 40))
        writer.cancel()
        _ = try await writer.value
        for answer in answers { #expect(answer.isHarmless, "\(answer.text)") }
    }
}
