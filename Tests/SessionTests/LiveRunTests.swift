import Cells
import Datasets
import Dispatch
import Explorer
import Latent
import Neural
import Synchronization
import Testing
import VAE

@testable import Session

@Suite("A run that is shown")
struct LiveRunTests {
    /// A run whose news and weights a test gives.
    final class ScriptedRun: RunSource {
        let mailbox = RunMailbox()
        let asked = Mutex<[RunRequest]>([])
        let weightRequests = Atomic(0)
        private let take = Mutex<(@Sendable (LiveWeights) -> Void)?>(nil)
        let interval: Duration? = .milliseconds(10)
        let threads: Int? = 1
        let assessesItself: Bool

        init(assessesItself: Bool = true) { self.assessesItself = assessesItself }

        func takeNews() -> [RunNews] { mailbox.take() }
        func ask(_ request: RunRequest) { asked.withLock { $0.append(request) } }
        func requestWeights() { weightRequests.add(1, ordering: .relaxed) }
        func onWeights(_ take: @escaping @Sendable (LiveWeights) -> Void) { self.take.withLock { $0 = take } }
        func deliver(_ weights: LiveWeights) { take.withLock { $0 }?(weights) }
    }

    static let description = RunDescription(name: "run", epochs: 4, stepsPerEpoch: 10, isControlled: true)

    /// Linear layers alone: 28×28 to two latents and back.
    static func model(seed: UInt64 = 1) throws -> Model {
        let architecture = try Architecture(
            input: try Shape([1, 28, 28]), latentSize: 2, likelihood: .bernoulli,
            encoder: [.flatten, .linear(inputs: 784, outputs: 4, bias: true)],
            decoder: [
                .linear(inputs: 2, outputs: 784, bias: true), .unflatten(try Shape([1, 28, 28])), .activation(.sigmoid),
            ])
        return try Model(architecture: architecture, tensors: architecture.initialTensors(seed: seed))
    }

    static let validation = Dataset(
        name: "made", split: .train, height: 28, width: 28,
        pixels: (0..<40 * 784).map { UInt8(truncatingIfNeeded: $0 * 31) }, labels: (0..<40).map { UInt8($0 % 10) })

    private func live(_ source: ScriptedRun) -> LiveRun {
        LiveRun(source: source, validation: Self.validation, readModel: { _ in try Self.model(seed: 9) })
    }

    private static let services = ExplorerServices(
        openModel: { _ in .fake() }, openData: { _ in validation }, export: { _ in true }, remember: { _ in })

    private func session(_ display: PlayedDisplay, _ source: ScriptedRun) -> ExplorerSession {
        ExplorerSession(
            display: display,
            model: .waiting(for: ModelFacts(name: "run", latentCount: 2, width: 28, height: 28)), data: nil,
            options: Options(isAnimated: false, showsHints: false), services: Self.services,
            run: (live(source), Self.description), wake: display.wake)
    }

    private func key(_ text: String) -> [InputEvent] { text.unicodeScalars.map { .key(.character($0)) } }

    // MARK: The mailbox

    @Test("The mailbox is bounded, keeps validations, and tells the phase last")
    func mailbox() {
        let mailbox = RunMailbox(limit: 1000)
        mailbox.post(.phase(.finished("through")))
        for step in 0..<50_000 {
            let quantity: RunQuantity = step % 5000 == 0 ? .validationNegativeELBO : .trainNegativeELBO
            mailbox.post(.measured(RunMeasurement(step: Double(step), values: [quantity: 1])))
            mailbox.post(.progressed(RunProgress()))
        }
        let news = mailbox.take()
        let measurements = news.compactMap { if case .measured(let measurement) = $0 { measurement } else { nil } }
        #expect(measurements.count <= 1000)
        #expect(measurements.filter { $0.values[.validationNegativeELBO] != nil }.count == 10)
        #expect(measurements.map(\.step) == measurements.map(\.step).sorted())
        if case .phase(.finished)? = news.last {} else { Issue.record("the phase is not last") }
        #expect(mailbox.take().isEmpty)
    }

    // MARK: The engine

    /// An engine's thread that shows a run, which has no weights yet.
    private func thread(_ source: ScriptedRun, _ bell: DispatchSemaphore) -> EngineThread {
        EngineThread(
            .waiting(for: ModelFacts(name: "run", latentCount: 2, width: 28, height: 28)), run: live(source)
        ) { bell.signal() }
    }

