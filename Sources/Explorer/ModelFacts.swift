import Cells
import Latent
import Shading

/// What the explorer knows of a model.
public struct ModelFacts: Hashable, Sendable {
    /// As it is shown: the file's name without its suffix.
    public var name: String
    /// Number of latents.
    public var latentCount: Int
    /// Width, height and channels of its pictures, in pixels.
    public var width: Int
    public var height: Int
    public var channels: Int
    /// The decoder's own pixel range where it isn't 0…1 ("−1…1"), for the picture's title.
    public var pixelRange: String?
    /// Whether it can place images on the plane.
    public var hasEncoder: Bool
    /// Why nothing can be had that needs to know what its pixels are distributed as, in a sentence; nil where that is known.
    public var missingLikelihood: String?
    /// Whether that is known, so that there are nats.
    public var hasLikelihood: Bool { missingLikelihood == nil }
    /// Whether its encoder says how sure it is; a plain autoencoder's does not.
    public var hasPosteriors = true
    /// The number of classes of a conditional model.
    public var classCount: Int?
    /// The class that was asked for when it was opened; nil: each image's own.
    public var label: Int?
    /// Whether there is something between two classes.
    public var blendsClasses = true
    /// Whether it holds the place of a run's model whose first weights have yet to come.
    public var isAwaited = false
    /// Why there are no nats, in a few words; nil where there are.
    public var missingNats: String? {
        if !hasPosteriors { return "a plain autoencoder has no nats" }
        return hasLikelihood ? nil : ModelFacts.likelihoodNeeded
    }

    static let likelihoodNeeded = "nats need a likelihood: start with --likelihood"

    /// The same for a narrow place.
    var missingNatsBriefly: String? {
        if !hasPosteriors { return "no nats: an autoencoder" }
        return hasLikelihood ? nil : "no nats: --likelihood"
    }

    /// What was guessed about it, in a clause, until the person confirms it; nil where nothing was.
    public var guess: String?
    /// Whether guesses are about to be tried on pictures.
    public var isOnTrial = false

    /// Whether the images of the data sets with names are of its shape.
    var takesDigits: Bool { (channels, height, width) == (1, 28, 28) }

    /// The vector that a model is conditioned on, as it is shown: "condition 1 0".
    public var condition: String?

    public init(
        name: String, latentCount: Int, width: Int, height: Int, channels: Int = 1, pixelRange: String? = nil,
        hasEncoder: Bool = true
    ) {
        self.name = name
        self.latentCount = latentCount
        self.width = width
        self.height = height
        self.channels = channels
        self.pixelRange = pixelRange
        self.hasEncoder = hasEncoder
    }
}

/// What the person before the screen likes; remembered from one start to the next.
public struct Preferences: Hashable, Sendable {
    /// How pictures are drawn; nil: as suits the terminal and the size.
    public var shading: ShadingMode?
    public var palette: Palette
    /// What the plane shows.
    public var plane: PlaneBackground
    /// The terminal's background; nil: as far as it is found out.
    public var background: TerminalBackground?
    /// Whether the hint for newcomers was seen.
    public var hasSeenHint: Bool

    public init(
        shading: ShadingMode? = nil, palette: Palette = .gray, plane: PlaneBackground = .data,
        background: TerminalBackground? = nil, hasSeenHint: Bool = false
    ) {
        self.shading = shading
        self.palette = palette
        self.plane = plane
        self.background = background
        self.hasSeenHint = hasSeenHint
    }
}

/// What lies under the cross-hair.
public enum PlaneBackground: String, CaseIterable, Hashable, Sendable {
    /// The encoded data set, coloured by class.
    case data
    /// Density of the aggregate posterior.
    case density
    /// Tiny decoded pictures.
    case pictures
    /// How much the decoder stretches the plane, as a heat map.
    case stretch
    /// The same with its direction, as small ellipses.
    case ellipses
    case nothing

    var isStretch: Bool { self == .stretch || self == .ellipses }
    /// Whether it covers the plane, and leaves no room for a grid.
    var isFull: Bool { self != .data && self != .nothing }
}

/// What the command line decided for the explorer.
public struct Options: Hashable, Sendable {
    public enum Borders: String, CaseIterable, Hashable, Sendable { case line, ascii }

    public var preferences: Preferences
    /// What is kept for the next start, and what is chosen later with it; nil: the preferences as they are.
    public var remembered: Preferences?
    /// Whether the point lies among the data as soon as they are there.
    public var beginsAmongData: Bool
    /// Lines or `+-|`; ASCII is taken anyway where the terminal has nothing else.
    public var borders: Borders
    /// Whether jumps glide.
    public var isAnimated: Bool
    /// Whether a hint for newcomers is shown until the first key, once a user.
    public var showsHints: Bool
    /// The plane's extent on both axes where it was asked for; nil: the data's, else the prior's ±3.
    public var latentRange: ClosedRange<Float>?
    /// Whether a small model can be trained from here.
    public var offersTraining = false
    /// Seed of the prior's and the posteriors' draws.
    public var seed: UInt64
    /// Directions that were named in earlier sessions.
    public var directions: [LatentDirection]
    /// Commands that were typed in earlier sessions, the newest last.
    public var history: [String] = []
    /// Whose answer places the codes, and the Images view shows at first; nil: codes by the one that suits the model, images by
    /// the encoder's.
    public var inference: InferenceMethod?
    /// Cells that Explore's picture is wide at most; nil: as many as there is room for.
    public var pictureWidth: Int?

    public init(
        preferences: Preferences = Preferences(), remembered: Preferences? = nil, borders: Borders = .line,
        isAnimated: Bool = true, beginsAmongData: Bool = false,
        showsHints: Bool = true, latentRange: ClosedRange<Float>? = nil, seed: UInt64 = 0,
        directions: [LatentDirection] = [], inference: InferenceMethod? = nil
    ) {
        self.preferences = preferences
        self.remembered = remembered
        self.beginsAmongData = beginsAmongData
        self.borders = borders
        self.isAnimated = isAnimated
        self.showsHints = showsHints
        self.latentRange = latentRange
        self.seed = seed
        self.directions = directions
        self.inference = inference
    }
}
