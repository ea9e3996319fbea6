import Datasets
import Explorer
import Latent
import Pictures
import VAE

/// Makes the pictures that follow a run's weights, on the engine's thread, in pieces as short as all background work:
/// first the manifold, then the images with their reconstructions, then the codes.
///
/// It keeps its own share of the machine small: after work of some length it rests for a multiple of it, so that a
/// training beside it goes on as if nobody looked.
final class LiveStudio {
    /// The share of one processor's time that may be worked for the pictures, and as much again for the codes.
    private static let share = 1.0 / 120
    private static let shortestRest = Duration.milliseconds(700)
    /// Codes on the plane: more would take longer and show no more. Where the encoder is slow they are fewer while the
    /// model learns, so that they are seen to move.
    private static let codes = 100...500
    private static let longestEncoding = Duration.milliseconds(50)
    /// How much time of the codes' share is lent at the start.
    private static let lent = Duration.seconds(8)

    private let validation: Dataset?
    private let images: [Int]
    private let now: () -> ContinuousClock.Instant
    private var request: RunPictureRequest?
    private var moment = ""
    /// The step of the weights that the engine has.
    private(set) var step: Int?
    private var stage = Stage.idle
    private var tiles: [Picture] = []
    private var codes: Encoding?
    private var spent = Duration.zero
    private var spentOnCodes = Duration.zero
    private var codesBudget: WorkBudget
    private var codesCount = codes.upperBound
    /// Whether the codes of these weights are wanted whatever they cost: no training waits for it, or a person does.
    private var wantsAllCodes = false
    private var pace = Pace()
    private var encodingPace = Pace()
    /// When the next weights may be asked for.
    private(set) var due: ContinuousClock.Instant
    private var isAsking = false

    private enum Stage { case idle, tiles, images, codes }

    /// - Parameter now: where time comes from; a test has its own.
    init(validation: Dataset?, now: @escaping () -> ContinuousClock.Instant = { .now }) {
        self.validation = validation.map { $0[0..<min($0.count, Self.codes.upperBound)] }
        images = self.validation.map(Self.examples) ?? []
        self.now = now
        due = now()
        codesBudget = WorkBudget(share: Self.share, lent: Self.lent, at: due)
    }

    /// One image of each class first, then the others in order: the same images all through the run.
    private static func examples(_ dataset: Dataset) -> [Int] {
        var seen = Set<Int>()
        let firsts = (0..<dataset.count).filter { image in
            dataset.hasLabels && seen.insert(dataset.label(image) ?? 0).inserted
        }.sorted { (dataset.label($0) ?? 0, $0) < (dataset.label($1) ?? 0, $1) }
        let chosen = Set(firsts)
        return firsts + (0..<dataset.count).filter { !chosen.contains($0) }
    }

    // MARK: - What is wanted

    /// Other pictures are wanted from now on, of the weights that there are.
    func want(_ request: RunPictureRequest) {
        self.request = request
        if step != nil { begin() }
    }

    /// The engine has other weights now.
    ///
    /// - Parameter wantsAllCodes: whether the codes are to be made whatever they cost.
    func renew(_ weights: LiveWeights, wantsAllCodes: Bool, took duration: Duration) {
        isAsking = false
        self.wantsAllCodes = wantsAllCodes
        (moment, step) = (weights.moment, weights.step)
        spent = duration
        begin()
    }

    /// The same weights as before: nothing to do but to ask again later.
    func pass() {
        isAsking = false
        due = now().advanced(by: Self.shortestRest)
    }

    /// Whether it is time to ask for weights; true once.
    func takesWeights() -> Bool {
        guard !isAsking, stage == .idle, now() >= due else { return false }
        isAsking = true
        return true
    }

    /// When something is to be done next without an order; nil: when weights come.
    var wakeTime: ContinuousClock.Instant? { isAsking || stage != .idle ? nil : due }

    /// Asks at once, whatever was worked before.
    func hurry() {
        (due, isAsking) = (now(), false)
    }

    private func begin() {
        tiles = []
        codes = nil
        guard request != nil else { return finish() }
        stage = .tiles
    }

    private func finish() {
        stage = .idle
        due = now().advanced(by: max(Self.shortestRest, spent * (1 / Self.share)))
        spent = .zero
    }

    // MARK: - Work

    var isWorking: Bool { stage != .idle }

