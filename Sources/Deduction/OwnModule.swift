import Importing
import Neural

/// What a module without weights does, as the name of its class and its plain attributes tell: `torch.nn`'s modules, and
/// those that authors write themselves and put between the layers of a Sequential.
enum ModuleMeaning: Hashable, Sendable {
    /// Nothing that decoding or encoding sees: dropout, noise, prints.
    case nothing
    /// A vector becomes a map or a map a vector, which the shapes of the layers around it settle.
    case shaping
    /// The first rows and columns; nil: how many, only the picture's size says.
    case crop(Int?)
    /// Each pixel divided by the root mean square of its channels.
    case pixelNormalization(epsilon: Float)
    /// A layer of `torch.nn`.
    case layer(ModuleRecord)
    /// Nobody knows.
    case unknown
}

extension ModuleRecord {
    /// Whether it is one of PyTorch's own classes.
    var isOfTorch: Bool { className.hasPrefix("torch.") || !className.contains(".") }

    var meaning: ModuleMeaning {
        if isOfTorch {
            switch kind {
            case "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "Identity":
                return .nothing
            // A pixel shuffle is settled by the channels of what reads it.
            case "Flatten", "Unflatten", "PixelShuffle": return .shaping
            case "ZeroPad2d": return padded("constant")
            case "ReflectionPad2d": return padded("reflect")
            case "ReplicationPad2d": return padded("replicate")
            case "CircularPad2d": return padded("circular")
            case "UpsamplingNearest2d": return .layer(upsampling(mode: "nearest", alignsCorners: false))
            case "UpsamplingBilinear2d": return .layer(upsampling(mode: "bilinear", alignsCorners: true))
            default: return .layer(self)
            }
        }
        return ownMeaning(of: kind) ?? functionMeaning ?? .unknown
    }

    /// What the words of a name speak for.
    private func ownMeaning(of name: String) -> ModuleMeaning? {
        let words = Set(Words.split(name).joined())
        let joined = name.lowercased().filter { $0.isLetter }
        func speaks(_ stems: String...) -> Bool { stems.contains { joined.contains($0) } }
        if speaks("reshape", "flatten", "squeeze") || words.contains("view") { return .shaping }
        if speaks("noise", "dropout", "identity", "print", "debug") { return .nothing }
        if speaks("pixelnorm", "pixelwisenorm") {
            return .pixelNormalization(epsilon: number("eps") ?? number("epsilon") ?? 1e-8)
        }
        if speaks("center"), speaks("crop") { return nil }
        if speaks("trim", "crop") {
            return .crop(
                first(["size", "target_size", "output_size", "crop_size", "crop", "height", "h", "width", "w"]))
        }
        if speaks("interpolat", "upsampl", "upscal", "resize") {
            let mode: String = if case .text(let mode)? = settings["mode"] { mode } else { "nearest" }
            return .layer(upsampling(mode: mode, alignsCorners: settings["align_corners"] == .boolean(true)))
        }
        return activation(joined).map { .layer($0) }
    }

    /// A module that calls a function which it was given: `Lambda(torch.tanh)`.
    private var functionMeaning: ModuleMeaning? {
        for name in ["func", "function", "fn", "lambd", "lambda_func", "f", "op"] {
            guard case .text(let function)? = settings[name], let last = function.split(separator: ".").last else {
                continue
            }
            return ownMeaning(of: String(last))
        }
        return nil
    }

    private func activation(_ name: String) -> ModuleRecord? {
        let names = [
            "swish": "SiLU", "silu": "SiLU", "memoryefficientswish": "SiLU", "mish": "Mish",
            "memoryefficientmish": "Mish",
            "gelu": "GELU", "sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU", "elu": "ELU", "selu": "SELU",
            "softplus": "Softplus", "hardswish": "Hardswish", "hswish": "Hardswish", "hardsigmoid": "Hardsigmoid",
            "hsigmoid": "Hardsigmoid", "sin": "sin", "sine": "sin",
        ]
        if name == "leakyrelu" {
            guard let slope = number("negative_slope") ?? number("slope") ?? number("alpha") else { return nil }
            return changed("LeakyReLU", ["negative_slope": .number(slope)])
        }
        // Swish with a steepness of its own, a sine with a frequency.
        if let factor = number("beta") ?? number("w0") ?? number("omega"), factor != 1 { return nil }
        return names[name].map { changed($0, [:]) }
    }

    private func upsampling(mode: String, alignsCorners: Bool) -> ModuleRecord {
        var made: [String: Setting] = ["mode": .text(mode)]
        if alignsCorners { made["align_corners"] = .boolean(true) }
        let factors = ["scale_factor", "scale", "factor", "upscale_factor", "ratio"]
        if let factor = factors.lazy.compactMap({ self.number($0) }).first, factor > 0 {
            made["scale_factor"] = .number(factor)
        } else if let side = first(["size", "output_size", "target_size"]) {
            made["size"] = .integers([side, side])
        } else {
            made["scale_factor"] = .integer(2)
        }
        return changed("Upsample", made)
    }

    /// What lies around a map is written out, as `torch.nn.functional.pad` has it.
    private func padded(_ mode: String) -> ModuleMeaning {
        let amounts: [Int]
        switch settings["padding"] {
        case .integers(let list)? where list.count == 4: amounts = list
        case .integer(let number)?: amounts = [number, number, number, number]
        default: return .unknown
        }
        return .layer(changed("pad", ["pad": .integers(amounts), "mode": .text(mode)]))
    }

    private func changed(_ kind: String, _ settings: [String: Setting]) -> ModuleRecord {
        ModuleRecord(path: path, className: "torch.nn.\(kind)", settings: settings)
    }

    /// The first of some attributes that is a whole number, or a list that ends with one: a map's side.
    private func first(_ names: [String]) -> Int? {
        names.lazy.compactMap { name -> Int? in
            switch self.settings[name] {
            case .integer(let number)? where number > 0: number
            case .integers(let list)?: list.last.flatMap { $0 > 0 ? $0 : nil }
            default: nil
            }
        }.first
    }
}

// MARK: What it makes of a map

extension ModuleRecord {
    /// A map's side after it; nil where nothing is left.
    func side(after side: Int) -> Int? {
        switch meaning {
        case .crop(let size?): return min(side, size)
        case .layer(let record) where record.kind == "Upsample":
            if let size = record.whole("size") { return size }
            let made = Double(side) * Double(record.number("scale_factor") ?? 1)
            return made.isFinite && made < 4096 ? Int(made) : nil
        case .layer(let record) where record.kind == "MaxPool2d" || record.kind == "AvgPool2d":
            return side / min(64, max(1, record.whole("stride") ?? record.whole("kernel_size") ?? 1))
        case .layer(let record) where record.kind == "pad":
            guard case .integers(let amounts)? = record.settings["pad"], amounts.allSatisfy({ abs($0) < 1024 }) else {
                return nil
            }
            return side + amounts[0] + amounts[1]
        case .layer(let record) where record.kind.hasPrefix("Adaptive"): return record.whole("output_size") ?? side
        default: return side
        }
    }
}

extension [ModuleRecord] {
    /// A map's side after all of them.
    func side(after side: Int) -> Int? {
        var side = side
        for record in self {
            guard let made = record.side(after: side), made > 0 else { return nil }
            side = made
        }
        return side
    }
}
