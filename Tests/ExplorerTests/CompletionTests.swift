import Cells
import Pictures
import Testing

@testable import Explorer

@Suite("Commands being typed")
struct CompletionTests {
    private func typing(_ line: String, columns: Int = 80) -> Session {
        var session = Session(columns: columns, cloud: .blobs)
        session.press(.character(":"))
        session.type(line)
        return session
    }

    @Test("Commands that begin so are listed with a line each, and Tab completes what they share")
    func commands() {
        var session = typing("sh")
        #expect(session.text.contains(":shading NAME") && session.text.contains("how pictures look"))
        #expect(!session.text.contains(":goto"))
        session.press(.tab)
        #expect(session.state.prompt?.string == "shading ")
        #expect(session.text.contains("braille"))
        session.type("b")
        session.press(.tab)
        #expect(session.state.prompt?.string == "shading b")
        session.type("r")
        session.press(.tab)
        #expect(session.state.prompt?.string == "shading braille")
        session.press(.escape)
        #expect(!session.text.contains("tab completes"))
    }

    @Test("At the smallest size the list leaves the line and the view's name")
    func small() {
        var session = Session(columns: 60, rows: 20, cloud: .blobs)
        session.press(.character(":"))
        #expect(session.lines[0].contains("[1 Explore]"))
        #expect(session.text.contains("tab completes") && session.text.contains(" more "))
    }

    @Test("Tab asks for files, and completes as far as they agree")
    func files() {
        var session = typing("open runs/a")
        #expect(session.press(.tab) == [.completeFile("runs/a")])
        session.send(.completed(FileCompletion(typed: "runs/a", names: ["runs/apple/", "runs/april.pt"])))
        #expect(session.state.prompt?.string == "open runs/ap")
        #expect(session.press(.tab) == [.completeFile("runs/ap")])
        session.send(.completed(FileCompletion(typed: "runs/ap", names: ["runs/apple/", "runs/april.pt"])))
        #expect(session.text.contains("runs/april.pt"))
        session.type("r")
        #expect(session.press(.tab) == [.completeFile("runs/apr")])
        session.send(.completed(FileCompletion(typed: "runs/apr", names: ["runs/april.pt"])))
        #expect(session.state.prompt?.string == "open runs/april.pt")
        // An answer to a line that has changed since changes nothing.
        session.type("x")
        session.send(.completed(FileCompletion(typed: "runs/apr", names: ["runs/april.pt"])))
        #expect(session.state.prompt?.string == "open runs/april.ptx")
    }

    @Test("Commands of earlier sessions come back with the arrow, and new ones are kept")
    func history() {
        var options = Options(showsHints: false)
        options.history = ["step 0.5"]
        var session = Session(options: options, cloud: .blobs)
        session.press(.character(":"), .up)
        #expect(session.state.prompt?.string == "step 0.5")
        session.press(.escape, .character(":"))
        session.type("step 0.25")
        session.press(.enter)
        #expect(session.effects.contains(.keepHistory(["step 0.5", "step 0.25"])))
    }

    @Test("A file that is there already is replaced only if one says so")
    func overwriting() {
        var session = Session(cloud: .blobs)
        let order = ExportOrder(.text("x"), path: "a.txt")
        session.send(.refusedExport(order))
        #expect(session.text.contains("a.txt is there already: y replaces it"))
        session.wait(.seconds(30))
        #expect(session.text.contains("a.txt is there already"))
        var replacing = order
        replacing.overwrites = true
        #expect(session.press(.character("y")) == [.export(replacing)])
        session.send(.refusedExport(order))
        #expect(session.press(.right).isEmpty && session.state.message == nil)
        // The question is over: y is no answer any more.
        #expect(session.press(.character("y")).isEmpty)
    }

    @Test("A number behind the name says how many times a picture is enlarged")
    func scale() {
        for (typed, path, scale) in [
            ("digit.png 4x", "digit.png", 4), ("a b.png 12×", "a b.png", 12), ("4x.png", "4x.png", nil),
            ("digit.png", "digit.png", nil),
        ] as [(String, String, Int?)] {
            #expect(
                CommandTable.parse("export " + typed, latentCount: 2).map {
                    (try? $0.get()) == .export(path, scale: scale)
                }
                    == true, "\(typed)")
        }
        #expect((try? CommandTable.parse("export digit.png 999x", latentCount: 2)?.get()) == nil)
    }

    @Test("The whole screen is written as a drawing, and as text with its colors")
    func screen() throws {
        for suffix in ["svg", "ans"] {
            var session = typing("export screen.\(suffix)", columns: 120)
            let effects = session.press(.enter)
            let text = try #require(
                effects.compactMap { effect -> String? in
                    guard case .export(let order) = effect, case .screen(let text) = order.exhibit else { return nil }
                    return text
                }.first)
            #expect(text.contains("[1 Explore]") && text.contains("latent plane"))
            #expect(text.hasPrefix("<svg") == (suffix == "svg"))
        }
    }
}
