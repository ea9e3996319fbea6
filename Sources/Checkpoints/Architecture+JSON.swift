import JSON
import Neural
import VAE

extension Architecture {
    /// The newest version of the JSON; older ones are read too.
    static let formatVersion = 2

    /// The layers that version 1 has.
    private static let firstVersionTypes: Set<String> = [
        "Linear", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "Upsample", "BatchNorm2d", "BatchNorm1d",
        "ReLU", "LeakyReLU", "SiLU", "Tanh", "Sigmoid", "Softplus", "Softmax", "Flatten", "Unflatten",
    ]

    private var encoderPart: Part? { encoder.map { Part($0, roles: encoderRoles) } }
    private var decoderPart: Part { Part(decoder, roles: decoderRoles) }

    /// Whether version 1 of the JSON can say it: two chains of its layers, log-variances, a vector of latents, pixels in
    /// 0…1.
    private var fitsFirstVersion: Bool {
        guard let encoderPart, likelihood != nil, latent.extents.count == 1, pixelRange == .unit,
            secondHead == .logVariance, NetworkJSON.isPlain(encoderPart, "encoder"),
            NetworkJSON.isPlain(decoderPart, "decoder")
        else { return false }
        return [encoderPart.network, decoder].allSatisfy { network in
            network.nodes.allSatisfy { node in
                Architecture.firstVersionTypes.contains(node.operation.kind(of: network.inputShapes(of: node)))
            }
        }
    }

    /// The architecture as the checkpoint's metadata carries it: `{"version": 1, "input": [1, 28, 28], "latent": 2,
    /// "likelihood": "bernoulli", "encoder": [{"type": "Conv2d", …}, …], "decoder": […]}`, or version 2 where that says more.
    ///
    /// A Gaussian likelihood of another variance than 1 has that beside it: `"variance": 0.1`, or `"learned"`.
    public var json: JSONValue {
        fitsFirstVersion ? firstVersion : secondVersion
    }

    private var firstVersion: JSONValue {
        var object: JSONObject = [
            "version": .integer(1), "input": .array(image.extents.map(JSONValue.integer)),
            "latent": .integer(latentSize),
        ]
        insertLikelihood(into: &object)
        insertParts(into: &object)
        return .object(object)
    }

    private var secondVersion: JSONValue {
        var object: JSONObject = [
            "version": .integer(2), "image": .array(image.extents.map(JSONValue.integer)),
            "latent": latent.extents.count == 1
                ? .integer(latentSize) : .array(latent.extents.map(JSONValue.integer)),
        ]
        switch pixelRange {
        case .unit: break
        case .bounded(let low, let high): object.append(.array([.float(low), .float(high)]), named: "pixel_range")
        case .free: object.append(.string("free"), named: "pixel_range")
        case .logits: object.append(.string("logits"), named: "pixel_range")
        }
        insertLikelihood(into: &object)
        if encoder != nil, secondHead != .logVariance {
            object.append(.string(secondHead.rawValue), named: "second_head")
        }
        insertParts(into: &object)
        return .object(object)
    }

    private func insertLikelihood(into object: inout JSONObject) {
        guard let likelihood else { return }
        object.append(.string(likelihood.name), named: "likelihood")
        switch likelihood {
        case .bernoulli, .gaussian(.fixed(1)): break
        case .gaussian(.fixed(let variance)): object.append(.float(variance), named: "variance")
        case .gaussian(.learned): object.append(.string("learned"), named: "variance")
        }
    }

    private func insertParts(into object: inout JSONObject) {
        if let encoderPart { object.append(NetworkJSON.json(encoderPart, name: "encoder"), named: "encoder") }
        object.append(NetworkJSON.json(decoderPart, name: "decoder"), named: "decoder")
    }

    /// Reads an architecture.
    ///
    /// - Throws: ``ArchitectureProblem`` naming the key and the layer that is wrong.
    public init(json: JSONValue) throws(ArchitectureProblem) {
        guard let object = json.object else { throw .notObject(json.kind) }
        var fields = FieldReader(object, what: "the architecture")
        // First, since a later version may have other keys.
        let version = try fields.integer("version")
        guard version <= Architecture.formatVersion else { throw .newerVersion(version) }
        switch version {
        case 1: try self.init(firstVersion: &fields)
        case 2: try self.init(secondVersion: &fields)
        default: throw .unsupported(key: "version", value: "\(version)", what: "the architecture", supported: "1 or 2")
        }
    }

