import Datasets
import Explorer
import Latent
import Pictures
import Synchronization
import VAE

/// What happens on the engine's thread: the newest point first, then the jobs, then the data set, then what nobody waits
/// for, all but the first in pieces so short that a point never waits noticeably.
final class EngineRoom {
    /// How long a piece of background work may take: less than a point may wait.
    private static let piece = Duration.milliseconds(3)
    /// Of work that nobody waits for.
    private static let idlePiece = Duration.milliseconds(1)
    /// How long one image may take to be refined, and a key to wait for it.
    private static let longestRefinement = Duration.milliseconds(40)
    private static let mostSlowRefinements = 3
    /// How long nothing was ordered before idle work goes on.
    private static let restTime = Duration.milliseconds(500)

    private let thread: EngineThread
    private let live: LiveRun?
    private let studio: LiveStudio?
    /// A kept checkpoint is shown.
    private var showsKept = false
    /// The run's newest weights, as far as they came.
    private var latest: LiveWeights?
    private let clock = ContinuousClock()
    private var engine: any LatentEngine
    private var facts: ModelFacts
    private var trial: GuessTrial

    private var jobs = JobBoard()
    private var atlases = AtlasShelf()
    private var posteriors = PosteriorShelf()
    private var dataset: Dataset?
    /// The class that all images are encoded as by a conditional model; nil: each its own.
    private var label: Int?
    private var cloud: LatentCloud?
    private var encoding: Encoding?
    private var encodingPace = Pace()
    private var refiningPace = Pace()
    private var slowRefinements = 0
    /// Whose answer the codes are, where that was asked for.
    private let inference: InferenceMethod?
    /// When something was last ordered.
    private var lastOrder: ContinuousClock.Instant?
    /// Whether it is the encoding's turn, which shares the time with jobs that are in no hurry.
    private var isEncodingNext = false
    private var lastProgress: ContinuousClock.Instant?
    private var showsProgress = false
    /// Counts what is encoded: a cloud of an earlier one, finished late, is nobody's.
    private let generation = Generation()

    /// - Parameter inference: whose answer places the codes; nil: the one that suits the model.
    init(_ model: OpenModel, run: LiveRun?, inference: InferenceMethod?, thread: EngineThread) {
        (self.thread, self.inference) = (thread, inference)
        live = run
        studio = run.map { LiveStudio(validation: $0.validation) }
        facts = model.facts
        trial = GuessTrial(of: model, on: thread)
        label = facts.label
        engine = model.makeEngine()
    }

    /// Works until the thread is closed; sleeps while there is nothing to do.
    func run() {
        while true {
            let orders = thread.takeOrders()
            if orders.isClosed { return }
            if !orders.isEmpty { lastOrder = clock.now }
            take(orders)
            if let request = orders.decode {
                decode(request)
            } else if let studio, studio.isWorking {
                workForRun(studio)
            } else if jobs.hasWork, rest == nil, encoding == nil || !isEncodingNext && !jobs.isIdle {
                isEncodingNext = jobs.isPatient
                let piece = jobs.isIdle ? Self.idlePiece : Self.piece
                for answer in jobs.workPiece(at: bench, piece) { thread.answer(.worked(answer)) }
            } else if encoding != nil {
                isEncodingNext = false
                encodePiece()
            } else if let studio, !showsKept, studio.takesWeights() {
                live?.source.requestWeights()
            } else if orders.isEmpty {
                let wakeTimes = [showsKept ? nil : studio?.wakeTime, rest]
                thread.waitForOrders(until: wakeTimes.compactMap { $0 }.min())
            }
        }
    }

    /// Until when idle work waits, where it is all that there is to do: after a key another may follow soon,
    /// and the screen's thread wants a processor for that. Nil: it need not.
    private var rest: ContinuousClock.Instant? {
        guard jobs.hasWork, jobs.isIdle, let lastOrder else { return nil }
        let end = lastOrder.advanced(by: Self.restTime)
        return clock.now < end ? end : nil
    }

    private var bench: Workbench {
        Workbench(
            engine: engine, facts: facts, dataset: dataset ?? live?.validation, cloud: cloud, atlases: atlases,
            posteriors: posteriors)
    }

