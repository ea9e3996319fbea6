import Cells
import Latent
import Pictures

/// What happened: to the keyboard, the screen, the clock or the engine. The one way into ``State``.
public enum Event: Sendable {
    /// The screen is up: answered with the effects that fill it.
    case started
    /// A key, the mouse, a new size, the end.
    case input(InputEvent)
    /// Time has passed: due at ``State/wakeTime``, and harmless at any other time.
    case tick
    /// The answer to ``Effect/decode(_:)``.
    case decoded(DecodedPicture)
    /// An answer to ``Effect/work(_:)``, or a part of it.
    case worked(WorkAnswer)
    /// Another model was opened, by ``Effect/openModel(path:)``.
    case opened(ModelFacts)
    /// What was guessed about the model was tried on pictures: what is shown of it from now on, and what came of it in one
    /// sentence. If it decodes to other pictures, place and marks stay.
    case tried(ModelFacts, sentence: String, isOther: Bool)
    /// The codes of the data set as far as they are encoded; each replaces the last, so that the plane fills up.
    /// Nil: there are none any more.
    case encoded(LatentCloud?)
    /// How far long work has come; nil when it is through.
    case progress(Progress?)
    /// News of a training run.
    case run(RunNews)
    /// The answer to ``Effect/inspectTerminal``.
    case inspected([TerminalFinding])
    /// A file of that name is there already, and was left alone.
    case refusedExport(ExportOrder)
    /// The answer to ``Effect/completeFile(_:)``: names that begin as the one typed does, folders with a slash at their end.
    case completed(FileCompletion)
    /// A word about something that went well; it stays for four seconds.
    case note(String)
    /// One sentence about what went wrong; it stays until a key.
    case failed(String)
}

extension Event {
    /// Whether the same points decode to other pictures from now on.
    var renewsPictures: Bool {
        switch self {
        case .run(.renewed), .tried(_, _, isOther: true): true
        default: false
        }
    }
}

/// The decoder's picture of a point.
public struct DecodedPicture: Hashable, Sendable {
    /// Which request it answers.
    public var request: DecodeRequest
    public var picture: Picture
    /// How long the decoder took for it.
    public var duration: Duration
    /// The decoder's pixel range where decoding has told more of it than the model's facts.
    public var pixelRange: String?

    public init(request: DecodeRequest, picture: Picture, duration: Duration, pixelRange: String? = nil) {
        self.request = request
        self.picture = picture
        self.duration = duration
        self.pixelRange = pixelRange
    }
}

/// The share of a long piece of work that is done.
public struct Progress: Hashable, Sendable {
    /// What is being done, two or three words: "encoding mnist test".
    public var work: String
    /// 0…1.
    public var share: Double
    /// Time left, once it can be told.
    public var remaining: Duration?

    public init(work: String, share: Double, remaining: Duration? = nil) {
        self.work = work
        self.share = min(1, max(0, share))
        self.remaining = remaining
    }
}
