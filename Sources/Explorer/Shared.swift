import Cells
import Latent
import Pictures

/// What all views may read and change.
public struct Shared: Sendable {
    // The screen.
    public internal(set) var size: Size
    var theme: Theme
    /// The terminal as far as it is known; what was said of its background goes before it.
    var terminal: TerminalProfile
    let borders: Options.Borders
    let isAnimated: Bool
    public internal(set) var preferences: Preferences
    /// The preferences that are kept for the next start: without what the command line said for this one.
    private var remembered: Preferences

    // The model, and what it answered.
    public internal(set) var model: ModelFacts
    /// The newest picture that has come, with the point it belongs to.
    public internal(set) var picture: DecodedPicture?
    public internal(set) var cloud: LatentCloud?
    /// The cloud as it is seen on the plane.
    private(set) var codes: PlaneCodes?
    /// Counts the times that the codes became others.
    private(set) var projections = 0
    /// Counts the clouds that have come.
    private(set) var clouds = 0

    // What is shown.
    /// The view that is seen.
    var view = ExploreView.card
    /// The view that Tab goes back to from Explore.
    var origin: ViewCard?
    /// Another view that was asked for, until the event is through.
    var turn: Turn?
    /// The point that Tab goes to in Explore; nil: there is none.
    var pointUnderCursor: LatentPoint?
    public internal(set) var explore: ExploreState
    /// Whether images are of one class, of a conditional model.
    var classes: ClassChoice
    var prompt: Prompt?
    var message: Message?
    /// What is seen of the help; nil: nothing.
    var help: HelpPlace?
    /// Whether the hint for newcomers is up.
    var showsHints: Bool
    /// Whether the point goes among the data when they come, as nobody has moved it yet.
    var awaitsBeginning: Bool
    var progress: Progress?
    /// Whether a small model can be trained from here.
    let offersTraining: Bool
    /// Directions with names, of models of any number of latents.
    var directions: [LatentDirection] = []
    /// Where the walk leads from and to.
    var walkEnds = WalkEnds()
    /// Commands typed so far, the newest last, and the one that the arrows chose.
    var history: [String] = []
    var historyIndex: Int?
    /// Names of files that complete the line being typed.
    var fileCompletion: FileCompletion?

    /// What was asked of the person, until the next key; and what the key before was asked.
    var question: Question?
    var answered: Question?

    // What the future depends on.
    /// Time of the latest event, since the start.
    var now = Duration.zero
    var generator: SeededGenerator
    /// The number of the latest request.
    private var lastNumber = 0
    let askedRange: ClosedRange<Float>?
    /// Cells that Explore's picture is wide at most.
    let pictureWidth: Int?
    /// Whose answer is shown of images at first.
    let askedInference: InferenceMethod

    /// What each view keeps for itself.
    var owned = OwnedStates()

    // What follows from all this, kept so that a frame need not work it out.
    /// What the data say about the point.
    var reading = Reading()
    var background = BackgroundImage()

    init(model: ModelFacts, size: Size, profile: TerminalProfile, options: Options = Options()) {
        self.model = model
        self.size = size
        terminal = profile
        borders = options.borders
        theme = Theme(profile: profile, borders: options.borders)
        isAnimated = options.isAnimated
        preferences = options.preferences
        remembered = options.remembered ?? options.preferences
        showsHints = options.showsHints && !remembered.hasSeenHint
        awaitsBeginning = options.beginsAmongData
        generator = SeededGenerator(seed: options.seed)
        askedRange = options.latentRange
        pictureWidth = options.pictureWidth
        directions = options.directions
        history = options.history
        offersTraining = options.offersTraining
        explore = ExploreState(model: model, range: options.latentRange)
        classes = ClassChoice(model)
        askedInference = options.inference ?? .encoder
        see(terminal: profile)
    }

    /// It is later.
    mutating func advance(to time: Duration) -> [Effect] {
        now = max(now, time)
        if let message, message.isOver(at: now) { self.message = nil }
        return advanceGlide()
    }

    /// When something changes at the latest that is no view's own; nil: nothing does.
    var wakeTime: Duration? { [explore.glide?.nextFrame, message?.end].compactMap { $0 }.min() }

    /// What an event means to all views.
    mutating func respond(to event: Event) -> [Effect] {
        switch event {
        case .started:
            noteGuess()
            return [decodeRequest()]
        case .input(let input): return respond(to: input)
        case .tick: return []
        case .decoded(let answer):
            take(answer)
            return []
        case .worked(let answer):
            background.take(answer, shared: self)
            return []
        case .opened(let facts): return open(facts)
        case .tried(let facts, let sentence, let isOther): return take(facts, tried: sentence, isOther: isOther)
        case .encoded(let cloud): return take(cloud)
        case .progress(let progress):
            self.progress = progress
            return []
        case .refusedExport(let order):
            question = .overwrite(order)
            message = Message(
                question: "\(cellText(order.path)) is there already: y replaces it, any other key does not")
            return []
        case .completed(let completion):
            take(completion)
            return []
        case .run, .inspected: return []
        case .note(let text):
            note(text)
            return []
        case .failed(let text):
            message = Message(error: cellText(text))
            return []
        }
    }

