import Neural

/// The networks of a variational autoencoder, checked: a decoder that makes an image of a point, and perhaps an encoder that
/// makes a posterior of an image; what their inputs and outputs mean; what the pixels are distributed as, if that is known.
public struct Architecture: Hashable, Sendable {
    /// The shape of an image: `[channels, height, width]`.
    public let image: Shape
    /// The shape of a point: `[d]`, or a map `[channels, height, width]`.
    public let latent: Shape
    /// Nil where it is unknown.
    public let likelihood: Likelihood?
    /// The range of the decoder's output, of the images that the encoder takes and of those that the likelihood is of; of
    /// logits the latter two are in 0…1.
    public let pixelRange: PixelRange
    public let encoder: Network?
    /// What the encoder's inputs mean; the first is the image.
    public let encoderRoles: [InputRole]
    public let secondHead: SecondHead
    public let decoder: Network
    /// What the decoder's inputs mean; the first is the point.
    public let decoderRoles: [InputRole]

    /// The number of latents, d.
    public var latentSize: Int { latent.count }

    public static let mostLatents = 4096

    /// A network and what its inputs mean.
    public struct Part: Hashable, Sendable {
        public let network: Network
        public let roles: [InputRole]

        public init(_ network: Network, roles: [InputRole]) {
            self.network = network
            self.roles = roles
        }
    }

    /// - Parameters:
    ///   - encoder: gives the posterior's means, then what `secondHead` says, each as long as a point: as one output or as
    ///     two.
    ///   - decoder: gives an image.
    /// - Throws: ``ArchitectureError`` naming the end that doesn't fit.
    public init(
        encoder: Part?, secondHead: SecondHead = .logVariance, decoder: Part, pixelRange: PixelRange = .unit,
        likelihood: Likelihood?
    ) throws(ArchitectureError) {
        try Architecture.checkRoles(decoder, first: .latent, "decoder")
        latent = decoder.network.inputs[0]
        guard [1, 3].contains(latent.extents.count) else {
            throw .invalid("a latent is a vector or a map of channels × height × width, but is \(latent)")
        }
        try Architecture.checkLatentSize(latent.count)
        image = decoder.network.outputShapes[0]
        guard decoder.network.outputs.count == 1, image.image != nil else {
            throw .invalid("the decoder must end in one image, channels × height × width, but ends in \(image)")
        }
        if case .bounded(let low, let high) = pixelRange, !(low < high && (high - low).isFinite) {
            throw .invalid("a pixel range needs a lower end below its upper one")
        }
        if let encoder {
            try Architecture.checkRoles(encoder, first: .image, "encoder")
            try Architecture.checkEncoder(encoder.network, takes: image, latents: latent.count, secondHead)
            try Architecture.checkLabels(encoder.roles, decoder.roles)
        }
        try Architecture.checkConditions([encoder, decoder].compactMap(\.self))
        for part in [encoder, decoder].compactMap(\.self) {
            try Architecture.checkTables(part)
            try Architecture.checkRoom(part.network)
        }
        self.encoder = encoder?.network
        encoderRoles = encoder?.roles ?? []
        self.secondHead = secondHead
        self.decoder = decoder.network
        decoderRoles = decoder.roles
        self.pixelRange = pixelRange
        self.likelihood = likelihood
        if let likelihood { try check(likelihood) }
    }

    /// Two chains of layers, as `torch.nn.Sequential` has them: the encoder ends in 2·d numbers, the means and then the
    /// log-variances.
    ///
    /// - Parameter input: the shape of an image.
    /// - Throws: ``ArchitectureError`` naming the layer, or the end, that doesn't fit.
    public init(
        input: Shape, latentSize: Int, likelihood: Likelihood?, encoder: [Operation], decoder: [Operation]
    ) throws(ArchitectureError) {
        guard input.image != nil else {
            throw .invalid("the input must be channels × height × width, but is \(input)")
        }
        try Architecture.checkLatentSize(latentSize)
        let encoder = try Network(
            sequential: encoder, input: input, name: "encoder", inputName: "image", outputName: "posterior")
        let decoder = try Network(
            sequential: decoder, input: try Shape([latentSize]), name: "decoder", inputName: "z", outputName: "image")
        guard decoder.outputShapes == [input] else {
            throw .wrongOutput("decoder", found: decoder.outputShapes[0], expected: input)
        }
        try self.init(
            encoder: Part(encoder, roles: [.image]), decoder: Part(decoder, roles: [.latent]), likelihood: likelihood)
    }

