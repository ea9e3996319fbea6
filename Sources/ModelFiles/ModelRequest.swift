import Deduction
import Importing

/// What a user says of a model whose file does not say it, and what guesses can be tried on.
public struct ModelRequest: Sendable {
    public var options: ImportOptions
    /// The file of the other half, where a model's encoder and decoder are two files.
    public var encoder: String?
    public var decoder: String?
    /// A file of JSON that says what the model's file does not: ours, or Keras's.
    public var architecture: String?
    /// Pictures to try answers on, read only where something is left open; nil where there are none.
    public var pictures: @Sendable () -> TrialPictures?
    /// Whether whoever asks tries guesses later, with ``ModelFile/Contents/trial``, since somebody waits for a picture.
    /// Otherwise they are tried before the model is handed over.
    public var defersTrial: Bool

    public init(
        options: ImportOptions = ImportOptions(), encoder: String? = nil, decoder: String? = nil,
        architecture: String? = nil, pictures: @escaping @Sendable () -> TrialPictures? = { nil },
        defersTrial: Bool = false
    ) {
        self.options = options
        self.encoder = encoder
        self.decoder = decoder
        self.architecture = architecture
        self.pictures = pictures
        self.defersTrial = defersTrial
    }

    /// Whether the user said nothing.
    var isEmpty: Bool { options == ImportOptions() && encoder == nil && decoder == nil && architecture == nil }
}
