import Checkpoints
import Files
import Importing
import JSON
import Neural
import VAE

/// A folder with weights and a `config.json` beside them, as the tools of Hugging Face, diffusers and pythae write it.
struct ModelFolder: Sendable {
    /// The file of weights, or the index that names its parts.
    let weights: String
    /// What `config.json` says; empty where there is none.
    let configuration: JSONObject
    /// The configuration's file, where there is one.
    let configurationPath: String?

    /// What weights are called, the first choice first.
    private static let names = [
        NativeModel.weights, "model.json", "diffusion_pytorch_model.safetensors",
        "diffusion_pytorch_model.fp16.safetensors", "model.safetensors.index.json",
        "diffusion_pytorch_model.safetensors.index.json", "pytorch_model.bin", "diffusion_pytorch_model.bin",
        "model.pt",
        "model.pth", "model.onnx", "model.keras", "model.h5", "model.weights.h5",
    ]
    private static let configurations = [NativeModel.configuration, "model_config.json"]
    private static let limits = JSONLimits(depth: 16, values: 100_000)

    /// - Returns: nil where the folder has no weights.
    init?(_ path: String) {
        let folders = [path, "\(path)/vae"]
        let found = folders.lazy.compactMap { folder in ModelFolder.weights(in: folder).map { (folder, $0) } }.first
        guard let (folder, weights) = found else { return nil }
        self.weights = weights
        let candidates = ModelFolder.configurations.map { "\(folder)/\($0)" }
        configurationPath = candidates.first { GrowingFile.identity(of: $0) != nil }
        configuration = configurationPath.flatMap(ModelFolder.object) ?? [:]
    }

    /// What has a usual name; or, beside a configuration, the only file that is named like a model.
    private static func weights(in folder: String) -> String? {
        func exists(_ name: String) -> Bool { GrowingFile.identity(of: "\(folder)/\(name)") != nil }
        if let name = names.first(where: exists) { return "\(folder)/\(name)" }
        guard configurations.contains(where: exists) else { return nil }
        let named = ((try? Folder.names(in: folder)) ?? []).filter { ModelFile.isNamedLikeCheckpoint($0) }
        return named.count == 1 ? "\(folder)/\(named[0])" : nil
    }

    /// Whether the configuration is an architecture of ours, or has one.
    var hasArchitecture: Bool {
        configuration["architecture"]?.object?["decoder"] != nil
            || configuration["version"] != nil && configuration["decoder"] != nil
    }

    private static func object(_ path: String) -> JSONObject? {
        guard let bytes = try? GrowingFile.contents(of: path, atMost: 4 << 20) else { return nil }
        return (try? JSONValue(parsing: bytes, limits: limits))?.object
    }

    // MARK: Parts

    /// The files of a model whose weights are in several; empty where it is one.
    ///
    /// - Throws: ``ImportProblem`` where the index names files elsewhere.
    func parts() throws(ImportProblem) -> [String] {
        guard weights.hasSuffix(".index.json") else { return [] }
        guard let folder = Folder.parent(of: weights),
            let map = ModelFolder.object(weights)?["weight_map"]?.object, !map.members.isEmpty
        else { throw ImportProblem(.badFile, "\(Folder.name(of: weights)) names no files of weights") }
        var names: [String] = []
        for member in map.members {
            guard let name = member.value.string, !name.contains("/"), !name.contains("\\"), !name.hasPrefix(".") else {
                throw ImportProblem(.badFile, "\(Folder.name(of: weights)) names a file outside of its folder")
            }
            if !names.contains(name) { names.append(name) }
            guard names.count <= 256 else {
                throw ImportProblem(.badFile, "\(Folder.name(of: weights)) names more than 256 files")
            }
        }
        return names.map { "\(folder)/\($0)" }
    }

    // MARK: What the configuration says

    /// Plain settings by their names, of the whole and of what is called `config` or `model` within.
    var settings: [String: Setting] {
        var settings: [String: Setting] = [:]
        for object in [configuration] + ["config", "model", "vae"].compactMap({ configuration[$0]?.object }) {
            for member in object.members where settings[member.name] == nil {
                if let setting = Setting(member.value) { settings[member.name] = setting }
            }
        }
        return settings
    }

    /// Whether pythae wrote it.
    var isPythae: Bool { configuration["uses_default_decoder"] != nil && configuration["input_dim"] != nil }

    /// What the configuration says that options say too; what the user says goes first.
    func options(_ given: ImportOptions) -> ImportOptions {
        var options = given
        let settings = settings
        if isPythae, case .integers(let shape)? = settings["input_dim"], [2, 3].contains(shape.count),
            shape.allSatisfy({ (1...512).contains($0) })
        {
            options.imageShape = options.imageShape ?? shape
        }
        if isPythae, settings["uses_default_encoder"] == .boolean(true),
            settings["uses_default_decoder"] == .boolean(true)
        {
            try? options.fill("activation", "relu")
            try? options.fill("output-activation", "sigmoid")
        }
        if options.imageShape == nil, let side = ["image_size", "img_size"].lazy.compactMap({ settings[$0] }).first {
            switch side {
            case .integer(let side) where (1...512).contains(side): options.imageShape = [side, side]
            case .integers(let shape)
            where [2, 3].contains(shape.count) && shape.allSatisfy({ (1...512).contains($0) }):
                options.imageShape = shape
            default: break
            }
        }
        for name in ["activation", "act_fn", "act", "nonlinearity"] {
            if case .text(let text)? = settings[name] { try? options.fill("activation", text.lowercased()) }
        }
        for name in ["output_activation", "final_activation", "out_act"] {
            if case .text(let text)? = settings[name] { try? options.fill("output-activation", text.lowercased()) }
        }
        return options
    }

    /// What its training took pixels to be distributed as, where pythae says so.
    var likelihood: Likelihood? {
        guard isPythae, case .text(let loss)? = settings["reconstruction_loss"] else { return nil }
        return ["bce": .bernoulli, "mse": .gaussian()][loss]
    }

    var remarks: [String] {
        var remarks: [String] = []
        for (key, name) in [("uses_default_encoder", "encoder.pkl"), ("uses_default_decoder", "decoder.pkl")]
        where isPythae && configuration[key]?.boolean == false {
            remarks.append("\(name) is code, which is not run: its layers are told from their tensors")
        }
        return remarks
    }
}

extension ImportOptions {
    /// Takes an option that was not given.
    fileprivate mutating func fill(_ name: String, _ text: String) throws(OptionProblem) {
        var other = ImportOptions()
        try other.set(name, to: text)
        self = filled(from: other)
    }
}
