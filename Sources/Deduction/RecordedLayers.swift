import Importing
import Neural

/// The layers of `torch.nn` that a pickled module lists, as far as they and all of their settings are used here.
struct RecordedLayers {
    /// Layers whose tensors say what they are.
    private static let weighted: Set<String> = [
        "Linear", "Conv2d", "ConvTranspose2d", "BatchNorm1d", "BatchNorm2d", "InstanceNorm2d", "GroupNorm", "LayerNorm",
        "PReLU", "Embedding",
    ]
    /// Layers without tensors that are put between others as they say themselves, by the names that ``ModuleMeaning`` gives
    /// them.
    private static let weightless: Set<String> = [
        "ReLU", "LeakyReLU", "SiLU", "Tanh", "Sigmoid", "Softplus", "GELU", "ELU", "SELU", "CELU", "Mish", "Hardtanh",
        "Hardsigmoid", "Hardswish", "ReLU6", "Softsign", "Softmax", "LogSigmoid", "MaxPool2d", "AvgPool2d",
        "AdaptiveAvgPool2d", "Upsample", "pad",
    ]
    private static let containers: Set<String> = [
        "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict",
    ]

    /// - Throws: ``ImportProblem`` that names a layer, or a setting of one, that would be left out.
    static func check(_ dict: StateDict) throws(ImportProblem) {
        let weights = Set(dict.entries.map(\.module))
        for (path, record) in dict.modules.sorted(by: { $0.key < $1.key }) where isPyTorchs(record) {
            guard Words.half(path) != .other else { continue }
            if let problem = problem(record, hasWeights: weights.contains(path)) {
                throw ImportProblem(
                    .unsupported, "the layer \(path) (\(record.kind)) \(problem)",
                    advice: ImportProblem.exportAdvice)
            }
        }
    }

    /// A pickled one; what TorchScript's code says is no more than a hint where it cannot be followed.
    private static func isPyTorchs(_ record: ModuleRecord) -> Bool {
        record.scriptedName == nil && record.className.hasPrefix("torch.nn.modules.")
            && !record.className.hasPrefix("torch.nn.modules.loss.")
    }

    private static func isWeightless(_ record: ModuleRecord) -> Bool {
        switch record.meaning {
        case .nothing, .shaping: true
        case .layer(let layer): weightless.contains(layer.kind)
        case .crop, .pixelNormalization, .unknown: false
        }
    }

    private static func problem(_ record: ModuleRecord, hasWeights: Bool) -> String? {
        let kind = record.kind
        if containers.contains(kind) || isWeightless(record) { return nil }
        guard weighted.contains(kind) || hasWeights else { return "is not supported here" }
        guard weighted.contains(kind) else { return nil }
        if record.settings["track_running_stats"] == .boolean(false), kind.hasPrefix("BatchNorm") {
            return "has no running statistics, so that its pictures depend on each other"
        }
        if !hasWeights { return "has no weights, and is not supported here without" }
        guard kind.hasPrefix("Conv") else { return nil }
        if let dilation = record.settings["dilation"], record.whole("dilation") != 1 {
            return "has a dilation of \(dilation), which is not supported here"
        }
        if let mode = record.settings["padding_mode"], mode != .text("zeros"), kind == "ConvTranspose2d" {
            return "has the padding mode \(mode), which is not supported here"
        }
        if case .text(let padding)? = record.settings["padding"] {
            let isOdd = record.whole("kernel_size").map { !$0.isMultiple(of: 2) } ?? false
            if padding == "same" && !isOdd { return "has the padding \"same\" around an even kernel" }
        }
        return nil
    }
}

extension ModuleRecord {
    /// The padding on each side, also where it is told by a word.
    var padding: Int? {
        switch settings["padding"] {
        case .text("same")?: whole("kernel_size").map { ($0 - 1) / 2 }
        case .text?: 0
        default: whole("padding")
        }
    }

    var paddingMode: Convolution.PaddingMode? {
        if case .text(let word)? = settings["padding_mode"] { Convolution.PaddingMode(rawValue: word) } else { nil }
    }
}
