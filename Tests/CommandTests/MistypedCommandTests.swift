import Testing

@testable import latentwalk

@Suite("A mistyped command")
struct MistypedCommandTests {
    private func failure(_ line: String) -> MistypedCommand? {
        do throws(MistypedCommand) {
            try MistypedCommand.check(line.split(separator: " ").map(String.init))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "The nearest command is named, of sub-commands with the one above",
        arguments: [
            ("exlpore", "explore"), ("rendr manifold --output x.png", "render"), ("trian --epochs 3", "train"),
            ("data ftech mnist", "data fetch"), ("help rendr", "render"), ("help data lst", "data list"),
            ("eval", "evaluate"),
        ])
    func near(line: String, command: String) {
        #expect(failure(line)?.description.hasSuffix("did you mean \(command)?") == true)
        #expect(failure(line)?.exit == .usage)
    }

    @Test("A file is never taken for a mistyped command, nor is a name that only a file has")
    func files() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(to: scratch.path)
        for line in [model, "./exlpore", "rendr.pth", "runs/exlpore", "~rendr"] { #expect(failure(line) == nil) }
        let here = try CommandProcess(["exlpore"], folder: scratch.path)
        #expect(here.status == 64)
        try makeFolder("\(scratch.path)/exlpore")
        let there = try CommandProcess(["exlpore"], folder: scratch.path)
        #expect(there.status != 64 && !there.errors.contains("did you mean"))
    }

    @Test("Of a word that is near no command it is said that it is no file either; of a sub-command what there is")
    func neither() {
        #expect(failure("kitchen") == .neither("kitchen"))
        #expect(failure("kitchen")?.exit == .noInput)
        #expect(failure("kitchen")?.description.contains("neither a command nor a file") == true)
        #expect(
            failure("data kitchen")?.description == "there is no command “data kitchen”: choose list, where or fetch")
        #expect(failure("help kitchen")?.exit == .usage)
    }

    @Test(
        "What is right stays as it is",
        arguments: [
            "", "--version", "-h", "explore", "help", "help data fetch", "data", "data --help", "render x manifld",
        ])
    func right(line: String) {
        #expect(failure(line) == nil)
    }

    @Test(
        "A mistyped data set or kind of picture is answered in the same way",
        arguments: [
            (["data", "fetch", "mnst"], Int32(64), "did you mean mnist?"),
            (["data", "where", "fahion-mnist"], 64, "did you mean fashion-mnist?"),
            (["data", "fetch", "cifar"], 64, "choose mnist or fashion-mnist"),
            (["data", "fetch", "sample"], 64, "comes with the program"),
            (["evaluate", "--data", "smaple"], 66, "did you mean sample?"),
            (["render", "manifld"], 64, "did you mean manifold?"),
            (["exlpore"], 64, "did you mean explore?"),
        ])
    func process(arguments: [String], status: Int32, end: String) throws {
        let ended = try CommandProcess(arguments)
        #expect(ended.status == status && ended.output == "")
        #expect(ended.errors.hasPrefix("latentwalk: ") && ended.errors.contains(end))
        #expect(ended.errors.split(separator: "\n").count == 1)
    }
}
