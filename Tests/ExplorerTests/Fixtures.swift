import Cells
import Foundation
import Latent
import Pictures
import Testing

@testable import Explorer

extension TerminalProfile {
    static let plain = TerminalProfile(depth: .none, glyphs: .blocks)
    static let ascii = TerminalProfile(depth: .none, glyphs: .ascii)
    static let colors256 = TerminalProfile(depth: .palette256, glyphs: .blocks)
}

extension LatentCloud {
    /// Ten classes around the middle, each an elongated blob of its own; 2,000 images.
    static let blobs: LatentCloud = {
        var generator = SeededGenerator(seed: 7)
        var means: [Float] = []
        var labels: [UInt8] = []
        for image in 0..<2_000 {
            let label = UInt8(image * 7 % 10)
            let angle = Float(label) * 0.62831853
            let radius: Float = label % 2 == 0 ? 1.0 : 1.9
            let along = 0.5 * generator.nextNormal()
            let across = 0.22 * generator.nextNormal()
            means.append((radius + along) * cosine(angle) - across * sine(angle))
            means.append((radius + along) * sine(angle) + across * cosine(angle))
            labels.append(label)
        }
        return LatentCloud(
            name: "sample", dimension: 2, means: means,
            deviations: Array(repeating: 0.05, count: means.count), labels: labels)
    }()

    private static func cosine(_ angle: Float) -> Float { Float(cos(Double(angle))) }
    private static func sine(_ angle: Float) -> Float { Float(sin(Double(angle))) }
}

extension Picture {
    /// A ring whose form follows the point: what a decoder might say.
    static func ring(at point: LatentPoint, width: Int = 28, height: Int = 28) -> Picture {
        let second = point.count > 1 ? point[1] : 0
        let values = (0..<width * height).map { pixel -> Float in
            let x = (Float(pixel % width) + 0.5) / Float(width) * 2 - 1
            let y = (Float(pixel / width) + 0.5) / Float(height) * 2 - 1
            let squared = x * x * (1.6 + 0.3 * point[0]) + y * y * (1.6 - 0.3 * second)
            return max(0, 1 - 3 * abs(squared.squareRoot() - 0.75))
        }
        return Picture(width: width, height: height, values: values)
    }
}

extension PlaneStretch {
    /// Fast around a ring, along it: what a decoder might do.
    static func swirl(at point: LatentPoint) -> PlaneStretch {
        let place = SIMD2(point[0], point.count > 1 ? point[1] : 0)
        let radius = (place * place).sum().squareRoot()
        let along = 20 / (1 + 4 * (radius - 1.5) * (radius - 1.5))
        let direction = radius > 0 ? SIMD2(-place.y, place.x) / radius : SIMD2(1, 0)
        return PlaneStretch(direction: direction, along: along, across: along / (1 + radius))
    }
}

extension ModelFacts {
    static let digits = ModelFacts(name: "mnist-2d", latentCount: 2, width: 28, height: 28)
}

/// A state with a clock of its own, whose decoder answers at once.
struct Session {
    var state: State
    var time = Duration.zero
    /// What was asked for since the start.
    private(set) var effects: [Effect] = []
    /// Whether decodes are answered; else they stay in ``effects``.
    var answers = true

    init(
        columns: Int = 80, rows: Int = 24, profile: TerminalProfile = .plain, model: ModelFacts = .digits,
        options: Options = Options(showsHints: false), cloud: LatentCloud? = nil
    ) {
        state = State(
            model: model, size: Size(columns: columns, rows: rows), profile: profile, options: options)
        send(.started)
        if let cloud { send(.encoded(cloud)) }
    }

    /// - Returns: the effects of this event alone, but for the commands that are kept for the next start.
    @discardableResult
    mutating func send(_ event: Event) -> [Effect] {
        let all = state.apply(event, at: time)
        effects += all
        let new = all.filter { if case .keepHistory = $0 { false } else { true } }
        guard answers else { return new }
        var waiting = new
        while let effect = waiting.first {
            waiting.removeFirst()
            for answer in answers(to: effect) {
                let further = state.apply(answer, at: time)
                effects += further
                waiting += further
            }
        }
        return new
    }

    /// Answers requests as an engine would.
    mutating func answer(_ requests: [WorkRequest]) {
        for answer in requests.flatMap({ answers(to: .work($0)) }) { effects += state.apply(answer, at: time) }
    }

