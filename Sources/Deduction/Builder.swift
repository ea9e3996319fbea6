import Importing
import Neural
import VAE

/// Puts a model together under one hypothesis.
struct Builder {
    let blueprint: Blueprint
    let options: ImportOptions
    let hypothesis: Hypothesis

    func model() throws(ImportProblem) -> Model {
        let decoder = try decoderPart()
        var encoder: (part: Architecture.Part, tensors: [String: Tensor])?
        if blueprint.encoder != nil, hypothesis.sizes.encoder != nil { encoder = try encoderPart() }
        do {
            let architecture = try Architecture(
                encoder: encoder?.part, secondHead: encoder == nil ? .logVariance : hypothesis.secondHead,
                decoder: decoder.part, pixelRange: hypothesis.pixelRange, likelihood: nil)
            return try Model(
                architecture: architecture,
                tensors: decoder.tensors.merging(encoder?.tensors ?? [:]) { first, _ in first })
        } catch {
            throw ImportProblem(.unsupported, "\(error)")
        }
    }

    // MARK: Decoder

    private func decoderPart() throws(ImportProblem) -> (part: Architecture.Part, tensors: [String: Tensor]) {
        var half = HalfAssembly(.decoder, hypothesis, options)
        let z = try half.latents(blueprint.latent)
        try half.label(
            blueprint.label, blueprint.decoderLabel, isRead: blueprint.decoder.contains { ($0.step?.labels ?? 0) > 0 })
        try half.begin(z, blueprint.latent)
        for (index, element) in blueprint.decoder.enumerated() {
            let next = index + 1 < blueprint.decoder.count ? blueprint.decoder[index + 1] : nil
            try half.add(
                element, hypothesis.sizes.decoder[index], next: next?.first, isLast: next == nil,
                yields: next != nil && hypothesis.sizes.decoder[index + 1].yields)
        }
        try half.makePicture()
        return try half.part(firstRole: .latent, outputs: [half.value], outputNames: ["image"], prefix: "decoder.")
    }

    // MARK: Encoder

    private func encoderPart() throws(ImportProblem) -> (part: Architecture.Part, tensors: [String: Tensor]) {
        guard let elements = blueprint.encoder, let choices = hypothesis.sizes.encoder else {
            throw ImportProblem(.unsupported, "there is no encoder")
        }
        var half = HalfAssembly(.encoder, hypothesis, options)
        let image = half.pictureShape(hypothesis.sizes.image)
        let x = try half.input("image", image)
        let reads = elements.contains { ($0.step?.labels ?? 0) > 0 } || blueprint.headSteps.contains { $0.labels > 0 }
        try half.label(blueprint.label, blueprint.encoderLabel, isRead: reads)
        half.value = x
        if (elements.first?.first ?? blueprint.headSteps.first)?.role == .linear { try half.flatten() }
        for (index, element) in elements.enumerated() {
            let next = index + 1 < elements.count ? elements[index + 1].first : blueprint.headSteps.first
            try half.add(
                element, choices[index], next: next, isLast: blueprint.headSteps.isEmpty && index == elements.count - 1)
        }
        var outputs: [GraphAssembly.Value] = []
        let trunk = half.value
        for step in blueprint.headSteps {
            half.value = trunk
            try half.addHead(step)
            outputs.append(half.value)
        }
        if outputs.isEmpty { outputs = [half.value] }
        if let heads = blueprint.heads, heads.areInterleaved {
            outputs = try outputs.map { value throws(ImportProblem) in try half.separated(value, heads.latents) }
        }
        if hypothesis.swapsHeads { outputs = try half.swapped(outputs) }
        return try half.part(
            firstRole: .image, outputs: outputs, outputNames: outputs.count == 2 ? ["mean", "second"] : ["posterior"],
            prefix: "encoder.")
    }
}
