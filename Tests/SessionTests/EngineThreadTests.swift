import Datasets
import Dispatch
import Explorer
import Latent
import Pictures
import Testing

@testable import Session

@Suite("The engine's thread")
struct EngineThreadTests {
    private let bell = DispatchSemaphore(value: 0)

    private func thread(_ model: OpenModel) -> EngineThread {
        let bell = bell
        return EngineThread(model) { bell.signal() }
    }

    private func answers(of thread: EngineThread, until isLast: (Event) -> Bool) -> [Event] {
        thread.answers(bell, until: isLast)
    }

    private static func data(_ count: Int, side: Int = 28) -> Dataset {
        let pixels = (0..<count * side * side).map { UInt8(truncatingIfNeeded: $0) }
        return Dataset(
            name: "made", split: .test, height: side, width: side, pixels: pixels,
            labels: (0..<count).map { UInt8($0 % 10) })
    }

    private func isDecoded(_ number: Int) -> (Event) -> Bool {
        { if case .decoded(let answer) = $0 { answer.request.number == number } else { false } }
    }

    @Test("Of many points ordered while the engine is busy, the newest is decoded and the rest are not")
    func newestWins() {
        let log = EngineLog()
        let thread = thread(.fake(log, delay: .milliseconds(20)))
        for number in 1...200 {
            thread.order { $0.decode = DecodeRequest(number: number, point: LatentPoint(Float(number), 0)) }
        }
        let answers = answers(of: thread, until: isDecoded(200))
        #expect(answers.count < 20)
        #expect(log.all.count == answers.count)
        thread.close()
    }

    private static func decoding(_ points: [LatentPoint], number: Int) -> WorkRequest {
        WorkRequest(number: number, slot: .plane, work: .decode(points))
    }

    /// The pictures that an event brings.
    private static func pictures(_ event: Event) -> (number: Int, first: Int, pictures: [Picture])? {
        guard case .worked(let answer) = event, case .pictures(let pictures, let first) = answer.result else {
            return nil
        }
        return (answer.number, first, pictures)
    }

    @Test("A more urgent slot's work overtakes another's")
    func urgency() {
        let thread = thread(.fake(delay: .milliseconds(1)))
        let points = Array(repeating: LatentPoint(0, 0), count: 3000)
        thread.order { $0.work[.plane] = .some(Self.decoding(points, number: 1)) }
        thread.order {
            $0.work[.manifold] = .some(WorkRequest(number: 2, slot: .manifold, work: .decode(Array(points.prefix(9)))))
        }
        let all = answers(of: thread) { Self.pictures($0)?.number == 2 }
        #expect(all.compactMap { Self.pictures($0) }.filter { $0.number == 1 }.count < 10)
        thread.close()
    }

    @Test("A grid comes in order and whole, and a point overtakes it")
    func grid() {
        let thread = thread(.fake(delay: .milliseconds(2)))
        let points = (0..<300).map { LatentPoint(Float($0) / 100, 0) }
        thread.order { $0.work[.plane] = .some(Self.decoding(points, number: 7)) }
        thread.order { $0.decode = DecodeRequest(number: 1, point: LatentPoint(0, 0)) }
        var next = 0
        var decodedAfter: Int?
        let all = answers(of: thread) { event in
            Self.pictures(event).map { $0.first + $0.pictures.count == points.count } ?? false
        }
        for event in all {
            if case .decoded = event { decodedAfter = next }
            guard let tiles = Self.pictures(event) else { continue }
            #expect(tiles.number == 7)
            #expect(tiles.first == next)
            for (offset, picture) in tiles.pictures.enumerated() {
                #expect(picture.values[0] == min(1, 0.5 + points[tiles.first + offset][0] / 6))
            }
            next += tiles.pictures.count
        }
        #expect(next == points.count)
        #expect(decodedAfter.map { $0 < points.count } == true)
        thread.close()
    }