    private func answers(to effect: Effect) -> [Event] {
        switch effect {
        case .decode(let request):
            let picture = Picture.ring(at: request.point, width: state.model.width, height: state.model.height)
            return [.decoded(DecodedPicture(request: request, picture: picture, duration: .microseconds(61)))]
        case .work(let request):
            return results(of: request.work).map {
                .worked(WorkAnswer(number: request.number, slot: request.slot, result: $0))
            }
        default: return []
        }
    }

    /// What comes of work in this session's world.
    private func results(of work: Work) -> [WorkResult] {
        func code(_ image: Int) -> LatentPoint { state.cloud?.mean(of: image) ?? LatentPoint(0, 0) }
        switch work {
        case .decode(let points): return [.pictures(points.map { .ring(at: $0) }, first: 0)]
        case .images(let images): return [.pictures(images.map { .ring(at: code($0)) }, first: 0)]
        case .reconstruct(.image(let image, _), let method):
            return [.reconstruction(reconstruction(of: .ring(at: code(image)), at: code(image), by: method))]
        case .reconstruct(.picture(let picture, _), let method):
            return [.reconstruction(reconstruction(of: picture, at: Self.drawingMean, by: method))]
        case .stretch(let points, _): return [.stretches(points.map { .swirl(at: $0) }, first: 0)]
        case .walk(let order): return WalkPathKind.allCases.map { .walk(.found(.made($0, for: order))) }
        case .atlas, .influences: return []
        case .posterior(.image(let image, _), let method):
            return [.posterior(.found(posterior(of: .ring(at: code(image)), around: code(image), against: method)))]
        case .posterior(.picture(let picture, _), let method):
            return [.posterior(.found(posterior(of: picture, around: Self.drawingMean, against: method)))]
        case .losses(let images, _): return [.losses(images.map(Self.loss), first: images.lowerBound)]
        }
    }

    /// Where every drawing is put.
    static let drawingMean = LatentPoint(0.75, -1.25)

    /// Some other number for each image.
    static func loss(_ image: Int) -> Float { Float(100 + image * 37 % 2_003) }

    /// The model sees all images a little rounder than they are. A refined answer lies nearer to the middle.
    private func reconstruction(
        of input: Picture, at mean: LatentPoint, by method: InferenceMethod = .encoder
    ) -> Reconstruction {
        let mean = method == .refined ? LatentPoint(mean.coordinates.map { 0.8 * $0 }) : mean
        return Reconstruction(
            input: input, inference: method, mean: mean, deviations: LatentPoint(0.21, 0.35),
            decoded: .ring(at: LatentPoint(mean[0] / 2, mean[1] / 2), width: input.width, height: input.height),
            loss: method == .encoder ? 134 : method == .refined ? 129 : 127.6, divergence: method == .exact ? 6.4 : 7.2)
    }

    private func posterior(
        of input: Picture, around point: LatentPoint, against method: InferenceMethod
    ) -> PlanePosterior {
        var posterior = PlanePosterior.made(around: point)
        posterior.gap?.inference = method
        if method == .refined { posterior.gap?.negativeELBO = 136.2 }
        if method == .exact {
            posterior.gap = nil
            posterior.reconstruction = reconstruction(of: input, at: posterior.mode, by: .exact)
        }
        return posterior
    }

    @discardableResult
    mutating func press(_ keys: Key...) -> [Effect] { keys.flatMap { send(.input(.key($0))) } }

    /// Types text, a character a key.
    @discardableResult
    mutating func type(_ text: String) -> [Effect] {
        text.unicodeScalars.flatMap { send(.input(.key(.character($0)))) }
    }

    /// Lets time pass as a loop would: a tick whenever the state wants one.
    mutating func wait(_ duration: Duration) {
        let end = time + duration
        while let wake = state.wakeTime, wake <= end {
            time = max(time, wake)
            send(.tick)
        }
        time = end
        send(.tick)
    }

    var text: String { Screen.canvas(of: state).text }
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}

