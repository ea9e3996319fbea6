import Importing
import Neural
import VAE

/// What speaks for the answers that are not about sizes: options, records, known layouts, what is usual.
struct Evidence: Sendable {
    /// Layouts that are known by name.
    enum Layout: Hashable, Sendable {
        case pytorchExample, pytorchVAE
        /// One of ``NamedLayout``'s, whole.
        case named
    }

    private let blueprint: Blueprint
    private let options: ImportOptions
    let layout: Layout?
    private let named: NamedLayout?
    /// Whether a file has that layout in all that shapes tell: what bears its names alone may have other activations.
    private let isLayoutExact: Bool
    /// The only activation that records of modules name.
    private let recorded: Operation?
    /// The only activation that fits a file's statistics.
    private var measured: ImportOptions.Choice<Neural.Operation?>?
    private let names: [String]
    /// Whether an activation follows the last linear layer before the convolutions, where no number tells it.
    private(set) var isActiveMap: Bool
    /// Whether the file's statistics say so.
    private(set) var isMapSettled = false
    /// What has to follow the last layer, where nothing else says it.
    private var neededOutput: Operation?

    init(_ dict: StateDict, _ blueprint: Blueprint, _ options: ImportOptions, _ named: NamedLayout?) {
        (self.blueprint, self.options, self.named) = (blueprint, options, named)
        names = dict.entries.map(\.name)
        let isWhole = named?.isPart == false
        let layout = isWhole ? .named : Evidence.layout(names)
        self.layout = layout
        // All kernels of PyTorch-VAE's are of 3×3.
        isLayoutExact =
            layout != nil
            && dict.entries.allSatisfy { entry in
                layout != .pytorchVAE || entry.tensor.extents.count != 4 || entry.tensor.extents.suffix(2) == [3, 3]
            }
        recorded = isWhole ? named?.activation : Evidence.recorded(dict.modules)
        isActiveMap = Evidence.activatesMap(blueprint.decoder)
    }

