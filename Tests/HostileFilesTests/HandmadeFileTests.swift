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
        HandmadeFile("os-system.pt", "?")
    ]
    private static let archives = [
        HandmadeFile("ratio-bomb.pt", "?")
    ]
    private static let graphs = [
        HandmadeFile("nested.onnx", "?")
    ]
    private static let keras = [
        HandmadeFile("good.h5", opens)
    ]
    private static let safetensors = [
        HandmadeFile("header-2-63.safetensors", "?")
    ]
    private static let others = [
        HandmadeFile("pointer.pth", "git lfs pull")
    ]
}
