import Importing
import Neural
import VAE

/// What speaks for the answers that are not about sizes: options, records, known layouts, what is usual.
struct Evidence: Sendable {
    /// Layouts that are known by name.
    enum Layout: Hashable, Sendable { case pytorchExample, pytorchVAE }

    private let blueprint: Blueprint
    private let options: ImportOptions
    let layout: Layout?
    /// The only activation that records of modules name.
    private let recorded: Operation?
    private let names: [String]
    /// Whether an activation follows the last linear layer before the convolutions, where no number tells it.
    private(set) var isActiveMap: Bool
    /// Whether the file's statistics say so.
    private(set) var isMapSettled = false

    init(_ dict: StateDict, _ blueprint: Blueprint, _ options: ImportOptions) {
        self.blueprint = blueprint
        self.options = options
        names = dict.entries.map(\.name)
        layout = Evidence.layout(names)
        recorded = Evidence.recorded(dict.modules)
        isActiveMap = Evidence.activatesMap(blueprint.decoder)
    }

    private static func layout(_ names: [String]) -> Layout? {
        let modules = Set(names.compactMap { $0.split(separator: ".").first.map(String.init) })
        if modules == ["fc1", "fc21", "fc22", "fc3", "fc4"] { return .pytorchExample }
        if modules == ["encoder", "fc_mu", "fc_var", "decoder_input", "decoder", "final_layer"] { return .pytorchVAE }
        return nil
    }

    /// The activation that all modules of a file agree on, the last one's aside.
    private static func recorded(_ modules: [String: ModuleRecord]) -> Operation? {
        let usual: Set = ["ReLU", "LeakyReLU", "ELU", "SiLU", "GELU", "SELU", "Mish", "Softplus", "CELU", "ReLU6"]
        let records = modules.values.compactMap { module in
            if case .layer(let record) = module.meaning, usual.contains(record.kind) { record } else { nil }
        }
        let found = Set(records.map { Activations.make($0) })
        return found.count == 1 ? found.first ?? nil : nil
    }

    /// A linear layer of its own before a Sequential of convolutions is seldom followed by an activation.
    private static func activatesMap(_ elements: [Element]) -> Bool {
        for (left, right) in zip(elements, elements.dropFirst()) {
            guard let step = left.step, step.role == .linear, let next = right.first, next.role != .linear else {
                continue
            }
            if case .residual(let block) = right, block.isNumbered { return false }
            if step.layer.position != nil || right.step == nil { return true }
            let components = next.layer.path.split(separator: ".")
            return !components.contains { Int($0) != nil }
        }
        return true
    }

    /// The same, as a check of the file's statistics found it.
    mutating func settle(activatesMap: Bool) { (isActiveMap, isMapSettled) = (activatesMap, true) }

    // MARK: The first answer

    func first(_ sizes: Sizes) -> Hypothesis {
        Hypothesis(
            sizes: sizes, activation: activation, encoderActivation: activation, output: output(sizes),
            pixelRange: pixelRange(sizes),
            secondHead: secondHead,
            swapsHeads: options.swapsHeads, activatesMap: layout == .pytorchVAE ? false : isActiveMap,
            activatesLatents: sizes.latentMap != nil)
    }

    private var activation: Operation? {
        if let choice = options.activation { return choice.value }
        if let recorded { return recorded }
        return usualActivation
    }

    private var usualActivation: Operation? {
        if layout == .pytorchVAE { return Activations.leaky(0.01) }
        if isDCGAN { return Activations.relu }
        let isColor = blueprint.decoder.last?.step?.outputs == 3 && blueprint.decoder.last?.isConvolution == true
        let hasNorms = blueprint.decoder.contains { element in
            element.isConvolution
                && element.step?.norms.contains { if case .batchNormalization = $0.kind { true } else { false } }
                    ?? false
        }
        return isColor && hasNorms ? Activations.leaky(0.01) : Activations.relu
    }

    /// Whether records end the decoder themselves.
    private var hasRecordedEnd: Bool {
        blueprint.decoder.last?.step?.records.map { !$0.isEmpty } ?? false
    }

    private func output(_ sizes: Sizes) -> Operation? {
        if let choice = options.outputActivation { return choice.value }
        if hasRecordedEnd { return nil }
        if layout == .pytorchVAE || isDCGAN && sizes.image[0] == 3 { return Activations.tanh }
        return sizes.image[0] == 3 && layout == nil ? nil : Activations.sigmoid
    }

    private func pixelRange(_ sizes: Sizes) -> PixelRange {
        if let range = options.pixelRange { return range }
        if hasRecordedEnd {
            let last = blueprint.decoder.last?.step?.records?.last?.kind
            return last == "Tanh" ? .signed : last == "Sigmoid" ? .unit : .free
        }
        if let choice = options.outputActivation {
            return choice.value == Activations.tanh ? .signed : choice.value == Activations.sigmoid ? .unit : .free
        }
        return layout == .pytorchVAE || isDCGAN && blueprint.decoder.last?.step?.outputs == 3 ? .signed : .unit
    }

    /// A decoder alone of transposed convolutions without biases, the first from one pixel (Radford et al. 2016).
    private var isDCGAN: Bool {
        guard blueprint.heads == nil, case .unflatten? = blueprint.decoder.first?.step?.entrance else { return false }
        return blueprint.decoder.allSatisfy { $0.step?.role == .transposed && $0.step?.layer.bias == nil }
    }

    private var secondHead: SecondHead {
        if let head = options.secondHead { return head }
        guard let heads = blueprint.heads else { return .logVariance }
        switch heads {
        case .none: return .none
        case .joint: return .logVariance
        case .two(_, let second, _):
            let words = Words.split(second.path).last(where: { $0.contains { Int($0) == nil } }) ?? []
            let text = words.joined()
            if text.contains("log") {
                return text.contains("sig") || text.contains("std") ? .logSigma : .logVariance
            }
            return .logVariance
        }
    }

    // MARK: What is open

    /// A layout's name makes its answers likely; only a trial makes others likelier.
    var isActivationOpen: Bool { options.activation == nil && recorded == nil }
    var isMapOpen: Bool { layout == nil && !isMapSettled && blueprint.openMap != nil }
    var isOutputOpen: Bool { options.outputActivation == nil && !hasRecordedEnd }
    var areHeadsOpen: Bool {
        guard !options.swapsHeads, layout == nil else { return false }
        if case .two(_, _, let areNamed)? = blueprint.heads { return !areNamed }
        return false
    }

    /// How sure the answers are that were not tried.
    var activationCertainty: Certainty {
        options.activation != nil ? .known : recorded != nil || layout != nil ? .inferred : .guessed
    }
    var outputCertainty: Certainty {
        // Copies of PyTorch-VAE often end with a sigmoid.
        options.outputActivation != nil || hasRecordedEnd ? .known : layout == .pytorchExample ? .inferred : .guessed
    }
}