    private static func layout(_ names: [String]) -> Layout? {
        let modules = Set(names.compactMap { $0.split(separator: ".").first.map(String.init) })
        if modules == ["fc1", "fc21", "fc22", "fc3", "fc4"] { return .pytorchExample }
        let wide: Set = ["encoder", "decoder_input", "decoder", "final_layer"]
        // Its conditional model embeds pictures and classes; its plain ones have one head.
        let heads = modules.subtracting(wide).subtracting(["embed_class", "embed_data"])
        if wide.isSubset(of: modules), heads == ["fc_mu", "fc_var"] || heads == ["fc_z"] { return .pytorchVAE }
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
    mutating func settle(output: Operation?) { neededOutput = output }
    mutating func settle(activation: Neural.Operation?) { measured = ImportOptions.Choice(activation) }

    // MARK: The first answer

    func first(_ sizes: Sizes) -> Hypothesis {
        Hypothesis(
            sizes: sizes, activation: activation, encoderActivation: activation, output: output(sizes),
            pixelRange: pixelRange(sizes),
            secondHead: secondHead,
            swapsHeads: options.swapsHeads,
            activatesMap: layout == .pytorchVAE || isWorldModel && !isMapSettled ? false : isActiveMap,
            activatesLatents: sizes.latentMap != nil)
    }

    private var activation: Operation? {
        if let choice = options.activation { return choice.value }
        return recorded ?? measured?.value ?? usualActivation
    }

    private var usualActivation: Operation? {
        if let named { return named.activation }
        if layout == .pytorchVAE { return Activations.leaky(0.01) }
        if isDCGAN || isWorldModel { return Activations.relu }
        if hasGroups { return Activations.make("SiLU") }
        let isColor = blueprint.pictureChannels == 3
        let hasNorms = blueprint.decoder.contains { element in
            element.isConvolution && element.step?.isNormalizedByBatch == true
        }
        return isColor && hasNorms ? Activations.leaky(0.01) : Activations.relu
    }

    /// Whether records end the decoder themselves.
    private var hasRecordedEnd: Bool { recordedEnd != nil }
    /// The last module without weights of those that a file names.
    private var recordedEnd: String? { blueprint.decoder.last?.step?.records?.last?.kind }

    private func output(_ sizes: Sizes) -> Operation? {
        if let choice = options.outputActivation { return choice.value }
        if hasRecordedEnd || options.pixelRange == .logits { return nil }
        if options.pixelRange == .signed { return Activations.tanh }
        if layout == .pytorchVAE || isDCGAN && sizes.image[0] == 3 { return Activations.tanh }
        if isWorldModel { return Activations.sigmoid }
        return sizes.image[0] == 3 && layout != .pytorchExample ? neededOutput : Activations.sigmoid
    }

    private func pixelRange(_ sizes: Sizes) -> PixelRange {
        if let range = options.pixelRange { return range }
        if let known = named?.pixelRange, options.outputActivation == nil { return known }
        if let recordedEnd {
            return recordedEnd == "Tanh" ? .signed : recordedEnd == "Sigmoid" ? .unit : .free
        }
        if let choice = options.outputActivation {
            return choice.value == Activations.tanh ? .signed : choice.value == Activations.sigmoid ? .unit : .free
        }
        return layout == .pytorchVAE || isDCGAN && blueprint.pictureChannels == 3 ? .signed : .unit
    }

    /// A decoder of transposed convolutions alone, the first from one pixel, without biases or with batch normalizations
    /// between (Radford et al. 2016).
    private var isDCGAN: Bool {
        let hasNoEncoder = blueprint.heads == nil && blueprint.decoder.first?.step?.entrance != .asIs
        guard hasNoEncoder || blueprint.headSteps.contains(where: { $0.kernel > 1 }) else { return false }
        let steps = blueprint.decoder.map(\.step)
        return steps.allSatisfy { $0?.role == .transposed }
            && (steps.allSatisfy { $0?.layer.bias == nil }
                || steps.dropLast().allSatisfy { $0?.isNormalizedByBatch == true })
    }

    /// A decoder of Ha and Schmidhuber's world models (2018): from one pixel by kernels of 5, 5, 6 and 6 to 64 pixels.
    private var isWorldModel: Bool {
        let convolutions = blueprint.decoder.filter(\.isConvolution).compactMap(\.step)
        return convolutions.allSatisfy { $0.role == .transposed } && convolutions.map(\.kernel) == [5, 5, 6, 6]
            && convolutions.last?.outputs == 3
    }

    /// Whether the decoder's convolutions are followed by group normalizations, as SiLU is used with.
    private var hasGroups: Bool {
        blueprint.decoder.contains { element in
            element.isConvolution
                && element.layers.contains { layer in
                    if case .scale(let extents) = layer.kind {
                        extents.count == 1 && !layer.isOfInstances
                    } else {
                        false
                    }
                }
        }
    }

    private var secondHead: SecondHead {
        if let head = options.secondHead { return head }
        if let known = named?.secondHead { return known }
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
    var isOutputOpen: Bool {
        options.outputActivation == nil && options.pixelRange != .logits && !hasRecordedEnd
    }
    /// Whether nothing says what pixels the encoder reads: a hyperbolic tangent learns 0…1 too.
    func isPixelRangeOpen(_ hypothesis: Hypothesis) -> Bool {
        guard options.pixelRange == nil, named?.pixelRange == nil else { return false }
        if let output = hypothesis.output { return output == Activations.tanh }
        return recordedEnd.map { $0 == "Tanh" } ?? isOutputOpen
    }

    /// What a decoder may end with, and in which range its pixels are then.
    func ends(_ start: Hypothesis) -> [(output: Operation?, range: PixelRange)] {
        guard isOutputOpen else {
            return isPixelRangeOpen(start) ? [(start.output, .signed), (start.output, .unit)] : []
        }
        let ends: [(Operation?, PixelRange)] = [
            (Activations.sigmoid, .unit), (Activations.tanh, .signed), (nil, .unit), (Activations.tanh, .unit),
            (nil, .signed), (Activations.relu, .unit),
        ]
        return ends.filter { options.pixelRange == nil || options.pixelRange == $0.1 }
    }
    var areHeadsOpen: Bool {
        guard !options.swapsHeads, layout == nil else { return false }
        if case .two(_, _, let areNamed)? = blueprint.heads { return !areNamed }
        return false
    }

    /// How sure the answers are that were not tried.
    var activationCertainty: Certainty {
        if options.activation != nil { return .known }
        return recorded != nil || isLayoutExact || layout != nil && measured != nil ? .inferred : .guessed
    }
    var outputCertainty: Certainty {
        if named?.end != nil, options.outputActivation == nil { return .inferred }
        // Copies of PyTorch-VAE often end with a sigmoid.
        return !isOutputOpen ? .known : layout == .pytorchExample ? .inferred : .guessed
    }
}
