import Cells
import Datasets
import Dispatch
import Explorer
import Foundation
import Platform
import Synchronization
import Testing

@testable import Session

@Suite("The running explorer")
struct ExplorerSessionTests {
    private struct Refusal: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private static let services = ExplorerServices(
        openModel: { path in
            guard path == "good.safetensors" else { throw Refusal(description: "nothing is called \(path)") }
            return .fake(name: "another")
        },
        openData: { throw Refusal(description: "no data \($0)") },
        export: { _ in true },
        remember: { _ in })

    private static let size = Size(columns: 120, rows: 40)

    private func run(_ steps: [PlayedDisplay.Step], model: OpenModel = .fake(), data: InitialData? = nil)
        -> PlayedDisplay
    {
        let display = PlayedDisplay(size: Self.size, steps)
        let session = ExplorerSession(
            display: display, model: model, data: data, options: Options(isAnimated: false), services: Self.services,
            wake: display.wake)
        session.run()
        session.close()
        return display
    }

    private func keys(_ text: String) -> [InputEvent] { text.unicodeScalars.map { .key(.character($0)) } }

    @Test("The first frame has the whole screen, and q ends")
    func firstFrame() {
        let display = run([.init(until: "fake", inputs: keys("q"))])
        #expect(display.isPlayedOut)
        #expect(display.frames.first?.size == Self.size)
    }

    @Test("A key and its picture are one frame")
    func oneFrame() {
        let display = run([
            .init(until: "fake", inputs: []), .init(until: nil, inputs: [.key(.right)]), .init(until: nil, inputs: []),
            .init(until: nil, inputs: []), .init(until: nil, inputs: keys("q")),
        ])
        #expect(display.isPlayedOut)
        #expect(display.frames.count <= 3)
    }

    @Test("Five hundred held keys make a frame or two, not five hundred")
    func heldKeys() {
        let log = EngineLog()
        let held = Array(repeating: InputEvent.key(.right), count: 250) + Array(repeating: .key(.left), count: 250)
        let display = run(
            [.init(until: "fake", inputs: held), .init(until: nil, inputs: keys("q"))], model: .fake(log))
        #expect(display.frames.count <= 3)
        #expect(log.all.filter { $0 == "decode 1" }.count <= 10)
    }

    @Test("An engine that takes its time holds no key back: the frame comes without its picture")
    func slowEngine() {
        let gate = DispatchSemaphore(value: 0)
        let steps = [
            PlayedDisplay.Step(until: "+0.00 +0.00", inputs: [.key(.right)]), .init(until: "+0.15", inputs: keys("q")),
        ]
        let display = PlayedDisplay(size: Self.size, steps)
        let session = ExplorerSession(
            display: display, model: .fake(gate: gate), data: nil, options: Options(), services: Self.services,
            wake: display.wake)
        session.run()
        #expect(display.isPlayedOut)
        gate.signal()
        session.close()
    }

    @Test("With nothing to do the loop waits without an end")
    func idle() {
        let display = PlayedDisplay(size: Self.size, [])
        display.endlessWaitLimit = 10
        let log = EngineLog()
        let session = ExplorerSession(
            display: display, model: .fake(log), data: nil, options: Options(isAnimated: false, showsHints: false),
            services: Self.services, wake: display.wake)
        session.run()
        #expect(display.endlessWaits == 10)
        #expect(display.frames.count <= 4)
    }

    @Test("A new size is drawn, the end of the terminal ends")
    func resizeAndEnd() {
        let small = Size(columns: 80, rows: 24)
        let display = run([.init(until: "fake", inputs: [.resized(small)]), .init(until: nil, inputs: [.terminated])])
        #expect(display.frames.last?.size == small)
    }

    @Test("A file that cannot be opened is a sentence on the screen; another model takes the place of the first")
    func openModel() {
        let open = keys(":open bad.txt") + [.key(.enter)]
        let again = [.key(.escape)] + keys(":open good.safetensors") + [.key(.enter)]
        let display = run([
            .init(until: "fake", inputs: open), .init(until: "nothing is called bad.txt", inputs: again),
            .init(until: "another", inputs: keys("q")),
        ])
        #expect(display.isPlayedOut)
    }

    @Test("A file that is typed from ~ on is looked for in the home folder")
    func homeFolder() throws {
        let home = try #require(environmentVariable("HOME"))
        let exported = Mutex("")
        let services = ExplorerServices(
            openModel: { throw Refusal(description: "no model \($0)") },
            openData: { throw Refusal(description: "no data \($0)") },
            export: { order in
                exported.withLock { $0 = order.path }
                return true
            }, remember: { _ in })
        #expect(throws: Refusal(description: "no model \(home)/m.safetensors")) {
            try services.openModel("~/m.safetensors")
        }
        #expect(throws: Refusal(description: "no data \(home)")) { try services.openData("~") }
        _ = try services.export(ExportOrder(.text(""), path: "~/a b.txt"))
        #expect(exported.withLock { $0 } == "\(home)/a b.txt")
    }

    @Test("Data that nobody asked for may be missing without a word; data that were asked for may not")
    func missingData() {
        func data(isAskedFor: Bool) -> InitialData {
            InitialData(isAskedFor: isAskedFor) { throw Refusal(description: "no data here") }
        }
        let steps = [PlayedDisplay.Step(until: "no data here", inputs: keys("q"))]
        #expect(run(steps, data: data(isAskedFor: true)).isPlayedOut)
        let silent = PlayedDisplay(size: Self.size, [])
        silent.endlessWaitLimit = 10
        ExplorerSession(
            display: silent, model: .fake(), data: data(isAskedFor: false), options: Options(), services: Self.services,
            wake: silent.wake
        ).run()
        #expect(!silent.frames.contains { $0.text.contains("no data here") })
    }
}
