import Importing
import JSON
import Neural
import VAE

/// A decoder or an encoder out of a Keras file, before both become a model.
public struct KerasHalf: Sendable {
    public let part: Architecture.Part
    public let tensors: [String: Tensor]
    /// What the file is.
    public let format: String
    public internal(set) var findings: [Finding] = []
    public internal(set) var remarks: [String] = []
    /// What the decoder's pixels lie in.
    public internal(set) var pixelRange = PixelRange.free
    /// What the encoder's second head is.
    public internal(set) var secondHead = SecondHead.none
    /// The options that its reader takes into account.
    public internal(set) var usedOptions: Set<ImportOptions.Name> = []
}

extension KerasPlanner {
    /// Builds the decoder.
    func decoderHalf(_ plan: KerasDecoderPlan) throws(ImportProblem) -> KerasHalf {
        let isFirst = isChannelsFirst(plan.graph)
        var builder = builder(plan.graph)
        let latent = try builder.addInput("z", for: plan.latent, plan.latentShape, isChannelsFirst: isFirst)
        guard plan.latentShape.count != 2 else {
            throw ImportProblem(
                .unsupported, "the decoder takes \(plan.latentShape), which is neither a vector nor a map")
        }
        let (inputs, roles, found) = try otherInputs(plan.others, plan.graph, &builder)
        let made = try builder.value(plan.image)
        for sampling in builder.samplings {
            // What two values of a decoder become is not known where its class is an author's own.
            guard sampling.isToldTwice(plan.graph) else { throw KerasLayers.unknown(sampling.layer) }
            builder.findings.append(Finding("\(sampling.layer.title)", "draws a sample; the mean is taken", .guessed))
        }
        let layer = plan.graph.layer(of: plan.image)
        let image = try KerasImage.value(of: made, isChannelsFirst: isFirst, options, layer, &builder)
        let cut = try builder.assembly.network(
            from: [latent.engine] + inputs, to: [image.engine], inputNames: ["z"] + inputs.map(builder.assembly.name),
            outputNames: ["image"], prefix: "decoder.")
        var half = KerasHalf(
            part: Architecture.Part(cut.network, roles: [.latent] + roles), tensors: cut.tensors, format: source.format)
        let read = KerasImage.range(of: image.engine, builder.assembly)
        half.pixelRange = options.pixelRange ?? (read == .free && source.losesFromLogits ? .logits : read)
        half.findings = [
            Finding(
                "the latents", "\(plan.latentShape) at \(plan.graph.layer(of: plan.latent).name.shortened)",
                plan.isGuessed ? .guessed : plan.isBottleneck ? .inferred : .known)
        ]
        half.findings += source.findings + found + builder.findings + plan.findings
        half.findings.append(
            Finding("the image", "\(cut.network.outputShapes[0])", image.isInferred ? .inferred : .known))
        half.findings.append(Finding("the pixels", "\(half.pixelRange)", .known))
        half.usedOptions = source.usedOptions(ofVector: made.shape.count == 1)
        half.remarks = builder.remarks
        return half
    }

    /// Adds the inputs that are labels or conditions.
    private func otherInputs(
        _ values: [KerasGraph.Value], _ graph: KerasGraph, _ builder: inout KerasBuilder
    ) throws(ImportProblem) -> (inputs: [GraphAssembly.Value], roles: [InputRole], findings: [Finding]) {
        var inputs: [GraphAssembly.Value] = []
        var roles: [InputRole] = []
        var findings: [Finding] = []
        for value in values {
            let layer = graph.layer(of: value)
            guard let shape = shape(layer) else {
                throw ImportProblem(.unsupported, "the input \(layer.name.shortened) may have any size")
            }
            let (role, certainty) = try KerasLabels.role(
                of: value, shape, in: graph, labelName: options.labelName)
            let name = role == .condition ? layer.name.shortened : "label"
            inputs.append(try builder.addInput(name, for: value, shape, isChannelsFirst: false).engine)
            roles.append(role)
            findings.append(Finding("the input \(layer.name.shortened)", "\(role)", certainty))
        }
        return (inputs, roles, findings)
    }

