import Importing
import Neural
import VAE

/// Says of each answer what it is and how sure it is.
struct FindingsReport {
    let deduction: Deduction
    let hypothesis: Hypothesis
    let model: Model
    /// How well the answers did that were tried; nil where none were.
    let trial: Certainty?

    func findings() -> [Finding] {
        general + between(trial)
            + layers(deduction.blueprint.decoder, hypothesis.sizes.decoder, .decoder, sizeCertainty)
            + (deduction.blueprint.encoder.flatMap { elements in
                hypothesis.sizes.encoder.map { layers(elements, $0, .encoder, sizeCertainty) }
            } ?? [])
    }

    private var general: [Finding] {
        let evidence = deduction.evidence
        let architecture = model.architecture
        let usual = evidence.first(hypothesis.sizes)
        var found = [
            Finding("latents", "\(architecture.latent)", latentCertainty),
            Finding(
                "picture", "\(architecture.image)", deduction.options.imageShape != nil ? .known : sizeCertainty),
            Finding(
                "activation", hypothesis.activation.map { $0.summary(of: []) } ?? "none",
                tried(evidence.activationCertainty, isUsual: hypothesis.activation == usual.activation)),
            Finding(
                "output activation", hypothesis.output.map { $0.summary(of: []) } ?? "none beyond the file's layers",
                tried(evidence.outputCertainty, isUsual: hypothesis.output == usual.output)),
        ]
        if architecture.encoder != nil {
            found.append(Finding("the mean", headText, headCertainty, of: .encoder))
            if hypothesis.secondHead != .none {
                found.append(
                    Finding(
                        "the second head", hypothesis.secondHead.rawValue,
                        deduction.options.secondHead != nil ? .known : evidence.layout != nil ? .inferred : .guessed,
                        of: .encoder))
            }
        }
        if let label = deduction.blueprint.label {
            found.append(
                Finding(
                    "label", "\(label.classes) classes, \(hypothesis.isLabelFirst ? "before" : "after") the point",
                    tried(.guessed)))
        }
        return found
    }

    private var headText: String {
        switch deduction.blueprint.heads {
        case .two(let mean, let second, _)?: (hypothesis.swapsHeads ? second : mean).path
        case .joint(let layer, _)? where deduction.blueprint.heads?.areInterleaved == true:
            "every \(hypothesis.swapsHeads ? "second" : "first") of two outputs of \(layer.path)"
        case .joint(let layer, _)?: "the \(hypothesis.swapsHeads ? "second" : "first") half of \(layer.path)"
        default: "the encoder's output"
        }
    }

    private var headCertainty: Certainty {
        if deduction.options.swapsHeads { return .known }
        if case .two(_, _, let areNamed)? = deduction.blueprint.heads, !areNamed, deduction.evidence.layout == nil {
            return tried(.guessed)
        }
        return .inferred
    }

    /// - Parameter isUsual: whether the answer is what a known layout has; a trial may have found another.
    private func tried(_ otherwise: Certainty, isUsual: Bool = true) -> Certainty {
        otherwise == .guessed || otherwise == .inferred && !isUsual ? trial ?? .guessed : otherwise
    }

    private var latentCertainty: Certainty {
        if case .map = deduction.blueprint.latent {
            if deduction.options.latentShape != nil { return .known }
            return deduction.blueprint.heads == nil ? .guessed : sizeCertainty
        }
        return .inferred
    }

    /// Sizes are inferred where the next best answer is far less plausible.
    private var sizeCertainty: Certainty {
        let convolves = deduction.blueprint.decoder.contains(where: \.isConvolution)
        if deduction.options.strides != nil, deduction.options.paddings != nil { return .known }
        guard convolves else { return .inferred }
        if deduction.blueprint.decoder.contains(where: { $0.step?.isRoleOpen == true }) { return trial ?? .guessed }
        let others = deduction.sizes.filter { $0.decoder != hypothesis.sizes.decoder }
        guard let next = others.first else { return .inferred }
        if let trial { return trial }
        return next.cost - hypothesis.sizes.cost > 0.5 ? .inferred : .guessed
    }

    private func layers(_ elements: [Element], _ choices: [Choice], _ half: Finding.Half, _ certainty: Certainty)
        -> [Finding]
    {
        zip(elements, choices).compactMap { element, choice in
            switch element {
            case .step(let step):
                guard step.role != .linear else { return nil }
                let isKnown = step.layer.record?.settings.isEmpty == false
                return Finding(
                    step.layer.path,
                    "\(step.role == .transposed && !choice.isOther ? "transposed convolution" : "convolution"), \(choice)",
                    isKnown ? .known : certainty, of: half)
            case .residual(let block):
                return Finding(block.path, "residual block of \(block.body.count) convolutions", .inferred, of: half)
            }
        }
    }
}
