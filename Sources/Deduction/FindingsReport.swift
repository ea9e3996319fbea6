import Importing
import Neural
import VAE

/// Says of each answer what it is and how sure it is.
struct FindingsReport {
    let deduction: Deduction
    let hypothesis: Hypothesis
    let model: Model
    /// How well the answers did that were tried; nil where none were.
    let trial: TrialVerdict?

    func findings() -> [Finding] {
        let sizes = SizeCertainty(deduction: deduction, hypothesis: hypothesis, trial: trial)
        return general(sizes) + between
            + layers(deduction.blueprint.decoder, hypothesis.sizes.decoder, .decoder, sizes.decoder)
            + (deduction.blueprint.encoder.flatMap { elements in
                hypothesis.sizes.encoder.map { layers(elements, $0, .encoder, sizes.encoder) }
            } ?? [])
    }

    private var picture: String {
        let factor = deduction.blueprint.lastShuffle
        return "\(model.architecture.image)" + (factor > 1 ? ", pixels shuffled ×\(factor) at the end" : "")
    }

    private func general(_ sizes: SizeCertainty) -> [Finding] {
        let architecture = model.architecture
        var found = [
            Finding("latents", "\(architecture.latent)", latentCertainty(sizes.decoder)),
            Finding("picture", picture, sizes.picture),
        ]
        if let layout = deduction.layout {
            found.append(Finding("layout", "\(layout.name)'s, known by its names", .inferred))
        }
        found += activations + [outputActivation] + pixelRange + groups
        if architecture.encoder != nil {
            found.append(Finding("the mean", headText, headCertainty, of: .encoder))
            if hypothesis.secondHead != .none {
                found.append(
                    Finding(
                        "the second head", hypothesis.secondHead.rawValue,
                        deduction.options.secondHead != nil
                            ? .known : deduction.evidence.layout != nil ? .inferred : .guessed,
                        of: .encoder))
            }
        }
        if let label = deduction.blueprint.label {
            found.append(
                Finding(
                    "label", "\(label.classes) classes, \(hypothesis.isLabelFirst ? "before" : "after") the point",
                    tried(.guessed, .label)))
        }
        return found
    }

    // MARK: Activations

    private var activations: [Finding] {
        let evidence = deduction.evidence
        let usual = evidence.first(hypothesis.sizes)
        let another = hypothesis.activation == Activations.relu ? Activations.tanh : Activations.relu
        let uses = halves { ($0.activation, $0.encoderActivation) = (another, another) }
        var found: [Finding] = []
        if !uses.isEmpty {
            // An encoder that has another one than a layout of that name speaks against the decoder's, too.
            let isUsual = [hypothesis.activation, hypothesis.encoderActivation].allSatisfy { $0 == usual.activation }
            let certainty = tried(evidence.activationCertainty, .activation, isUsual: isUsual)
            found.append(Finding("activation", text(hypothesis.activation), certainty, of: half(uses)))
            let own = tried(
                evidence.activationCertainty, .encoderActivation,
                isUsual: hypothesis.encoderActivation == usual.activation)
            if uses == [.decoder, .encoder],
                hypothesis.encoderActivation != hypothesis.activation || own == .guessed && certainty != .guessed
            {
                found.append(Finding("the encoder's activation", text(hypothesis.encoderActivation), own, of: .encoder))
            }
        }
        return found + places
    }

    /// Where activations stand or do not, which nothing in a file tells.
    private var places: [Finding] {
        var found: [Finding] = []
        // An activation that stands between the layers, as a file or an option says, stands before the heads too.
        if deduction.evidence.layout == nil, deduction.evidence.activationCertainty != .known {
            if halves({ $0.activatesHeads.toggle() }).contains(.encoder) {
                found.append(place("before the heads", hypothesis.activatesHeads, .encoderActivation, .encoder))
            }
            if halves({ $0.activatesLatents.toggle() }).contains(.encoder) {
                found.append(place("of the latents", hypothesis.activatesLatents, .encoderActivation, .encoder))
            }
        }
        return found
    }

    private func place(_ text: String, _ isThere: Bool, _ subject: TrialSubject, _ half: Finding.Half) -> Finding {
        Finding("activation \(text)", isThere ? "yes" : "no", tried(.guessed, subject), of: half)
    }

