import Importing
import Neural
import VAE

/// A layout of a well-known repository: its layers' names and kernels, and what its code says of them that no file does.
///
/// It is that layout only where all its layers are there with their kernels and, unless it is a part, no others.
struct NamedLayout: Sendable {
    /// What stands after a layer, and after the normalization that follows it.
    enum Follower: Hashable, Sendable {
        /// The activation that stands between the layers.
        case activation
        /// The activation that ends the decoder.
        case end
        case module(ModuleRecord)

        static func relu() -> Follower { .module(ModuleRecord(className: "torch.nn.ReLU")) }
        static func doubled() -> Follower {
            .module(ModuleRecord(className: "torch.nn.Upsample", settings: ["scale_factor": .integer(2)]))
        }
    }

    struct Layer: Hashable, Sendable {
        let path: String
        let kind: String
        var settings: [String: Setting] = [:]
        /// Nil: what stands there the file's numbers or usage tell.
        var followers: [Follower]?

        var kernel: Int? { if case .integer(let kernel)? = settings["kernel_size"] { kernel } else { nil } }
    }

    /// The repository, or who wrote it.
    let name: String
    /// Between the layers.
    let activation: Neural.Operation?
    /// After the last; nil where the repository's users differ.
    var end: Neural.Operation?
    var pixelRange: PixelRange?
    var secondHead: SecondHead?
    /// Whether it is known by some of a file's layers: nothing is said of the others.
    var isPart = false
    private(set) var layers: [Layer] = []

    init(
        _ name: String, _ activation: Neural.Operation?, end: Neural.Operation?, _ pixelRange: PixelRange? = nil
    ) {
        (self.name, self.activation, self.end, self.pixelRange) = (name, activation, end, pixelRange)
    }

    mutating func linear(_ paths: [String], _ followers: [Follower] = [.activation]) {
        layers += paths.map { Layer(path: $0, kind: "Linear", followers: followers) }
    }

    mutating func heads(_ paths: [String]) { linear(paths, []) }

    mutating func convolution(
        _ paths: [String], kernel: Int, stride: Int = 1, padding: Int = 0, _ followers: [Follower] = [.activation]
    ) {
        let settings: [String: Setting] = [
            "kernel_size": .integer(kernel), "stride": .integer(stride), "padding": .integer(padding),
        ]
        layers += paths.map { Layer(path: $0, kind: "Conv2d", settings: settings, followers: followers) }
    }

    mutating func transposed(
        _ paths: [String], kernel: Int, stride: Int = 1, padding: Int = 0, extra: Int = 0,
        _ followers: [Follower]? = [.activation]
    ) {
        let settings: [String: Setting] = [
            "kernel_size": .integer(kernel), "stride": .integer(stride), "padding": .integer(padding),
            "output_padding": .integer(extra),
        ]
        layers += paths.map { Layer(path: $0, kind: "ConvTranspose2d", settings: settings, followers: followers) }
    }

    mutating func normalization(
        _ paths: [String], axes: Int = 2, epsilon: Float = 1e-5, _ followers: [Follower]? = nil
    ) {
        layers += paths.map {
            Layer(path: $0, kind: "BatchNorm\(axes)d", settings: ["eps": .number(epsilon)], followers: followers)
        }
    }
}

// MARK: What it says of a file

extension NamedLayout {
    /// The layers of a file as the table of layouts looks at them.
    struct Names {
        /// In the file's order.
        let paths: [String]
        private let weights: [String: [Int]]

        init(_ dict: StateDict) {
            var paths: [String] = []
            var weights: [String: [Int]] = [:]
            var seen: Set<String> = []
            for entry in dict.entries {
                let path = entry.module
                if seen.insert(path).inserted { paths.append(path) }
                if entry.word == "weight" { weights[path] = entry.tensor.extents }
            }
            (self.paths, self.weights) = (paths, weights)
        }

        func has(_ path: String) -> Bool { weights[path] != nil }

        /// How many channels a convolution reads.
        func inputs(_ path: String) -> Int? { weights[path].flatMap { $0.count == 4 ? $0[1] : nil } }

        /// Whether the file has a layout's layers.
        func fit(_ layout: NamedLayout) -> Bool {
            guard layout.isPart || Set(paths) == Set(layout.layers.map(\.path)) else { return false }
            return layout.layers.allSatisfy { layer in
                guard let extents = weights[layer.path] else { return false }
                switch layer.kind {
                case "Linear": return extents.count == 2
                case "Conv2d", "ConvTranspose2d":
                    return extents.count == 4 && extents.suffix(2).allSatisfy { $0 == layer.kernel }
                default: return extents.count == 1
                }
            }
        }
    }

    /// The file with what the layout says of its modules.
    func told(_ dict: StateDict, _ options: ImportOptions) -> StateDict {
        var told = dict
        for layer in layers {
            told.modules[layer.path] = ModuleRecord(
                path: layer.path, className: "torch.nn.\(layer.kind)", settings: layer.settings)
            guard let followers = layer.followers else { continue }
            told.followers[layer.path] = followers.compactMap { record($0, options) }
        }
        return told
    }

    private func record(_ follower: Follower, _ options: ImportOptions) -> ModuleRecord? {
        switch follower {
        case .activation: (options.activation.map(\.value) ?? activation).map { ModuleRecord($0) }
        // One that an option says is put after all by itself.
        case .end: options.outputActivation == nil ? end.map { ModuleRecord($0) } : nil
        case .module(let record): record
        }
    }
}

extension ModuleRecord {
    fileprivate init(_ operation: Neural.Operation) {
        self.init(
            className: "torch.nn.\(operation.kind())",
            settings: Dictionary(operation.settings().map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
}
