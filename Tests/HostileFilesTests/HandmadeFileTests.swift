import Foundation
import Testing

@Suite("Files made by hand to do harm")
struct HandmadeFileTests {
    @Test("Each gets its sentence", arguments: HandmadeFile.all)
    func sentence(file: HandmadeFile) throws {
        let answer = try open(try fixture(file.name))
        #expect(answer.isModel == (file.words == HandmadeFile.opens), "\(answer.text)")
        if !answer.isModel { #expect(answer.text.contains(file.words), "\(answer.text)") }
        #expect(answer.isHarmless, "\(answer.text)")
        #expect(answer.peakKilobytes < 400_000, "\(answer.peakKilobytes) kB")
    }

    @Test("No file of the folder is without a test")
    func complete() throws {
        let folder = try fixture("")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(names).subtracting(HandmadeFile.all.map(\.name)).subtracting(["short.bin"]).isEmpty)
    }

    @Test("Nothing in a pickle runs")
    func nothingRuns() throws {
        let mark = "/tmp/latentwalk-was-here"
        try? FileManager.default.removeItem(atPath: mark)
        _ = try open(["os-system.pt", "os-system-beside.pt", "os-system.pkl"].map { try fixture($0) })
        #expect(!FileManager.default.fileExists(atPath: mark))
    }
}

/// A file of `Fixtures/make_files.py`, and words of what is said of it.
struct HandmadeFile: Sendable, CustomTestStringConvertible {
    static let opens = "opens"

    let name: String
    let words: String

    var testDescription: String { name }

    init(_ name: String, _ words: String) { (self.name, self.words) = (name, words) }

    static let all = pickles + archives + graphs + keras + safetensors + others

    private static let pickles = [
        HandmadeFile("os-system.pt", "an object of the class os.system"),
        HandmadeFile("os-system-beside.pt", "shape or strides that cannot be"),
        HandmadeFile("os-system.pkl", "an object of the class os.system"),
        HandmadeFile("eval.pkl", "a dictionary of 1 (w)"),
        HandmadeFile("doubling.pkl", "a list of 2"),
        HandmadeFile("doubling-lists.pkl", "a list of 2"),
        HandmadeFile("self.pkl", "a dictionary of 2"),
        HandmadeFile("own-state.pkl", "an object of the class"),
        HandmadeFile("far-memo.pkl", "asks for a value that was not kept"),
        HandmadeFile("long-number.pkl", "ends before its last value"),
        HandmadeFile("long-text.pkl", "ends before its last value"),
        HandmadeFile("marks.pkl", "does not find the values it needs"),
        HandmadeFile("extent-2-63.pt", "described in a way that is not PyTorch's"),
        HandmadeFile("extent-2-62.pt", "shape or strides that cannot be"),
        HandmadeFile("extent-negative.pt", "shape or strides that cannot be"),
        HandmadeFile("stride-huge.pt", "larger than the file allows"),
        HandmadeFile("offset-negative.pt", "shape or strides that cannot be"),
        HandmadeFile("repeated-element.pt", "larger than the file allows"),
        HandmadeFile("storage-short.pt", "its storage has 64"),
        HandmadeFile("storage-outside.pt", "are not in the file"),
        HandmadeFile("empty-dict.pt", "an empty dictionary"),
        HandmadeFile("escapes.pt", "[2J]0;ownedfc 1"),
        HandmadeFile("classifier.pt", "turns latents into a picture"),
        HandmadeFile("calls-itself.pt", "turns latents into a picture"),
        HandmadeFile("doubling-calls.pt", "turns latents into a picture"),
        HandmadeFile("long-loop.pt", "turns latents into a picture"),
        HandmadeFile("state.pt", opens),
        HandmadeFile("state.pkl", opens),
    ]
    private static let archives = [
        HandmadeFile("ratio-bomb.pt", "out of proportion"),
        HandmadeFile("lying-size.pt", "longer than the archive's directory says"),
        HandmadeFile("overlapping.pt", "out of proportion"),
        HandmadeFile("twice.pt", "two entries named vae/data.pkl"),
        HandmadeFile("nested.zip", "unpack it, and name that file"),
    ]
    private static let graphs = [
        HandmadeFile("nested.onnx", "nested deeper than 16 levels"),
        HandmadeFile("circle.onnx", "its nodes form a circle"),
        HandmadeFile("extent-2-63.onnx", "too large"),
        HandmadeFile("extent-2-32-2-32.onnx", "too large"),
        HandmadeFile("extent-negative.onnx", "negative extent"),
        HandmadeFile("expand.onnx", "do not go together"),
        HandmadeFile("resize.onnx", "its scale 1e+09 must lie"),
        HandmadeFile("range.onnx", "too large"),
        HandmadeFile("doubling.onnx", "too large"),
        HandmadeFile("external-above.onnx", "outside of the model's folder"),
        HandmadeFile("external-absolute.onnx", "outside of the model's folder"),
        HandmadeFile("external-inner.onnx", "outside of the model's folder"),
        HandmadeFile("external-device.onnx", "that file is missing"),
        HandmadeFile("external-short.onnx", "it is 2 bytes long"),
        HandmadeFile("external-missing.onnx", "that file is missing"),
        HandmadeFile("external-negative.onnx", "its offset is not a whole number"),
        HandmadeFile("external-again.onnx", "that file is missing"),
        HandmadeFile("escapes.onnx", "node [2J nodexxx"),
        HandmadeFile("good.onnx", opens),
    ]
    private static let keras = [
        HandmadeFile("good.h5", opens),
        HandmadeFile("good.weights.h5", opens),
        HandmadeFile("good.keras", opens),
        HandmadeFile("units.keras", "has a setting units that cannot be read"),
        HandmadeFile("no-groups.h5", "none of their weights"),
        HandmadeFile("missing-group.h5", "no weights (kernel, bias) for Dense d"),
        HandmadeFile("circular.h5", "no weights (kernel, bias) for Dense d"),
        HandmadeFile("outside.h5", "its numbers are in another file"),
        HandmadeFile("virtual.h5", "its numbers are in another file"),
        HandmadeFile("chunk-bomb.h5", "far larger than what is stored"),
        HandmadeFile("extents.h5", "far larger than the file"),
        HandmadeFile("no-keras.h5", "not a model of Keras"),
        HandmadeFile("input.keras", "the input z has the shape [null,4611686018427387904]"),
        HandmadeFile("escapes.keras", "[2JEvil"),
        HandmadeFile("laughs.keras", "more than 20000 layers"),
        HandmadeFile("circle.keras", "reads what it makes itself"),
    ]
    private static let safetensors = [
        HandmadeFile("header-2-63.safetensors", "9223372036854775808 bytes"),
        HandmadeFile("header-long.safetensors", "the whole file has 10"),
        HandmadeFile("extent-2-62.safetensors", "more than any memory holds"),
        HandmadeFile("overlap.safetensors", "share bytes"),
        HandmadeFile("past-end.safetensors", "would end at byte"),
        HandmadeFile("escapes.safetensors", "control characters"),
        HandmadeFile("bad-architecture.safetensors", "its architecture cannot be used"),
        HandmadeFile("state.safetensors", opens),
    ]
    private static let others = [
        HandmadeFile("pointer.pth", "git lfs pull"),
        HandmadeFile("page.h5", "a web page"),
        HandmadeFile("empty.onnx", "empty"),
    ]
}