    private mutating func respond(to input: InputEvent) -> [Effect] {
        switch input {
        case .key, .mouse: return []
        case .resized(let size):
            self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
            return []
        case .resumed: return []
        case .learned(let profile):
            see(terminal: profile)
            return []
        case .terminated: return terminate()
        }
    }

    /// A signal asks for the end: a training is stopped in order first, and nobody is asked; asked a second time, the
    /// explorer leaves at once.
    private mutating func terminate() -> [Effect] {
        let run = self[TrainView.self]
        return run.isLive && !run.leavesAtEnd ? stopRun(saving: true) : [.quit]
    }

    // MARK: Answers

    /// Older answers never replace newer ones.
    private mutating func take(_ answer: DecodedPicture) {
        guard answer.request.number > (picture?.request.number ?? 0), answer.request.number <= lastNumber else {
            return
        }
        picture = answer
    }

    private mutating func open(_ facts: ModelFacts) -> [Effect] {
        model = facts
        picture = nil
        cloud = nil
        walkEnds = WalkEnds()
        reading = Reading()
        background = BackgroundImage()
        explore = ExploreState(model: facts, range: askedRange)
        classes = ClassChoice(facts)
        project()
        note("opened \(facts.name)")
        noteGuess()
        // What was set meanwhile is forgotten here, and so it is by the engine.
        return [decodeRequest()] + (facts.classCount == nil ? [] : [.classify(facts.label)])
    }

    private mutating func take(_ cloud: LatentCloud?) -> [Effect] {
        clouds += 1
        self.cloud = cloud.flatMap { $0.dimension == model.latentCount ? $0 : nil }
        reading = Reading()
        refreshSliders()
        let effects: [Effect]
        if let plane = suitedPlane {
            effects = see(plane)
        } else {
            project()
            effects = []
        }
        guard let cloud = self.cloud, cloud.count > 0 else { return effects }
        return effects + fit(to: cloud) + begin(in: cloud)
    }

    /// Goes where the data are, if nobody has gone anywhere yet.
    private mutating func begin(in cloud: LatentCloud) -> [Effect] {
        guard awaitsBeginning, let image = cloud.beginning else { return [] }
        awaitsBeginning = false
        guard explore.begin(at: code(ofImage: image, in: cloud)) else { return [] }
        return [decodeRequest()]
    }

    private mutating func fit(to cloud: LatentCloud) -> [Effect] {
        guard let codes else {
            explore.fit(toLine: cloud.ranges[0])
            return []
        }
        // While a model learns, codes are seen to spread over the same window, and not a window to shrink around them.
        let fitsPrior = cloud.ranges.allSatisfy { $0.lowerBound > -Self.priorReach && $0.upperBound < Self.priorReach }
        if self[TrainView.self].facts != nil, fitsPrior { return [] }
        return explore.fit(to: codes) ? [decodeRequest()] : []
    }

    /// Beyond this, on either side, codes are not those of a standard normal prior.
    private static let priorReach: Float = 4.5

    /// Looks at the data from where the plane is seen.
    mutating func project() {
        codes = cloud.flatMap { cloud in explore.plane.map { $0.codes(of: cloud) } }
        projections += 1
        background.forget()
    }

    // MARK: Small things that many need

    /// What a view keeps for itself.
    subscript<V: StaticView>(_ view: V.Type) -> V.Own {
        get { owned[view] }
        set { owned[view] = newValue }
    }

    /// A number that no request has had.
    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    mutating func decodeRequest() -> Effect {
        .decode(DecodeRequest(number: nextNumber(), point: explore.point))
    }

    /// Asks the data about the point, where that has not been done.
    mutating func refreshReading() {
        if let cloud, reading.point != explore.point { reading = Reading(at: explore.point, in: cloud) }
    }

    /// Likes something else from now on, and at the next start.
    mutating func prefer(_ change: (inout Preferences) -> Void) -> [Effect] {
        change(&preferences)
        change(&remembered)
        return [.remember(remembered)]
    }

    /// A key or the mouse: nobody needs a hint any more, nor is taken elsewhere.
    mutating func noteHand() -> [Effect] {
        awaitsBeginning = false
        guard showsHints else { return [] }
        showsHints = false
        return prefer { $0.hasSeenHint = true }
    }

    mutating func note(_ text: String) { message = Message(note: cellText(text), at: now) }
    /// A word about what was seen before would hide the keys of what is seen now.
    mutating func forgetNote() { if message?.isError == false { message = nil } }
    mutating func fail(_ text: String) { message = Message(error: cellText(text)) }

    /// Where everything lies; nil: the screen is too small.
    var layout: Layout? { Layout(size: size, model: model, cellRatio: theme.profile.cellRatio, widest: pictureWidth) }

    /// The plane's window on its cells; nil where there is no plane to see.
    var planeGrid: PlaneGrid? {
        guard explore.plane != nil, let plane = layout?.plane else { return nil }
        return PlaneGrid(
            explore.window, columns: plane.columns, rows: plane.rows, cellRatio: theme.profile.cellRatio)
    }
}
