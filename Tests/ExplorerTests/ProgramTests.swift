import Cells
import Latent
import Pictures
import Shading
import Testing

@testable import Explorer

@Suite("Keys, commands and messages")
struct ProgramTests {
    @Test("q, Ctrl-C, :quit and a signal leave")
    func quit() {
        for event in [Event.input(.key(.character("q"))), .input(.key(.control("c"))), .input(.terminated)] {
            var session = Session()
            #expect(session.send(event) == [.quit])
        }
        var session = Session()
        session.press(.character(":"))
        session.type("quit")
        #expect(session.press(.enter) == [.quit])
    }

    @Test("Ctrl-Z suspends and Ctrl-L repaints, under the help and while one types too")
    func suspend() {
        var session = Session()
        #expect(session.press(.control("z")) == [.suspend])
        #expect(session.press(.control("l")) == [.repaint])
        session.press(.character("?"))
        #expect(session.press(.control("z")) == [.suspend])
        session.press(.character(":"))
        session.type("go")
        #expect(session.press(.control("z")) == [.suspend])
        #expect(session.press(.control("l")) == [.repaint])
        #expect(session.state.prompt?.string == "go")
    }

    @Test("A message stays four seconds, and the state says when it ends")
    func messages() {
        var session = Session()
        session.send(.note("saved"))
        #expect(session.state.wakeTime == .seconds(4))
        session.wait(.milliseconds(3_999))
        #expect(session.lines.last == " saved")
        session.wait(.milliseconds(1))
        #expect(session.lines.last?.contains("move") == true)
        #expect(session.state.wakeTime == nil)
    }

    @Test("An error stays until a key, which still does what it does")
    func errors() {
        var session = Session()
        session.send(.failed("The model is gone."))
        session.wait(.seconds(60))
        #expect(session.lines.last == " The model is gone.")
        session.press(.right)
        #expect(session.lines.last?.contains("move") == true)
        #expect(session.state.explore.point == LatentPoint(0.15, 0))
    }

    @Test("s goes round the shadings, c round the color maps, and both are to be remembered")
    func shading() throws {
        var session = Session()
        var seen: [ShadingMode?] = []
        for _ in 0...Shader.modes(for: .plain).count {
            let effects = session.press(.character("s"))
            #expect(effects == [.remember(session.state.preferences)])
            seen.append(session.state.preferences.shading)
        }
        #expect(Set(seen).count == Shader.modes(for: .plain).count + 1)
        #expect(seen.last == .some(nil))
        session.press(.character("c"))
        #expect(session.state.preferences.palette == .inverted)
    }

