import Neural
import Platform

/// What an input of one of a model's networks means.
public enum InputRole: Hashable, Sendable {
    /// The point that is decoded: a vector, or a map of channels × height × width.
    case latent
    /// The image that is encoded.
    case image
    /// One of some classes.
    case label(classes: Int, LabelCoding)
    /// Numbers of the user's choice, a vector.
    case condition
    /// Standard normal noise where it is sampled; zero else.
    case noise
}

extension InputRole {
    /// How many classes a label has; nil for what is none.
    var classCount: Int? { if case .label(let classes, _) = self { classes } else { nil } }
}

/// How a class is told to a network.
public enum LabelCoding: String, CaseIterable, Hashable, Sendable {
    /// A vector of zeros with a one at the class.
    case oneHot = "one_hot"
    /// The class's number, for a table of embeddings.
    case index
}

/// What a conditional model is asked for beside a point or an image.
public struct Condition: Hashable, Sendable {
    /// The number of the class for all points and images; nil: each its own where the caller passes labels, else class 0.
    public var label: Int?
    /// The numbers of a condition that is a vector; zeros where they are missing.
    public var vector: [Float]

    public init(label: Int? = nil, vector: [Float] = []) {
        self.label = label
        self.vector = vector
    }
}

/// How a decoder's output becomes the values 0…1 of a picture.
public enum PixelRange: Hashable, Sendable {
    /// From the first to the second: 0…1, −1…1.
    case bounded(Float, Float)
    /// Whatever it gives: the range is found from samples, for the encoder and the likelihood too (``PixelScale``).
    case free
    /// Logits of values in 0…1.
    case logits

    public static let unit = PixelRange.bounded(0, 1)
    /// What decoders that end in a hyperbolic tangent give.
    public static let signed = PixelRange.bounded(-1, 1)
}

/// What an encoder says of a posterior's width.
public enum SecondHead: String, CaseIterable, Hashable, Sendable {
    /// log σ².
    case logVariance = "logvar"
    /// log σ.
    case logSigma = "logsigma"
    /// σ.
    case sigma
    /// What softplus makes σ of.
    case softplus
    /// Nothing: a plain autoencoder.
    case none

    /// Turns what the head gives into log σ², in place.
    ///
    /// - Parameter values: the head's, or for ``none`` anything.
    func makeLogVariances(_ values: UnsafeMutableBufferPointer<Float>) {
        for index in values.indices {
            let value = values[index]
            switch self {
            case .logVariance: break
            case .logSigma: values[index] = 2 * value
            // A width of nothing, or less, is no width.
            case .sigma: values[index] = 2 * Float(logarithm(Double(max(value.magnitude, 1e-12))))
            case .softplus:
                let sigma = value > 20 ? Double(value) : logarithm(1 + exponential(Double(value)))
                values[index] = 2 * Float(logarithm(max(sigma, 1e-12)))
            case .none: values[index] = SecondHead.narrowest
            }
        }
    }

    /// The log σ² of a plain autoencoder, whose posteriors are points.
    public static let narrowest: Float = -60
}