    /// Builds the encoder.
    ///
    /// - Parameters:
    ///   - image: what the decoder makes.
    ///   - latents: what it takes.
    func encoderHalf(_ plan: KerasEncoderPlan, image: Shape, latents: Shape) throws(ImportProblem) -> KerasHalf {
        var builder = builder(plan.graph)
        let input = try imageInput(plan, image, &builder)
        let (inputs, roles, found) = try otherInputs(plan.others, plan.graph, &builder)
        let heads = try [plan.mean, plan.second].compactMap(\.self).map { value throws(ImportProblem) in
            let head = try builder.value(value)
            return head.order == .image ? head : try builder.plain(head)
        }
        for head in heads {
            let count = builder.assembly.shape(of: head.engine).count
            guard count == latents.count || heads.count == 1 && count == 2 * latents.count else {
                throw ImportProblem(.badFile, "it gives \(count) numbers, where the decoder takes \(latents.count)")
            }
        }
        let cut = try builder.assembly.network(
            from: [input] + inputs, to: heads.map(\.engine),
            inputNames: ["image"] + inputs.map(builder.assembly.name),
            outputNames: heads.count == 2 ? ["mean", "second"] : ["posterior"], prefix: "encoder.")
        var half = KerasHalf(
            part: Architecture.Part(cut.network, roles: [.image] + roles), tensors: cut.tensors, format: source.format)
        half.findings = found + builder.findings
        half.usedOptions = source.usedOptions(ofVector: shape(plan.graph.layer(of: plan.image))?.count == 1)
        half.remarks = builder.remarks
        let isPlain = heads.count == 1 && builder.assembly.shape(of: heads[0].engine).count == latents.count
        if isPlain {
            half.secondHead = .none
        } else if let given = options.secondHead {
            half.secondHead = given
        } else {
            let (head, certainty) = KerasHeads.kind(of: plan.second.map { plan.graph.layer(of: $0) })
            half.secondHead = head
            half.findings.append(Finding("the second head", head.rawValue, certainty, of: .encoder))
        }
        half.findings.append(
            Finding(
                "the mean", plan.graph.layer(of: plan.mean).name.shortened, plan.isGuessed ? .guessed : .inferred,
                of: .encoder))
        return half
    }

    /// The image as the encoder takes it: perhaps as a vector, or without an axis for the channel.
    private func imageInput(
        _ plan: KerasEncoderPlan, _ image: Shape, _ builder: inout KerasBuilder
    ) throws(ImportProblem) -> GraphAssembly.Value {
        let (channels, height, width) = (image.extents[0], image.extents[1], image.extents[2])
        let isFirst = isChannelsFirst(plan.graph)
        let layer = plan.graph.layer(of: plan.image)
        let whole = isFirst ? image.extents : [height, width, channels]
        let shape = self.shape(layer) ?? whole
        let input = builder.assembly.input("image", image)
        switch shape {
        case whole: builder.set(plan.image, to: KerasValue(input, shape, isFirst ? .plain : .image))
        case image.extents: builder.set(plan.image, to: KerasValue(input, shape))
        case [height, width] where channels == 1:
            let rows = try builder.assembly.add("reshape", ["shape": .integers(shape)], [input], name: "rows")
            builder.set(plan.image, to: KerasValue(rows, shape))
        case [image.count]:
            let vector = try builder.assembly.add("Flatten", ["start_dim": .integer(1)], [input], name: "pixels")
            let isLast = channels > 1 && options.layout != .channelsFirst
            builder.set(
                plan.image,
                to: KerasValue(
                    vector, shape, isLast ? .flat(height: height, width: width, channels: channels) : .plain))
        default:
            throw ImportProblem(.badFile, "it takes \(shape), where the decoder makes \(image)")
        }
        return input
    }
}

/// What a second head says, by its name and the function that it ends with.
enum KerasHeads {
    static func kind(of layer: KerasLayer?) -> (SecondHead, Certainty) {
        guard let layer else { return (.logVariance, .guessed) }
        let name = layer.name.lowercased()
        let isWidth = ["sigma", "std", "dev", "scale"].contains { name.contains($0) }
        if name.contains("log"), isWidth, !name.contains("var") { return (.logSigma, .inferred) }
        if name.contains("log") || name.contains("lvar") { return (.logVariance, .inferred) }
        let function = layer.config["activation"]?.string ?? "linear"
        if ["softplus", "exponential", "exp"].contains(function) { return (.sigma, isWidth ? .inferred : .guessed) }
        // Without a function the head may be negative, and so is a logarithm.
        return (.logVariance, isWidth || name.contains("var") ? .guessed : .inferred)
    }
}