    @Test("Commands do what their names say")
    func commands() {
        var session = Session(cloud: .blobs)
        func run(_ line: String) -> [Effect] {
            session.press(.character(":"))
            session.type(line)
            return session.press(.enter)
        }
        #expect(run("open runs/a b.safetensors") == [.openModel(path: "runs/a b.safetensors")])
        #expect(run("open  'a b.safetensors' ") == [.openModel(path: "a b.safetensors")])
        #expect(run("data fashion-mnist") == [.openData("fashion-mnist")])
        #expect(run("data \"~/my \"data\"\"") == [.openData("~/my \"data\"")])
        #expect(run("shading half") == [.remember(Preferences(shading: .half))])
        #expect(run("colors magma") == [.remember(Preferences(shading: .half, palette: .magma))])
        #expect(run("plane nothing").count == 1)
        #expect(run("step 0.5").isEmpty && session.state.explore.step == 0.5)
        #expect(run("range -1 1").isEmpty && session.state.explore.window.horizontal == -1...1)
        #expect(run("range").isEmpty && session.state.explore.window == .prior)
        let picture = session.state.picture?.picture
        #expect(
            picture.map { run("export digit.png") == [.export(ExportOrder(.picture($0), path: "digit.png"))] } == true)
        #expect(
            picture.map { run("export \"a b.png\"") == [.export(ExportOrder(.picture($0), path: "a b.png"))] } == true)
        #expect(picture.map { run("export a b.png") == [.export(ExportOrder(.picture($0), path: "a b.png"))] } == true)
        #expect(run("help").isEmpty && session.state.help == HelpPlace())
    }

    @Test(
        "What cannot be understood gets one sentence",
        arguments: [
            ("frobnicate", "no command “frobnicate”"), ("goto", "Say where to go"), ("goto north pole", "is no place"),
            ("goto 1", "no data"), ("goto nan 0", "is no place"), ("goto 1e38 0", "too far"),
            ("goto 1e99 0", "too far"), ("from 0 -1e38", "too far"), ("goto Q", "no mark Q"),
            ("open", "Say which model"),
            ("data", "Say which data set"), ("data \"\"", "Say which data set"), ("export picture.bmp", "suffix"),
            ("colors red", "takes one of"),
            ("shading dots", "takes one of"), ("step 0", "above zero"), ("range 3 1", "two ends"),
            ("unmark", "which mark"),
        ])
    func badCommands(line: String, words: String) {
        var session = Session(columns: 200)
        session.press(.character(":"))
        session.type(line)
        #expect(session.press(.enter).isEmpty)
        #expect(session.lines.last?.contains(words) == true)
        #expect(session.state.message?.isError == true)
    }

    @Test("The prompt can be edited, cancelled, completed, and remembers")
    func prompt() {
        var session = Session()
        session.press(.character(":"))
        session.type("goto 9 1")
        session.press(.home, .delete, .end, .backspace, .left, .character("x"))
        #expect(session.state.prompt?.string == "oto 9x ")
        session.press(.control("u"), .end, .control("w"), .character("p"), .character("l"), .tab)
        #expect(session.state.prompt?.string == "plane ")
        session.press(.character("p"), .tab)
        #expect(session.state.prompt?.string == "plane pictures")
        session.press(.enter)
        session.press(.character(":"), .up)
        #expect(session.state.prompt?.string == "plane pictures")
        session.press(.down)
        #expect(session.state.prompt?.string == "")
        session.press(.escape)
        #expect(session.state.prompt == nil)
        session.press(.character(":"), .backspace)
        #expect(session.state.prompt == nil)
    }

    @Test("Keys that move do not move while a line is typed")
    func promptTakesKeys() {
        var session = Session()
        session.press(.character("g"))
        session.type("qrhjkl ")
        #expect(session.state.explore.point == LatentPoint(0, 0))
        #expect(session.state.prompt?.string == "qrhjkl ")
    }

    @Test("The help turns to what the numbers mean and closes with ?, and closes with q and Escape without leaving")
    func help() {
        for key in [Key.character("q"), .escape] {
            var session = Session()
            session.press(.character("?"))
            #expect(session.text.contains("explains the numbers"))
            #expect(session.press(key).isEmpty)
            #expect(!session.text.contains("explains the numbers"))
        }
        var pages = Session()
        pages.press(.character("?"), .character("?"))
        #expect(pages.text.contains("? closes"))
        #expect(pages.press(.character("?")).isEmpty && pages.state.help == nil)
        var session = Session()
        session.press(.character("?"), .right)
        #expect(session.state.help == nil || session.state.explore.point == LatentPoint(0, 0))
    }

    @Test("Help that is longer than the screen scrolls to its last line")
    func helpScrolls() {
        var session = Session(columns: 60, rows: 20)
        session.press(.character("?"), .end)
        #expect(session.text.contains(":quit"))
        session.press(.home)
        #expect(session.text.contains("halve, double"))
    }

    @Test("Every binding is in the help, and every key of the table does something", arguments: [1, 5])
    func table(digit: Int) throws {
        var session = Session(columns: 200, rows: 60)
        session.press(.character(Unicode.Scalar(UInt8(0x30 + digit))), .character("?"))
        let notes = [KeyNote](of: session.state.view, session.state.shared)
        #expect(notes.count > 10)
        for note in notes {
            #expect(session.text.contains(note.help))
            for key in note.keys {
                #expect(session.state.binds(key) || CommonKeys.bindings.contains { $0[key] != nil }, "\(key)")
            }
        }
        for command in CommandTable.definitions { #expect(session.text.contains(command.usage)) }
    }

    @Test("The hint for newcomers goes with the first key, and does not come again")
    func hint() {
        var session = Session(options: Options())
        #expect(session.text.contains("4 draw one yourself"))
        #expect(session.press(.character("Y")).first == .remember(Preferences(hasSeenHint: true)))
        #expect(!session.text.contains("4 draw one yourself"))
        let later = Session(options: Options(preferences: Preferences(hasSeenHint: true)))
        #expect(!later.text.contains("4 draw one yourself"))
    }

    @Test("What the command line said for this time is not kept for the next")
    func remembered() {
        let options = Options(
            preferences: Preferences(palette: .magma, background: .light), remembered: Preferences(), showsHints: false)
        var session = Session(options: options)
        #expect(session.state.theme.profile.background == .light)
        session.press(.character(":"))
        session.type("shading half")
        #expect(session.press(.enter) == [.remember(Preferences(shading: .half))])
    }

    @Test("The point begins among the data, unless a key came before them")
    func beginning() throws {
        var session = Session(options: Options(beginsAmongData: true, showsHints: false))
        session.send(.encoded(.blobs))
        let image = try #require(LatentCloud.blobs.beginning)
        #expect(session.state.explore.point == LatentCloud.blobs.mean(of: image))
        #expect(session.state.reading.classes.support == .full)
        #expect(session.state.explore.trail.isEmpty)
        session.send(.encoded(.blobs))
        #expect(session.state.explore.point == LatentCloud.blobs.mean(of: image))

        var moved = Session(options: Options(beginsAmongData: true, showsHints: false))
        moved.press(.right)
        let point = moved.state.explore.point
        moved.send(.encoded(.blobs))
        #expect(moved.state.explore.point == point)
    }

    @Test("Numbers keep their columns while one moves")
    func columns() {
        var session = Session(columns: 120, rows: 40, cloud: .blobs)
        func row(_ label: String) -> [Int] {
            let line = session.lines.first { $0.contains("││ " + label) } ?? ""
            let panel = line.components("││").last ?? ""
            return panel.unicodeScalars.enumerated().filter { $0.element == "." }.map(\.offset)
        }
        let (before, prior) = (row("z "), row("log p(z)"))
        #expect(before.count == 2 && prior.count == 1)
        for _ in 0..<60 {
            session.press(.left, .down)
            #expect(row("z ") == before && row("log p(z)") == prior)
        }
    }

    @Test("Opening another model starts anew, with its own latents and pictures")
    func open() {
        var session = Session(cloud: .blobs)
        session.press(.right, .character("m"))
        let facts = ModelFacts(name: "faces", latentCount: 2, width: 64, height: 64, hasEncoder: false)
        session.send(.opened(facts))
        #expect(session.state.explore.point == LatentPoint(0, 0))
        #expect(session.state.explore.marks.isEmpty)
        #expect(session.state.cloud == nil)
        #expect(session.text.contains("faces"))
        #expect(session.text.contains("this model has no encoder"))
    }

    @Test(
        "A decoder alone says that there is no encoder, wherever data would be",
        arguments: [(80, 24), (120, 40), (200, 60)])
    func decoderAlone(columns: Int, rows: Int) {
        let facts = ModelFacts(name: "decoder", latentCount: 2, width: 28, height: 28, hasEncoder: false)
        var session = Session(columns: columns, rows: rows, model: facts)
        #expect(session.text.contains("this model has no encoder to place data with"))
        #expect(session.text.contains("nearest") && !session.text.contains("no data"))
        #expect(!session.text.contains("encoded data"))
        if columns > 120 { #expect(session.text.contains("latent plane · data: no encoder")) }
        for background in [":plane density", ":plane data"] {
            session.type(background)
            session.press(.enter)
            #expect(session.lines.last?.contains("no encoder") == true)
        }
        session.press(.character("3"), .character("f"))
        session.type("3")
        session.press(.enter)
        #expect(session.text.contains(":open") && !session.text.contains("with labels"))
    }

    @Test("What would be encoded data are not there without a data set, or are being encoded")
    func dataTitle() {
        var session = Session(columns: 120, rows: 40)
        #expect(session.text.contains("latent plane · data: none"))
        session.send(.progress(Progress(work: "encoding sample", share: 0.43, remaining: .seconds(2))))
        #expect(session.text.contains("latent plane · data: encoding…"))
    }

    @Test("Codes with another number of latents are not taken")
    func wrongCloud() {
        let cloud = LatentCloud(name: "three", dimension: 3, means: [0, 0, 0])
        #expect(Session(cloud: cloud).state.cloud == nil)
    }

    @Test("Names from files bring no control characters and no wide letters onto the screen")
    func names() {
        let model = ModelFacts(name: "a\u{1B}[31m\u{202E}b漢e\u{301}", latentCount: 2, width: 28, height: 28)
        let session = Session(model: model)
        #expect(session.lines[0].contains("a[31mb?e"))
    }

    @Test(
        "Any size draws, and every frame is closed",
        arguments: [(0, 0), (1, 1), (60, 20), (61, 33), (97, 21), (133, 47), (60, 200), (400, 20)])
    func sizes(columns: Int, rows: Int) {
        var session = Session(cloud: .blobs)
        session.send(.input(.resized(Size(columns: columns, rows: rows))))
        let canvas = Screen.canvas(of: session.state)
        #expect(canvas.size == Size(columns: columns, rows: rows))
        guard columns >= 60 else { return }
        #expect(canvas.text.filter { $0 == "┌" }.count == 2)
        #expect(canvas.text.filter { $0 == "┘" }.count == 2)
    }

    @Test("A picture fits whatever its proportions", arguments: [(8, 8), (32, 32), (64, 48), (256, 256), (300, 20)])
    func pictures(width: Int, height: Int) throws {
        for size in [Size(columns: 60, rows: 20), Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)] {
            let model = ModelFacts(name: "m", latentCount: 2, width: width, height: height)
            let layout = try #require(Layout(size: size, model: model, cellRatio: 2))
            #expect(layout.picture.columns > 0 && layout.picture.rows > 0)
            #expect(layout.picture.columns <= layout.picturePane.columns - 2)
            #expect(layout.here.rows >= 1)
            #expect(layout.plane.columns >= 28)
        }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