    @Test("New weights bring the pictures that are wanted, and the codes of the validation images")
    func weights() throws {
        let bell = DispatchSemaphore(value: 0)
        let source = ScriptedRun()
        let thread = thread(source, bell)
        defer {
            thread.close()
            thread.waitForEnd()
        }
        let points = (0..<7).map { LatentPoint(Float($0), 0) }
        thread.order {
            $0.pictures = RunPictureRequest(number: 3, points: points, images: 12, wantsCodes: true)
        }
        // The thread asks by itself when it is ready for weights.
        let end = ContinuousClock.now.advanced(by: .seconds(10))
        while source.weightRequests.load(ordering: .relaxed) == 0, ContinuousClock.now < end {
            _ = bell.wait(timeout: .now() + .milliseconds(10))
        }
        #expect(source.weightRequests.load(ordering: .relaxed) == 1)
        let weights = LiveWeights(model: try Self.model(), moment: "epoch 2", step: 20)
        thread.order { $0.weights = weights }
        var pictures: RunPictures?
        let events = thread.answers(bell) { if case .encoded = $0 { true } else { false } }
        for case .run(.pictures(let made)) in events { pictures = made }
        let made = try #require(pictures)
        #expect(made.number == 3 && made.moment == "epoch 2")
        #expect(made.tiles.count == 7 && made.images.count == 12 && made.reconstructions.count == 12)
        // One of each class first: images 0…9 are of the classes 0…9.
        #expect(made.images[0].values[5] == Float(UInt8(truncatingIfNeeded: 5 * 31)) / 255)
        for case .encoded(let cloud?) in events { #expect(cloud.count == 40 && cloud.dimension == 2) }
    }

    @Test("While a kept checkpoint is shown, the weights of the present are passed over")
    func kept() throws {
        let bell = DispatchSemaphore(value: 0)
        let source = ScriptedRun()
        let thread = thread(source, bell)
        defer {
            thread.close()
            thread.waitForEnd()
        }
        let (old, new) = (try Self.model(seed: 2), try Self.model(seed: 3))
        thread.order { $0.moment = .kept(LiveWeights(model: old, moment: "kept", step: -1)) }
        _ = thread.answers(bell) { if case .run(.renewed("kept")) = $0 { true } else { false } }
        thread.order { $0.weights = LiveWeights(model: new, moment: "now", step: 5) }
        thread.order { $0.decode = DecodeRequest(number: 1, point: LatentPoint(0, 0)) }
        let events = thread.answers(bell) { if case .decoded = $0 { true } else { false } }
        #expect(!events.contains { if case .run(.renewed) = $0 { true } else { false } })
        // They are there when the present is wanted again, also where nobody answers any more.
        thread.order { $0.moment = .present }
        _ = thread.answers(bell) { if case .run(.renewed("now")) = $0 { true } else { false } }
    }

    @Test("Codes tell how well a model is where the run does not", arguments: [true, false])
    func assessment(assessesItself: Bool) throws {
        let bell = DispatchSemaphore(value: 0)
        let thread = thread(ScriptedRun(assessesItself: assessesItself), bell)
        defer {
            thread.close()
            thread.waitForEnd()
        }
        thread.order { $0.pictures = RunPictureRequest(number: 1, points: [], images: 0, wantsCodes: true) }
        let weights = LiveWeights(model: try Self.model(), moment: "epoch 2", step: 20)
        thread.order { $0.weights = weights }
        let events = thread.answers(bell) { if case .encoded = $0 { true } else { false } }
        let assessed = events.contains { if case .run(.assessed) = $0 { true } else { false } }
        #expect(assessed != assessesItself)
    }

    // MARK: The session

    @Test("The first frame is the run's, measurements come in, p asks for a pause")
    func pause() {
        let source = ScriptedRun()
        for step in 1...20 {
            source.mailbox.post(
                .measured(RunMeasurement(step: Double(step), values: [.trainNegativeELBO: 200 - Double(step)])))
        }
        let display = PlayedDisplay(
            size: Size(columns: 120, rows: 40),
            [
                .init(until: "train 180", inputs: key("p")), .init(until: "train 180", inputs: key("D")),
            ])
        let session = session(display, source)
        #expect(session.run() == .detached)
        session.close()
        #expect(display.frames.first?.text.contains("[5 Train]") == true)
        #expect(source.asked.withLock { $0 } == [.pause])
    }

    @Test("q twice stops; the session ends when the run has")
    func stop() {
        let source = ScriptedRun()
        let display = PlayedDisplay(
            size: Size(columns: 120, rows: 40),
            [.init(until: "waiting", inputs: key("q")), .init(until: "again", inputs: key("q"))])
        let session = session(display, source)
        DispatchQueue.global().async {
            while source.asked.withLock({ $0.isEmpty }) { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.01) }
            source.mailbox.post(.phase(.finished("stopped and saved")))
        }
        #expect(session.run() == .left)
        session.close()
        #expect(source.asked.withLock { $0 } == [.stop(saving: true)])
    }

    @Test("A terminal that is gone leaves the training alone; a signal stops it in order")
    func hangUp() {
        for isHungUp in [true, false] {
            let source = ScriptedRun()
            let display = PlayedDisplay(
                size: Size(columns: 120, rows: 40),
                [.init(until: "waiting", inputs: [.terminated])]
                    + (isHungUp ? [] : [.init(until: nil, inputs: [.terminated])]))
            display.isHungUp = isHungUp
            let session = session(display, source)
            #expect(session.run() == (isHungUp ? .hungUp : .left))
            session.close()
            #expect(source.asked.withLock { $0 } == (isHungUp ? [] : [.stop(saving: true)]))
        }
    }

    @Test("Explore shows the live weights: they change under the cross-hair")
    func explore() throws {
        let source = ScriptedRun()
        let display = PlayedDisplay(
            size: Size(columns: 120, rows: 40),
            [
                .init(until: "manifold, epoch 1", inputs: [.key(.enter)]), .init(until: "28×28 at 2×", inputs: []),
                .init(until: "µs", inputs: key("5D")),
            ])
        let session = session(display, source)
        source.deliver(LiveWeights(model: try Self.model(), moment: "epoch 1", step: 1))
        #expect(session.run() == .detached)
        session.close()
        #expect(display.isPlayedOut)
    }
}
