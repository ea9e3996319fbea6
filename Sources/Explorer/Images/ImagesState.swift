import Latent
import Pictures

/// What the Images view knows.
struct ImagesState: Sendable {
    var list = ImageList()
    /// The current image's place in the list.
    var place = 0
    var filter: UInt8?
    var order = ImageOrder.data
    /// Goes to the first image as soon as the order is known.
    var awaitsOrder = false
    var losses = LossTable()

    /// Whose answer is shown.
    var inference = InferenceMethod.encoder
    /// What the model is asked to reconstruct, and by whose answer.
    var asked: (number: Int, subject: ReconstructionSubject, inference: InferenceMethod)?
    /// What it answered last.
    var shown: (subject: ReconstructionSubject, reconstruction: Reconstruction)?
    /// Whether other weights answered that: the pictures are seen until newer ones come, the figures are not.
    var isShownStale = false
    /// Whether the cloud's codes are those of other weights.
    var areCodesStale = false

    var neighbors = NeighborPictures()
    /// Whether draws from the posterior are shown; nil: where there is room for them beside the images around.
    var wantsSamples: Bool?
    var samples: PosteriorSamples?
    var plane = PlaneMap()
    var posterior = PosteriorState()

    var isDrawing = false
    /// Nil: nothing was drawn yet.
    var drawing: Drawing?

    /// The codes that all this is of: more of the same ones add to it, others end it.
    var codes: [Float] = []
    var data = ""

    /// The current image's index in the cloud.
    var image: Int? { list.images.indices.contains(place) ? list.images[place] : nil }

    /// Other weights: what the model answered is no longer true.
    mutating func forgetAnswers() {
        asked = nil
        isShownStale = true
        samples = nil
        losses = LossTable()
        posterior.forgetAnswers()
    }
}

/// Pictures of the images around the current one, as far as they have come.
struct NeighborPictures: Sendable {
    /// By the images' indices in the cloud.
    private(set) var pictures: [Int: Picture] = [:]
    private var asked: (number: Int, images: [Int])?

    /// More than a screen shows at once.
    private static let most = 400

    subscript(image: Int) -> Picture? { pictures[image] }

    /// Those that have to be asked for, so that all are there; none where they are on their way.
    func missing(of wanted: [Int]) -> [Int] {
        let missing = wanted.filter { pictures[$0] == nil }
        let coming = Set(asked?.images ?? [])
        return missing.allSatisfy(coming.contains) ? [] : missing
    }

    mutating func ask(_ number: Int, for images: [Int]) { asked = (number, images) }

    /// What was asked for may have been replaced by another view's wishes.
    mutating func forgetAsked() { asked = nil }

    mutating func take(_ arrived: [Picture], first: Int, number: Int) {
        guard let asked, asked.number == number, first >= 0 else { return }
        if pictures.count > Self.most { pictures = [:] }
        for (offset, picture) in arrived.enumerated() where first + offset < asked.images.count {
            pictures[asked.images[first + offset]] = picture
        }
    }
}

/// Decoded draws from one posterior, as far as they have come.
struct PosteriorSamples: Sendable {
    let subject: ReconstructionSubject
    let inference: InferenceMethod
    let number: Int
    let points: [LatentPoint]
    var pictures: [Picture] = []
}
