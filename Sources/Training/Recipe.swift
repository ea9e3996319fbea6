import Inference
import Neural
import VAE

/// What to train and how: a network, and the settings of its training. The built-in ones are known by name.
public struct Recipe: Sendable {
    public let name: String
    /// One line for the list of recipes.
    public let summary: String
    public var settings: TrainingSettings
    /// The network that is made unless another is asked for.
    public let networkRequest: NetworkRequest
    /// The settings for networks whose encoder cannot be computed.
    private let settingsOfLearnedEncoder: TrainingSettings?
    private let network: Network

    private enum Network: Sendable {
        case fixed(Architecture)
        case made(@Sendable (NetworkRequest) throws(ArchitectureError) -> Architecture)
    }

    /// A recipe whose network adapts to what is asked for.
    public init(
        name: String, summary: String, settings: TrainingSettings, settingsOfLearnedEncoder: TrainingSettings? = nil,
        networkRequest: NetworkRequest = NetworkRequest(),
        network: @escaping @Sendable (NetworkRequest) throws(ArchitectureError) -> Architecture
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.settingsOfLearnedEncoder = settingsOfLearnedEncoder
        self.networkRequest = networkRequest
        self.network = .made(network)
    }

    /// A recipe with one network, as a recipe's file gives it.
    public init(name: String, summary: String, settings: TrainingSettings, architecture: Architecture) {
        self.name = name
        self.summary = summary
        self.settings = settings
        settingsOfLearnedEncoder = nil
        networkRequest = NetworkRequest(
            channels: architecture.image.extents[0], height: architecture.image.extents[1],
            width: architecture.image.extents[2], latentSize: architecture.latentSize,
            likelihood: architecture.likelihood ?? .bernoulli)
        network = .fixed(architecture)
    }

    /// Whether it has one network, which takes no other images and has no other number of latents.
    public var hasFixedNetwork: Bool {
        if case .fixed = network { return true }
        return false
    }

    /// - Parameter request: what the network is to be; nil: as the recipe has it.
    /// - Throws: ``ArchitectureError`` where the network can't be so.
    public func architecture(_ request: NetworkRequest? = nil) throws(ArchitectureError) -> Architecture {
        let request = request ?? networkRequest
        switch network {
        case .made(let make): return try make(request)
        case .fixed(let architecture):
            guard request == networkRequest else {
                throw .invalid(
                    "the recipe \(name) has one network, with \(architecture.latentSize) latents for images of "
                        + "\(architecture.image): change its file for another")
            }
            return architecture
        }
    }

    /// The settings for a network of the recipe.
    public func settings(for architecture: Architecture) -> TrainingSettings {
        LatticeEncoder(architecture) == nil ? settingsOfLearnedEncoder ?? settings : settings
    }

    public static let all = [standard, learnedEncoder, kerasExample, pytorchExample, smallConvolutional, reference]

    public static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }
}

/// What a recipe's network is made for.
public struct NetworkRequest: Hashable, Sendable {
    public var channels: Int
    public var height: Int
    public var width: Int
    public var latentSize: Int
    public var likelihood: Likelihood

    public init(
        channels: Int = 1, height: Int = 28, width: Int = 28, latentSize: Int = 2, likelihood: Likelihood = .bernoulli
    ) {
        self.channels = channels
        self.height = height
        self.width = width
        self.latentSize = latentSize
        self.likelihood = likelihood
    }

    /// `[channels, height, width]`.
    ///
    /// - Throws: ``ArchitectureError`` for what is no image's.
    func image() throws(ArchitectureError) -> Shape { try Shape([channels, height, width]) }

    /// Height and width divided by a factor.
    ///
    /// - Throws: ``ArchitectureError`` where that leaves a rest.
    func reduced(by factor: Int) throws(ArchitectureError) -> (height: Int, width: Int) {
        guard height >= factor, width >= factor, height.isMultiple(of: factor), width.isMultiple(of: factor) else {
            throw .invalid(
                "the recipe's network halves and doubles images: they must be a multiple of \(factor) pixels high and "
                    + "wide, and are \(height)×\(width)")
        }
        return (height / factor, width / factor)
    }
}