    /// Does a piece.
    ///
    /// - Returns: what has become ready.
    func work(with engine: any LatentEngine, latentCount: Int, piece: Duration) -> Output? {
        guard let request else {
            finish()
            return nil
        }
        let start = now()
        let output: Output?
        switch stage {
        case .idle: output = nil
        case .tiles: output = decodeTiles(request, engine, latentCount, piece)
        case .images: output = reconstruct(request, engine, latentCount)
        case .codes: output = encode(engine, piece)
        }
        spent += start.duration(to: now())
        if stage == .idle { finish() }
        return output
    }

    enum Output {
        case pictures(RunPictures)
        case codes(Encoding)
    }

    private func decodeTiles(
        _ request: RunPictureRequest, _ engine: any LatentEngine, _ latentCount: Int, _ piece: Duration
    ) -> Output? {
        let points = request.points[min(tiles.count, request.points.count)...].prefix(pace.count(limit: engine.batch))
        guard !points.isEmpty, points.allSatisfy({ $0.count == latentCount }) else {
            stage = .images
            return nil
        }
        let start = now()
        tiles += engine.decode(Array(points))
        pace.note(points.count, took: start.duration(to: now()), of: piece)
        return nil
    }

    private func reconstruct(
        _ request: RunPictureRequest, _ engine: any LatentEngine, _ latentCount: Int
    ) -> Output? {
        beginCodes(request, latentCount)
        let chosen = Array(images.prefix(request.images))
        var (originals, reconstructions): ([Picture], [Picture]) = ([], [])
        if let validation, !chosen.isEmpty {
            var values: [Float] = []
            for image in chosen { values += validation.image(image) }
            originals = validation.pictures(values, count: chosen.count)
            let labels = validation.classes(of: chosen, as: request.label)
            if let posteriors = engine.encode(values, labels: labels, count: chosen.count) {
                reconstructions = engine.decode(
                    chosen.indices.map { index in
                        LatentPoint(
                            Array(posteriors.means[index * latentCount..<(index + 1) * latentCount]),
                            label: labels.map { ClassMix($0[index]) })
                    })
            }
        }
        guard !request.points.isEmpty || request.images > 0 else { return nil }
        return .pictures(
            RunPictures(
                number: request.number, moment: moment, tiles: tiles, images: originals,
                reconstructions: reconstructions))
    }

    private func beginCodes(_ request: RunPictureRequest, _ latentCount: Int) {
        stage = .idle
        guard let validation, request.wantsCodes, wantsAllCodes || now() >= codesBudget.due else { return }
        stage = .codes
        let count = wantsAllCodes ? validation.count : min(validation.count, codesCount)
        codes = Encoding(
            validation[0..<count], latentCount: latentCount, at: now(), name: "validation", label: request.label)
        spentOnCodes = .zero
        wantsAllCodes = false
    }

    private func encode(_ engine: any LatentEngine, _ piece: Duration) -> Output? {
        guard var codes = codes.take() else {
            stage = .idle
            return nil
        }
        let start = now()
        let (images, labels, count) = codes.nextImages(encodingPace.count(limit: engine.batch))
        guard let posteriors = engine.encode(images, labels: labels, count: count) else {
            stage = .idle
            return nil
        }
        let duration = start.duration(to: now())
        encodingPace.note(count, took: duration, of: piece)
        spentOnCodes += duration
        codes.append(posteriors)
        guard codes.isDone else {
            self.codes = consume codes
            return nil
        }
        stage = .idle
        codesBudget.note(spentOnCodes, next: min(spentOnCodes, Self.longestEncoding))
        let affordable = Double(codes.count) * (Self.longestEncoding / max(spentOnCodes, .nanoseconds(1)))
        codesCount = Int(min(max(affordable, Double(Self.codes.lowerBound)), Double(Self.codes.upperBound)))
        // They have a rest of their own.
        spent -= spentOnCodes
        return .codes(codes)
    }
}

extension Dataset {
    /// Images `[count, channels, height, width]` as pictures; none where they are neither gray nor color, with or without
    /// opacity.
    fileprivate func pictures(_ values: [Float], count: Int) -> [Picture] {
        guard [1, 3, 4].contains(channels) else { return [] }
        return makePictures(values, count: count, channels: channels, height: height, width: width)
    }
}