    /// All tensors of the model: the encoder's, the decoder's, and the likelihood's, where it has one.
    public var parameters: [ParameterDeclaration] {
        (encoder?.parameters ?? []) + decoder.parameters + (likelihood?.parameters ?? [])
    }

    /// The number of learned numbers.
    public var parameterCount: Int {
        parameters.learned.elementCount
    }

    /// What the model computes, node by node: the encoder's nodes, then the decoder's.
    public var nodes: [Network.Node] { (encoder?.nodes ?? []) + decoder.nodes }

    /// The number of classes of a conditional model; nil for one that has none.
    public var classCount: Int? {
        (decoderRoles + encoderRoles).lazy.compactMap(\.classCount).first
    }

    /// Whether the encoder is told an image's class.
    public var encoderTakesClass: Bool { encoderRoles.contains { $0.classCount != nil } }

    /// Whether there is something between two classes: a class's number, as a table of embeddings takes it, has nothing.
    public var blendsClasses: Bool {
        (decoderRoles + encoderRoles).allSatisfy { if case .label(_, .index) = $0 { false } else { true } }
    }

    /// The numbers of a condition that is a vector; nil where there is none.
    public var conditionCount: Int? {
        (zip(decoderRoles, decoder.inputs).first { $0.0 == .condition }
            ?? zip(encoderRoles, encoder?.inputs ?? []).first { $0.0 == .condition })?.1.count
    }

    /// The same networks with another likelihood.
    ///
    /// - Throws: ``ArchitectureError`` for one that the decoder's end does not fit.
    public func assuming(_ likelihood: Likelihood?) throws(ArchitectureError) -> Architecture {
        try Architecture(
            encoder: encoder.map { Part($0, roles: encoderRoles) }, secondHead: secondHead,
            decoder: Part(decoder, roles: decoderRoles), pixelRange: pixelRange, likelihood: likelihood)
    }
}

// MARK: Checks

extension Architecture {
    private static func checkLatentSize(_ size: Int) throws(ArchitectureError) {
        guard (1...mostLatents).contains(size) else {
            throw .invalid("the latent size must be 1 to \(mostLatents), but is \(size)")
        }
    }

    private static func checkRoles(
        _ part: Part, first: InputRole, _ name: String
    ) throws(ArchitectureError) {
        guard part.roles.count == part.network.inputs.count, part.roles.first == first,
            !part.roles.dropFirst().contains(where: { $0 == .latent || $0 == .image })
        else {
            throw .invalid(
                "the \(name)'s first input must be the \(first == .image ? "image" : "latent"), and only that")
        }
        for (role, (shape, input)) in zip(part.roles, zip(part.network.inputs, part.network.inputNames)) {
            let expected: Int? =
                switch role {
                case .label(let classes, .oneHot): classes
                case .label(_, .index): 1
                default: nil
                }
            if let classes = role.classCount, classes < 1 {
                throw .invalid("the label \(input) of the \(name) needs at least one class")
            }
            if let expected, shape.extents != [expected] {
                throw .invalid("the label \(input) of the \(name) must be \(expected), but is \(shape)")
            }
            if role == .condition, shape.extents.count != 1 {
                throw .invalid("the condition \(input) of the \(name) must be a vector, but is \(shape)")
            }
        }
    }

