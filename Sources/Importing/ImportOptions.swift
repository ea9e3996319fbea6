import Neural
import VAE

/// What a user says about a model whose file does not say it: the options of the command line, one for one.
public struct ImportOptions: Hashable, Sendable {
    /// How a picture that is larger than the wanted one is brought to it, before the last activation.
    public enum Fit: String, CaseIterable, Hashable, Sendable {
        /// Bilinear, corners not aligned, without antialiasing.
        case resize
        /// The first rows and columns.
        case crop
    }

    /// How a vector of pixels in three channels lies.
    public enum Layout: String, CaseIterable, Hashable, Sendable {
        case channelsFirst = "nchw"
        case channelsLast = "nhwc"
    }

    public enum PaddingMode: String, CaseIterable, Hashable, Sendable {
        case zeros, replicate, reflect, circular
    }

    public enum Upsampling: String, CaseIterable, Hashable, Sendable {
        case nearest, bilinear
        case bilinearCorners = "bilinear-corners"
    }

    /// Between the layers; nil inside: none.
    public var activation: Choice<Operation?>?
    /// After the last layer.
    public var outputActivation: Choice<Operation?>?
    /// Of the decoder's convolutions and transposed ones in order; one number is for all. Numbers beyond them are of
    /// the encoder's, where that is told from tensors alone.
    public var strides: [Int]?
    public var paddings: [Int]?
    public var outputPaddings: [Int]?
    public var paddingMode: PaddingMode?
    public var upsampling: Upsampling?
    /// `[height, width]` or `[channels, height, width]`.
    public var imageShape: [Int]?
    /// `[channels, height, width]`.
    public var latentShape: [Int]?
    public var fit: Fit?
    public var layout: Layout?
    public var pixelRange: PixelRange?
    public var secondHead: SecondHead?
    public var swapsHeads = false
    /// Names of a graph's inputs and outputs.
    public var latentName: String?
    public var labelName: String?
    public var imageName: String?

    public init() {}

    /// Something that was chosen, which may be nothing.
    public struct Choice<Value: Hashable & Sendable>: Hashable, Sendable {
        public let value: Value
        public init(_ value: Value) { self.value = value }
    }
}