    private func take(_ orders: Orders) {
        if let model = orders.model { open(model) }
        if orders.isConfirmed { trial.end() }
        if let (tried, opening) = orders.tried, trial.accepts(opening) { take(tried) }
        if let label = orders.label { classify(label) }
        if let weights = orders.weights { take(weights) }
        if let moment = orders.moment { show(moment) }
        if let request = orders.pictures { studio?.want(request) }
        // Of a run the weights soon are others.
        for (slot, request) in orders.work where live == nil || !slot.isIdle {
            jobs.take(request, for: slot, latentCount: facts.latentCount)
        }
        if let cloud = orders.cloud, cloud.generation == generation.current {
            self.cloud = cloud.cloud
            atlases.forgetDensity()
        }
        switch orders.data {
        case .encode(let dataset): beginEncoding(dataset, isAsked: true)
        case .forget:
            dataset = nil
            stopEncoding()
            thread.answer(.encoded(nil))
        case nil: break
        }
    }

    private func open(_ model: OpenModel) {
        trial.replace(by: model)
        jobs = JobBoard()
        atlases = AtlasShelf()
        posteriors = PosteriorShelf()
        stopEncoding()
        facts = model.facts
        label = facts.label
        engine = model.makeEngine()
        (encodingPace, refiningPace) = (Pace(), Pace())
        thread.answer(.opened(model.facts))
        if let dataset { beginEncoding(dataset, isAsked: false) }
    }

    /// Guesses that were tried: what the screen shows of the model stays, unless it has other latents.
    private func take(_ tried: TriedModel) {
        trial.end()
        let model = tried.model
        guard model.facts.latentCount == facts.latentCount else {
            open(model)
            thread.answer(.note(tried.sentence))
            return
        }
        facts = model.facts
        if tried.isOther { compute(with: model) }
        thread.answer(.tried(facts, sentence: tried.sentence, isOther: tried.isOther))
        if tried.isOther, let dataset { beginEncoding(dataset, isAsked: false) }
    }

    /// Takes weights, or an architecture, in place of those before; what was asked for is answered with the new ones.
    private func compute(with model: OpenModel) {
        engine = model.makeEngine()
        atlases = AtlasShelf()
        posteriors = PosteriorShelf()
    }

    /// Encodes the data anew, as another class.
    private func classify(_ label: Int?) {
        guard facts.classCount != nil, label != self.label else { return }
        self.label = label
        guard let dataset else { return }
        beginEncoding(
            dataset, isAsked: false,
            isAgain: cloud?.count == Encoding.part(of: dataset, latentCount: facts.latentCount).count)
    }

    // MARK: - A run's weights

    private func take(_ weights: LiveWeights) {
        latest = weights
        guard !showsKept else { return }
        if weights.step == studio?.step, !weights.isLast {
            studio?.pass()
        } else {
            renew(weights, wantsAllCodes: weights.isLast)
        }
    }

    private func show(_ moment: Orders.Moment) {
        switch moment {
        case .kept(let weights):
            showsKept = true
            renew(weights, wantsAllCodes: true)
        case .present:
            showsKept = false
            // Who asks a run that has ended, or is only watched, gets no answer; a training may have others by now.
            if let latest { renew(latest, wantsAllCodes: true) }
            studio?.hurry()
            live?.source.requestWeights()
        }
    }

    /// - Parameter wantsAllCodes: whether the codes are to be made whatever they cost.
    private func renew(_ weights: LiveWeights, wantsAllCodes: Bool) {
        guard let live, let model = try? OpenModel(weights.model, name: facts.name, threads: live.source.threads) else {
            return
        }
        let start = clock.now
        if model.facts == facts {
            compute(with: model)
        } else {
            open(model)
        }
        thread.answer(.run(.renewed(moment: weights.moment)))
        studio?.renew(weights, wantsAllCodes: wantsAllCodes, took: start.duration(to: clock.now))
    }

    private func workForRun(_ studio: LiveStudio) {
        switch studio.work(with: engine, latentCount: facts.latentCount, piece: Self.piece) {
        case .pictures(let pictures): thread.answer(.run(.pictures(pictures)))
        case .codes(let codes): buildCloud(of: codes, isAssessed: live?.source.assessesItself == false)
        case nil: break
        }
    }

    private func decode(_ request: DecodeRequest) {
        guard request.point.count == facts.latentCount else { return }
        let start = clock.now
        let pictures = engine.decode([request.point])
        let duration = start.duration(to: clock.now)
        guard let picture = pictures.first else { return }
        thread.answer(
            .decoded(
                DecodedPicture(
                    request: request, picture: picture, duration: duration, pixelRange: engine.pixelRange)))
        trial.begin()
    }