/// Compares a screen below its top line, which `KeyedLineTests` look at, with a picture in text; with
/// `LATENTWALK_WRITE_SNAPSHOTS` set, writes the picture instead.
func expect(
    _ canvas: Canvas, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")
    let file = folder.appending(path: name + ".txt")
    let body = canvas.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        .map { $0 + "\n" }.joined()
    if ProcessInfo.processInfo.environment["LATENTWALK_WRITE_SNAPSHOTS"] != nil {
        try body.write(to: file, atomically: true, encoding: .utf8)
        return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(body == expected, "\(name)", sourceLocation: sourceLocation)
}

extension [Effect] {
    /// The points that are to be decoded.
    var decodes: [LatentPoint] {
        compactMap { if case .decode(let request) = $0 { request.point } else { nil } }
    }
    var works: [WorkRequest] { compactMap(\.workRequest) }
}

extension Effect {
    var workRequest: WorkRequest? {
        if case .work(let request) = self { request } else { nil }
    }
}

extension WalkPath {
    /// A path that bends away from the line: the spherical one a little, the geodesic more.
    static func made(_ kind: WalkPathKind, for order: WalkOrder) -> WalkPath {
        let bend: Float = kind == .straight ? 0 : kind == .spherical ? 0.3 : 0.9
        let points = (0..<order.frames).map { frame -> LatentPoint in
            let share = Float(frame) / Float(order.frames - 1)
            var point = order.start.interpolated(to: order.end, share: share)
            point[point.count - 1] += bend * 4 * share * (1 - share)
            return point
        }
        let lengths: [WalkPathKind: Double] = [.straight: 41.2, .spherical: 40.8, .geodesic: 28.4]
        return WalkPath(
            kind: kind, points: points, pictures: points.map { .ring(at: $0) }, length: lengths[kind])
    }
}

extension PlanePosterior {
    /// A bent ridge that passes some way from a point, as a decoder's posteriors do.
    static func made(around point: LatentPoint, gap: InferenceGap? = .made) -> PlanePosterior {
        let side = 192
        let mode = LatentPoint(point[0] + 0.3, point[1] - 0.2)
        func logMass(_ place: SIMD2<Float>) -> Float {
            let (x, y) = (place.x - mode[0], place.y - mode[1])
            let away = y - 0.6 * x - 0.5 * x * x
            return -0.5 * (away * away / 0.01 + x * x / 0.09) - 6
        }
        let masses = (0..<side * side).map { square in
            logMass((SIMD2(Float(square % side), Float(square / side)) + 0.5) / 16 - 6)
        }
        var cells = PlaneCells(extent: 1 / 32)
        let first = SIMD2(mode[0] - 1.5 + 6, mode[1] - 1.5 + 6) * 32
        for row in 0..<96 {
            for column in 0..<96 {
                let place = (first.rounded(.down) + SIMD2(Float(column), Float(row)) + 0.5) / 32 - 6
                cells.add(place, logMass: logMass(place))
            }
        }
        return PlanePosterior(side: side, halfExtent: 6, logMasses: masses, mode: mode, cells: cells, gap: gap)
    }
}

extension InferenceGap {
    static let made = InferenceGap(negativeELBO: 141.2, exact: 134, shape: 0.3, isCut: false)
}

extension State {
    /// A view that holds its own state.
    subscript<V: View>(view: V.Type) -> V { views.lazy.compactMap { $0 as? V }.first ?? V() }

    /// What belongs to a view whose state is still among what all share.
    subscript<V: StaticView>(view: V.Type) -> V.Own { shared[view] }

    // What the Images view says of all this.
    var imagesLayout: ImagesLayout { ImagesLayout(shared) }
    var imagesInference: InferenceMethod { self[ImagesView.self].inference }
    var imagesSubject: ReconstructionSubject? { self[ImagesView.self].subject(shared) }
    var imagesReconstruction: Reconstruction? { self[ImagesView.self].reconstruction(shared) }
    var imagesPosterior: (mean: LatentPoint, deviations: LatentPoint?)? { self[ImagesView.self].answer(shared) }
    var imagesExactPosterior: PlanePosterior? { self[ImagesView.self].exactPosterior(shared) }

    /// Whether the view that is seen has a key of its own.
    func binds(_ key: Key) -> Bool { view.binds(key, shared) }

    /// Whether a view has a key of its own.
    func binds<V: View>(_ key: Key, in view: V.Type) -> Bool {
        (self[view] as V).binds(key, shared)
    }

    /// What would be told of the keys if a view were seen.
    func told<V: View>(in view: V.Type) -> [KeyNote] { [KeyNote](of: self[view] as V, shared) }
}

extension View {
    fileprivate func binds(_ key: Key, _ shared: Shared) -> Bool { action(of: key, shared) != nil }
}

/// The Manifold view as it stands to what all share.
extension State {
    private var manifold: ManifoldView { self[ManifoldView.self] }
    var manifoldLayout: ManifoldLayout { manifold.layout(shared) }
    var manifoldFrame: ManifoldFrame { manifold.frame(shared) }
    var manifoldShownFrame: ManifoldFrame { manifold.shownFrame(shared) }
    var manifoldCursor: TilePlace { manifold.cursor(shared) }
    var manifoldCursorPoint: LatentPoint { manifold.cursorPoint(shared) }
    func manifoldPoint(of tile: TilePlace) -> LatentPoint {
        manifold.point(of: manifold.place(of: tile, shared), shared)
    }
}
