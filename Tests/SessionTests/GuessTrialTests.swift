import Dispatch
import Explorer
import Latent
import Testing

@testable import Session

@Suite("The trial of what was guessed")
struct GuessTrialTests {
    private let bell = DispatchSemaphore(value: 0)

    private func thread(_ model: OpenModel) -> EngineThread {
        let bell = bell
        return EngineThread(model) { bell.signal() }
    }

    private static func isTried(_ event: Event) -> Bool { if case .tried = event { true } else { false } }

    private static func isDecoded(_ number: Int) -> (Event) -> Bool {
        { if case .decoded(let answer) = $0 { answer.request.number == number } else { false } }
    }

    private static func decode(_ number: Int) -> @Sendable (inout Orders) -> Void {
        { $0.decode = DecodeRequest(number: number, point: LatentPoint(0, 0)) }
    }

    /// A trial that finds another model.
    private static func finding(_ log: EngineLog, isOther: Bool = true) -> ModelTrial {
        { _ in TriedModel(.fake(log, name: "better"), isOther: isOther, sentence: "it fits") }
    }

    @Test("Nothing is tried before the first picture; then the better model decodes")
    func behindThePicture() {
        let (before, after, begun) = (EngineLog(), EngineLog(), EngineLog())
        let model = OpenModel.fake(before).trying { isOver in
            begun.note("begun")
            return Self.finding(after)(isOver)
        }
        #expect(model.facts.isOnTrial)
        let thread = thread(model)
        thread.order {
            $0.work[.plane] = .some(WorkRequest(number: 1, slot: .plane, work: .decode([LatentPoint(0, 0)])))
        }
        _ = thread.answers(bell) { if case .worked = $0 { true } else { false } }
        #expect(begun.all.isEmpty)
        thread.order(Self.decode(2))
        let answers = thread.answers(bell, until: Self.isTried)
        #expect(answers.firstIndex(where: Self.isDecoded(2)).map { $0 < answers.count - 1 } == true)
        guard case .tried(let facts, "it fits", true)? = answers.last else {
            Issue.record("\(answers)")
            return
        }
        #expect(facts.name == "better" && !facts.isOnTrial)
        thread.order(Self.decode(3))
        _ = thread.answers(bell, until: Self.isDecoded(3))
        #expect(after.all == ["decode 1"])
        thread.close()
    }

    @Test("A guess that holds keeps its engine")
    func holds() {
        let (before, after) = (EngineLog(), EngineLog())
        let thread = thread(OpenModel.fake(before).trying(Self.finding(after, isOther: false)))
        thread.order(Self.decode(1))
        _ = thread.answers(bell, until: Self.isTried)
        thread.order(Self.decode(2))
        _ = thread.answers(bell, until: Self.isDecoded(2))
        #expect(after.all.isEmpty && before.all.count == 2)
        thread.close()
    }

    @Test("Who confirms, opens another model or leaves hears nothing of a trial that is under way")
    func superseded() {
        for order in [0, 1, 2] {
            let (log, ended) = (EngineLog(), DispatchSemaphore(value: 0))
            let thread = thread(
                OpenModel.fake(log).trying { isOver in
                    while !isOver() {}
                    ended.signal()
                    return TriedModel(.fake(log), isOther: true, sentence: "too late")
                })
            thread.order(Self.decode(1))
            _ = thread.answers(bell, until: Self.isDecoded(1))
            switch order {
            case 0: thread.order { $0.isConfirmed = true }
            case 1: thread.order { $0.open(.fake(log, name: "another")) }
            default: thread.close()
            }
            #expect(ended.wait(timeout: .now() + 10) == .success)
            if order < 2 {
                thread.order(Self.decode(2))
                #expect(!thread.answers(bell, until: Self.isDecoded(2)).contains(where: Self.isTried))
            }
            thread.close()
            thread.waitForEnd()
            #expect(!thread.takeAnswers().contains(where: Self.isTried))
        }
    }
}