    // MARK: - The data set

    /// - Parameter isAgain: whether codes of all of the data are seen already.
    private func beginEncoding(_ dataset: Dataset, isAsked: Bool, isAgain: Bool = false) {
        stopEncoding()
        self.dataset = dataset
        // What is known of the data before is of no use.
        if isAsked { thread.answer(.encoded(nil)) }
        if let refusal = facts.refusal(of: dataset) {
            thread.answer(isAsked ? .failed(refusal) : .encoded(nil))
            return
        }
        if let refusal = facts.classRefusal(of: dataset, as: label) {
            thread.answer(.encoded(nil))
            thread.answer(.failed(refusal))
            return
        }
        encoding = Encoding(
            Encoding.part(of: dataset, latentCount: facts.latentCount), latentCount: facts.latentCount, at: clock.now,
            name: dataset.title, label: facts.classCount == nil ? nil : label,
            // Of a run the weights soon are others.
            inference: live == nil ? facts.codesInference(asked: inference) : .encoder, isAgain: isAgain)
        lastProgress = clock.now
    }

    private func stopEncoding() {
        encoding = nil
        cloud = nil
        atlases.forgetDensity()
        generation.advance()
        if showsProgress { thread.answer(.progress(nil)) }
        showsProgress = false
    }

    private func encodePiece() {
        // Taken out, so that the codes grow in place instead of being copied for each piece.
        guard var encoding = self.encoding.take() else { return }
        if encoding.isEncoded {
            refinePiece(&encoding)
        } else if !encodePiece(&encoding) {
            return stopEncoding()
        }
        if encoding.reachesMilestone() { buildCloud(of: encoding) }
        report(encoding)
        if !encoding.isDone { self.encoding = consume encoding }
    }

    /// - Returns: whether the model has an encoder after all.
    private func encodePiece(_ encoding: inout Encoding) -> Bool {
        let (images, labels, count) = encoding.nextImages(encodingPace.count(limit: engine.batch))
        let start = clock.now
        guard let posteriors = engine.encode(images, labels: labels, count: count) else { return false }
        encodingPace.note(count, took: start.duration(to: clock.now), of: Self.piece)
        encoding.append(posteriors)
        return true
    }

    /// Codes that are seen already move to where they belong.
    private func refinePiece(_ encoding: inout Encoding) {
        let start = clock.now
        let (posteriors, images, labels, count) = encoding.nextCodes(
            refiningPace.count(limit: engine.batch), at: start)
        let refined = engine.refine(posteriors, of: images, labels: labels, count: count)
        let duration = start.duration(to: clock.now)
        refiningPace.note(count, took: duration, of: Self.piece)
        // Where one image keeps a key waiting again and again, the encoder's codes have to do.
        slowRefinements = count == 1 && duration > Self.longestRefinement ? slowRefinements + 1 : 0
        encoding.refine(slowRefinements < Self.mostSlowRefinements ? refined : nil)
    }

    private func report(_ encoding: Encoding) {
        if encoding.isDone {
            if showsProgress { thread.answer(.progress(nil)) }
            showsProgress = false
        } else if let last = lastProgress, last.duration(to: clock.now) >= .milliseconds(200) {
            thread.answer(.progress(encoding.progress(at: clock.now)))
            lastProgress = clock.now
            showsProgress = true
        }
    }

    /// - Parameter isAssessed: whether the codes are to tell how well the run's model is.
    private func buildCloud(of encoding: Encoding, isAssessed: Bool = false) {
        let (thread, generation) = (thread, generation)
        let ours = generation.current
        // A run's view has a place for how well its model is.
        let isWhole = encoding.isDone && live == nil
        thread.inBackground {
            guard generation.current == ours else { return }
            let cloud = encoding.cloud()
            guard generation.current == ours else { return }
            let assessment = isAssessed || isWhole ? RunAssessment(cloud) : nil
            if isAssessed, let assessment { thread.answer(.run(.assessed(assessment))) }
            thread.order { $0.cloud = (cloud, ours) }
            thread.answer(.encoded(cloud))
            if !isAssessed, let finding = assessment?.finding { thread.answer(.failed(finding)) }
        }
    }
}

/// A number that several threads read and one advances.
final class Generation: Sendable {
    private let value = Atomic<Int>(0)

    var current: Int { value.load(ordering: .acquiring) }
    func advance() { value.add(1, ordering: .acquiringAndReleasing) }
}