    private static func checkEncoder(
        _ network: Network, takes image: Shape, latents: Int, _ secondHead: SecondHead
    ) throws(ArchitectureError) {
        guard network.inputs[0] == image else {
            throw .invalid("the encoder takes images of \(network.inputs[0]), but the decoder makes \(image)")
        }
        let counts = network.outputShapes.map(\.count)
        switch (secondHead, counts.count) {
        case (.none, 1) where counts[0] == latents: return
        case (.none, 2): throw .invalid("an encoder with two outputs has a second head, and second_head says none")
        case (_, 2) where counts == [latents, latents]: return
        case (.none, _): throw .wrongOutput("encoder", found: network.outputShapes[0], expected: try Shape([latents]))
        case (_, 1) where counts[0] == 2 * latents: return
        default: throw .wrongOutput("encoder", found: network.outputShapes[0], expected: try Shape([2 * latents]))
        }
    }

    /// One condition a part, and the same numbers for both.
    private static func checkConditions(_ parts: [Part]) throws(ArchitectureError) {
        let counts = parts.map { part in
            zip(part.roles, part.network.inputs).filter { $0.0 == .condition }.map(\.1.count)
        }
        guard counts.allSatisfy({ $0.count <= 1 }), Set(counts.flatMap(\.self)).count <= 1 else {
            throw .invalid("a model has one condition, of the same size for encoder and decoder")
        }
    }

    /// Numbers that all values of a network may have together for one sample: 4 GiB.
    private static let room = 1 << 30

    private static func checkRoom(_ network: Network) throws(ArchitectureError) {
        guard network.valueCount <= room else {
            throw .invalid(
                "the values of one sample are \(network.valueCount) numbers, more than \(room) that are supported")
        }
    }

    private static func checkLabels(_ left: [InputRole], _ right: [InputRole]) throws(ArchitectureError) {
        let counts = Set((left + right).compactMap(\.classCount))
        guard counts.count <= 1 else { throw .invalid("encoder and decoder have different numbers of classes") }
    }

    private func check(_ likelihood: Likelihood) throws(ArchitectureError) {
        if likelihood == .bernoulli, pixelRange != .logits, !(pixelRange == .unit && finalSigmoid != nil) {
            throw .invalid("a decoder with a Bernoulli likelihood must end in a Sigmoid")
        }
        if case .gaussian(.fixed(let variance)) = likelihood, !(variance > 0 && variance.isNormal) {
            throw .invalid("the variance of a Gaussian likelihood must be above 0, but is \(variance)")
        }
        if case .gaussian = likelihood, pixelRange == .logits {
            throw .invalid("a Gaussian likelihood needs a decoder that gives pixels, not logits")
        }
    }
}

// MARK: What nats are computed from

extension Architecture {
    /// The node of the decoder's sigmoid, if what comes after it only moves values: changes of shape, transposes, cuts.
    private var finalSigmoid: Int? {
        var value = decoder.outputs[0]
        while value >= decoder.inputs.count {
            let node = decoder.nodes[value - decoder.inputs.count]
            if node.operation == .activation(.sigmoid) { return value - decoder.inputs.count }
            guard node.operation.onlyMovesValues else { return nil }
            value = node.inputs[0]
        }
        return nil
    }

    /// The decoder up to what the reconstruction term is computed from: logits for a Bernoulli likelihood, whose
    /// logarithms of a sigmoid would lose their digits, else the decoder itself.
    public var objectiveDecoder: Network {
        guard likelihood == .bernoulli, pixelRange != .logits, let sigmoid = finalSigmoid else { return decoder }
        return decoder.removing(sigmoid)
    }

    /// Why the trainer cannot train it, in a clause; nil where it can.
    public var trainingProblem: String? {
        guard let encoder else { return "it has no encoder" }
        guard likelihood != nil else { return "it does not say what the pixels are distributed as: likelihood" }
        guard encoderRoles == [.image], decoderRoles == [.latent] else {
            return "networks with a label, a condition or noise are not trained here"
        }
        guard encoder.outputs.count == 1, secondHead == .logVariance else {
            return "the encoder must end in one vector, the means and then the log-variances"
        }
        guard pixelRange == .unit else { return "the decoder's pixels must be in 0…1" }
        for node in nodes {
            if let problem = node.operation.trainingProblem { return "\(node.name): \(problem)" }
        }
        return nil
    }

    public var isTrainable: Bool { trainingProblem == nil }
}