    @Test("A newer grid ends an older one, and a cancelled one stops")
    func replacedGrid() {
        let thread = thread(.fake(delay: .milliseconds(5)))
        let points = Array(repeating: LatentPoint(0, 0), count: 5000)
        thread.order { $0.work[.plane] = .some(Self.decoding(points, number: 1)) }
        thread.order { $0.work[.plane] = .some(Self.decoding(Array(points.prefix(3)), number: 2)) }
        let all = answers(of: thread) { event in
            Self.pictures(event)?.number == 2
        }
        #expect(all.count < 20)
        thread.order { $0.work[.plane] = .some(Self.decoding(points, number: 3)) }
        thread.order { $0.work[.plane] = .some(nil) }
        thread.order { $0.decode = DecodeRequest(number: 1, point: LatentPoint(0, 0)) }
        _ = answers(of: thread, until: isDecoded(1))
        _ = thread.takeAnswers()
        thread.close()
    }

    @Test("A data set is encoded whole behind the points, first clouds early, and each with its labels")
    func encoding() throws {
        let thread = thread(.fake())
        let data = Self.data(5000)
        thread.order { $0.data = .encode(data) }
        let all = answers(of: thread) { if case .encoded(let cloud?) = $0 { cloud.count == 5000 } else { false } }
        let clouds = all.compactMap { if case .encoded(let cloud?) = $0 { cloud } else { nil } }
        #expect(clouds.count >= 2 && clouds[0].count < 5000)
        let last = try #require(clouds.last)
        #expect(last.name == "made test")
        #expect(last.labels?[1234] == 4)
        #expect(last.means[2 * 1234] == data.image(1234)[0])
        #expect(last.deviations?.allSatisfy { $0 == 1 } == true)
        thread.close()
    }

    @Test("Data of another size are refused in a sentence; another model brings its own facts and encodes anew")
    func misfit() {
        let thread = thread(.fake())
        thread.order { $0.data = .encode(Self.data(20, side: 8)) }
        let refused = answers(of: thread) { if case .failed = $0 { true } else { false } }
        guard case .failed(let sentence) = refused.last else { return }
        #expect(sentence.contains("1×8×8") && sentence.contains("1×28×28"))
        thread.order { $0.data = .encode(Self.data(20)) }
        _ = answers(of: thread) { if case .encoded(let cloud?) = $0 { cloud.count == 20 } else { false } }
        thread.order { $0.open(.fake(name: "other")) }
        let opened = answers(of: thread) { if case .encoded(let cloud?) = $0 { cloud.count == 20 } else { false } }
        #expect(opened.contains { if case .opened(let facts) = $0 { facts.name == "other" } else { false } })
        thread.close()
    }

    @Test("Closing waits for the computation at hand, so that a process may exit after it")
    func closing() {
        let log = EngineLog()
        let thread = thread(.fake(log, delay: .milliseconds(100)))
        thread.order { $0.decode = DecodeRequest(number: 1, point: LatentPoint(0, 0)) }
        while log.all.isEmpty {}
        thread.close()
        thread.waitForEnd()
        #expect(thread.takeAnswers().count == 1)
    }

    @Test("Pieces of background work grow and shrink to the time they may take")
    func pace() {
        var pace = Pace()
        for _ in 0..<10 {
            pace.note(pace.count(limit: 64), took: .milliseconds(1) * pace.count(limit: 64) / 10, of: .milliseconds(3))
        }
        #expect((28...32).contains(pace.count(limit: 64)))
        pace.note(30, took: .milliseconds(90), of: .milliseconds(3))
        #expect(pace.count(limit: 64) == 1)
    }

    @Test("Idle work waits until all data are encoded, and is done then")
    func idle() throws {
        let log = EngineLog()
        let thread = thread(.fake(log))
        thread.order {
            $0.data = .encode(Self.data(300))
            $0.work[.firstAtlas] = .some(
                WorkRequest(number: 3, slot: .firstAtlas, work: .decode([LatentPoint(0, 0)])))
        }
        _ = answers(of: thread) { Self.pictures($0)?.number == 3 }
        let calls = log.all
        let last = try #require(calls.lastIndex { $0.hasPrefix("encode") })
        #expect(try #require(calls.firstIndex { $0.hasPrefix("decode") }) > last)
        thread.close()
    }
}
