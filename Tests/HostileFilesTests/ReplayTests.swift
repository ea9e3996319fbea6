import Foundation
import Testing

@Suite("What the fuzzer found once")
struct ReplayTests {
    /// The readers that there is a corpus for: folders by their names.
    static let targets: [String] = {
        let folder = Bundle.module.resourceURL?.appending(path: "Corpus")
        return (try? folder.map { try FileManager.default.contentsOfDirectory(atPath: $0.path) })?.sorted() ?? []
    }()

    @Test("Each file gets an answer, in bounded time and memory", arguments: targets)
    func replay(target: String) throws {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Corpus/\(target)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let answers = try open(names.map { folder.appending(path: $0).path }, target: target)
        for (name, answer) in zip(names, answers) {
            #expect(answer.isHarmless, "\(name): \(answer.text)")
        }
        #expect(answers.last?.peakKilobytes ?? 0 < 1_000_000)
    }
}