    private init(firstVersion fields: inout FieldReader) throws(ArchitectureProblem) {
        let input = try fields.integers("input")
        let latentSize = try fields.integer("latent")
        let likelihood = try Architecture.likelihood(try fields.required("likelihood"), &fields)
        let (image, latent) = (try Shape.read(input), try Shape.read([latentSize]))
        guard image.image != nil else {
            throw .inconsistent(.invalid("the input must be channels × height × width, but is \(image)"))
        }
        let encoder = try NetworkJSON.part(
            try Architecture.list("encoder", &fields), name: "encoder",
            entrance: .init(role: .image, name: "image", shape: image))
        let decoder = try NetworkJSON.part(
            try Architecture.list("decoder", &fields), name: "decoder",
            entrance: .init(role: .latent, name: "z", shape: latent))
        try fields.finish()
        try Architecture.check(decoder, makes: image)
        do {
            try self.init(encoder: encoder, decoder: decoder, likelihood: likelihood)
        } catch {
            throw .inconsistent(error)
        }
    }

    private static func list(_ key: String, _ fields: inout FieldReader) throws(ArchitectureProblem) -> JSONValue {
        let value = try fields.required(key)
        guard value.array != nil else { throw fields.wrong(key, "a list of layers") }
        return value
    }

    private init(secondVersion fields: inout FieldReader) throws(ArchitectureProblem) {
        let image = try Shape.read(try fields.integers("image"))
        let latent: Shape
        if fields.optional("latent")?.array != nil {
            latent = try Shape.read(try fields.integers("latent"))
        } else {
            latent = try Shape.read([try fields.integer("latent")])
        }
        let pixelRange = try Architecture.pixelRange(&fields)
        let likelihood = try fields.optional("likelihood").map { value throws(ArchitectureProblem) in
            try Architecture.likelihood(value, &fields)
        }
        let given = fields.optional("second_head")
        let word = given ?? .string(SecondHead.logVariance.rawValue)
        guard let head = word.string.flatMap(SecondHead.init) else {
            throw fields.wrong("second_head", SecondHead.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let encoder = try fields.optional("encoder").map { value throws(ArchitectureProblem) in
            try NetworkJSON.part(value, name: "encoder", entrance: .init(role: .image, name: "image", shape: image))
        }
        let decoder = try NetworkJSON.part(
            try fields.required("decoder"), name: "decoder",
            entrance: .init(role: .latent, name: "z", shape: latent))
        try fields.finish()
        if encoder == nil, given != nil {
            throw .inconsistent(.invalid("second_head says something of an encoder, and there is none"))
        }
        try Architecture.check(decoder, makes: image)
        guard [1, 3, 4].contains(image.extents[0]), max(image.extents[1], image.extents[2]) <= 512 else {
            throw .inconsistent(
                .invalid("an image has 1, 3 or 4 channels and at most 512 pixels a side, but is \(image)"))
        }
        do {
            try self.init(
                encoder: encoder, secondHead: head, decoder: decoder, pixelRange: pixelRange, likelihood: likelihood)
        } catch {
            throw .inconsistent(error)
        }
    }

    private static func check(_ decoder: Part, makes image: Shape) throws(ArchitectureProblem) {
        guard decoder.network.outputs.count == 1 else {
            throw .inconsistent(
                .invalid("the decoder has \(decoder.network.outputs.count) outputs, and one image is wanted"))
        }
        guard decoder.network.outputShapes == [image] else {
            throw .inconsistent(.wrongOutput("decoder", found: decoder.network.outputShapes[0], expected: image))
        }
        guard image.image != nil else {
            throw .inconsistent(.invalid("an image must be channels × height × width, but is \(image)"))
        }
    }

    private static func pixelRange(_ fields: inout FieldReader) throws(ArchitectureProblem) -> PixelRange {
        guard let value = fields.optional("pixel_range") else { return .unit }
        if let list = value.array?.compactMap(\.number), list.count == 2, value.array?.count == 2 {
            return .bounded(Float(list[0]), Float(list[1]))
        }
        switch value.string {
        case "free": return .free
        case "logits": return .logits
        default: throw fields.wrong("pixel_range", "a list of two numbers, \"free\" or \"logits\"")
        }
    }

    private static func likelihood(
        _ value: JSONValue, _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> Likelihood {
        guard let name = value.string else { throw fields.wrong("likelihood", "a string") }
        switch name {
        case "bernoulli": return .bernoulli
        case "gaussian":
            guard let variance = fields.optional("variance") else { return .gaussian() }
            if variance.string == "learned" { return .gaussian(.learned) }
            guard let number = variance.number.map({ Float($0) }), number > 0, number.isNormal else {
                throw fields.wrong("variance", "a number above 0, or \"learned\"")
            }
            return .gaussian(.fixed(number))
        default: throw .unknownLikelihood(name)
        }
    }
}