    private func text(_ operation: Neural.Operation?) -> String { operation?.summary(of: []) ?? "none" }

    private var outputActivation: Finding {
        let evidence = deduction.evidence
        return Finding(
            "output activation", hypothesis.output.map { $0.summary(of: []) } ?? "none beyond the file's layers",
            tried(
                evidence.outputCertainty, .output,
                isUsual: hypothesis.output == evidence.first(hypothesis.sizes).output))
    }

    private var pixelRange: [Finding] {
        guard deduction.evidence.isPixelRangeOpen(hypothesis), case .bounded(let low, let high) = hypothesis.pixelRange
        else {
            return []
        }
        let text = "\(Int(low))…\(Int(high))".replacing("-", with: "−")
        return [Finding("pixel range", text, tried(.guessed, .pixelRange))]
    }

    private var groups: [Finding] {
        guard deduction.blueprint.hasOpenGroups else { return [] }
        let uses = halves { $0.groups = $0.groups == 1 ? 2 : 1 }
        let numbers = [model.architecture.decoder, model.architecture.encoder].compactMap(\.self)
            .flatMap(\.nodes).compactMap { $0.operation.as(GroupNormalization.self)?.groups }
        guard !uses.isEmpty, !numbers.isEmpty else { return [] }
        return [
            Finding(
                "groups of normalizations", listed(Set(numbers).sorted().map(String.init)), tried(.guessed, .groups),
                of: half(uses))
        ]
    }

    /// Which halves another answer would change.
    private func halves(_ change: (inout Hypothesis) -> Void) -> Set<Finding.Half> {
        var other = hypothesis
        change(&other)
        let builder = Builder(blueprint: deduction.blueprint, options: deduction.options, hypothesis: other)
        guard let changed = try? builder.model().architecture else { return [] }
        let own = model.architecture
        return Set(
            (changed.decoder == own.decoder ? [] : [Finding.Half.decoder])
                + (changed.encoder == own.encoder ? [] : [.encoder]))
    }

    /// Nil for both, or where there is one alone.
    private func half(_ halves: Set<Finding.Half>) -> Finding.Half? {
        model.architecture.encoder != nil && halves.count == 1 ? halves.first : nil
    }

    // MARK: Heads

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
            return tried(.guessed, .heads)
        }
        return .inferred
    }

    /// How sure an answer is after a trial.
    ///
    /// - Parameters:
    ///   - otherwise: how sure it was before.
    ///   - isUsual: whether the answer is what a known layout has: it stays inferred unless the trial found that another one
    ///     does as well.
    func tried(_ otherwise: Certainty, _ subject: TrialSubject, isUsual: Bool = true) -> Certainty {
        let isOpen = otherwise == .guessed || otherwise == .inferred && !(isUsual && trial?.contests(subject) != true)
        return isOpen ? trial?.certainty(of: subject) ?? .guessed : otherwise
    }

    // MARK: Sizes

    private func latentCertainty(_ sizes: Certainty) -> Certainty {
        if case .map = deduction.blueprint.latent {
            if deduction.options.latentShape != nil { return .known }
            return deduction.blueprint.heads == nil ? .guessed : sizes
        }
        return .inferred
    }

    private func shuffles(_ element: Element) -> [String] {
        element.shuffle.map { ["pixels shuffled ×\($0) before"] } ?? []
    }

    private func layers(_ elements: [Element], _ choices: [Choice], _ half: Finding.Half, _ certainty: Certainty)
        -> [Finding]
    {
        zip(elements, choices).compactMap { element, choice in
            switch element {
            case .step(let step):
                guard step.role != .linear else { return nil }
                let isKnown = step.layer.record?.settings.isEmpty == false
                return .convolution(
                    step.layer.path, isTransposed: step.role == .transposed && !choice.isOther,
                    ([choice.description] + shuffles(element)).joined(separator: ", "),
                    isKnown ? deduction.layout == nil ? .known : .inferred : certainty, of: half)
            case .residual(let block):
                let changes = (choice.stride > 1 ? ["stride \(choice.stride)"] : []) + choice.changes
                let text = ["residual block of \(block.body.count) convolutions"] + changes + shuffles(element)
                return Finding(
                    block.path, text.joined(separator: ", "), changes.isEmpty ? .inferred : certainty, of: half)
            }
        }
    }
}
