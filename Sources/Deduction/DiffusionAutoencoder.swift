import Importing
import Neural
import VAE

/// The autoencoders of latent diffusion models (AutoencoderKL of diffusers, and of the original code): residual blocks with
/// group normalization, attention in the middle, known by their names.
struct DiffusionAutoencoder {
    private let entries: [StateDict.Entry]
    private let settings: [String: Setting]
    private let options: ImportOptions

    /// - Returns: nil for any other file.
    init?(_ dict: StateDict, _ options: ImportOptions) {
        guard let entries = DiffusionNames.canonical(dict.entries) else { return nil }
        self.entries = entries
        settings = dict.configuration
        self.options = options
    }

    func imported(_ format: String, _ remarks: [String]) throws(ImportProblem) -> ImportedModel {
        if let name = entries.first(where: { $0.name.hasPrefix("quantize.") })?.name {
            throw ImportProblem(
                .unsupported, "it chooses its latents from a code book (\(name)), and cannot be walked through")
        }
        let style = try style()
        var decoder = DiffusionHalf("decoder", entries, style)
        let latent = try latent(decoder)
        let picture = try decoder.decode(latent.shape)
        var parts = [try decoder.part([.latent], outputs: [picture.value], names: ["image"])]
        var remarks = remarks
        do {
            var encoder = DiffusionHalf("encoder", entries, style)
            if encoder.exists {
                let posterior = try encoder.encode(picture.shape)
                parts.append(try encoder.part([.image], outputs: [posterior], names: ["posterior"]))
            }
        } catch {
            remarks.append("the encoder is left out: \(error.reason)")
        }
        do {
            let architecture = try Architecture(
                encoder: parts.count > 1 ? parts[1].part : nil, decoder: parts[0].part,
                pixelRange: options.pixelRange ?? .signed, likelihood: nil)
            let tensors = parts.map(\.tensors).reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            let model = try Model(architecture: architecture, tensors: tensors)
            return ImportedModel(model, format: format, findings: findings(style, latent), remarks: remarks)
        } catch {
            throw ImportProblem(.unsupported, "\(error)")
        }
    }

    // MARK: What the names do not say

    private func style() throws(ImportProblem) -> DiffusionHalf.Style {
        let widths = entries.filter { $0.tensor.extents.count == 1 && $0.name.contains("norm") }
            .map { $0.tensor.extents[0] }
        var style = DiffusionHalf.Style()
        if case .integer(let groups)? = settings["norm_num_groups"], groups > 0 {
            (style.groups, style.groupsAre) = (groups, .known)
        } else {
            style.groups = [32, 16, 8, 4, 2, 1].first { groups in widths.allSatisfy { $0 % groups == 0 } } ?? 1
            style.groupsAre = style.groups == 32 ? .inferred : .guessed
        }
        if let given = options.activation, let operation = given.value {
            (style.activation, style.activationIs) = (operation, .known)
        } else if case .text(let name)? = settings["act_fn"] {
            let kinds = ["silu": "SiLU", "swish": "SiLU", "relu": "ReLU", "gelu": "GELU", "mish": "Mish"]
            guard let operation = kinds[name.lowercased()].flatMap({ Activations.make($0) }) else {
                throw ImportProblem(.unsupported, "config.json: the activation \(name) is not known")
            }
            (style.activation, style.activationIs) = (operation, .known)
        }
        return style
    }

    /// What the decoder reads: any size can be decoded, so that it is the one that the options or the configuration say.
    private func latent(_ half: DiffusionHalf) throws(ImportProblem) -> (shape: Shape, certainty: Certainty) {
        let channels = try half.latentChannels()
        var side = TinyDecoder.side(channels)
        var certainty = Certainty.inferred
        if case .integer(let size)? = settings["sample_size"], size > 0 {
            let wanted = size >> half.levels
            let fits = wanted > 0 && wanted <= 64 && wanted * wanted * channels <= Architecture.mostLatents
            if fits { (side, certainty) = (wanted, .known) }
        }
        if options.latentShape != nil { certainty = .known }
        let extents = options.latentShape ?? [channels, side, side]
        guard extents.count == 3, extents[0] == channels else {
            throw ImportProblem(
                .options, "the latent map has \(channels) channels", advice: "--latent-shape \(channels),8,8")
        }
        do {
            return (try Shape(extents), certainty)
        } catch {
            throw ImportProblem(.options, "\(error)")
        }
    }

    private func findings(
        _ style: DiffusionHalf.Style, _ latent: (shape: Shape, certainty: Certainty)
    ) -> [Finding] {
        var found = [
            Finding("layout", "an autoencoder of latent diffusion (AutoencoderKL), known by its names", .inferred),
            Finding(
                "latents", "\(latent.shape)" + (latent.certainty == .inferred ? ", as any size can be decoded" : ""),
                latent.certainty),
            Finding("groups of normalization", "\(style.groups)", style.groupsAre),
            Finding("activation", style.activation.kind(), style.activationIs),
            Finding("output activation", "none", .inferred),
        ]
        if let factor = settings["scaling_factor"] {
            found.append(
                Finding("scaling factor", "\(factor): pipelines divide latents by it, which is not done", .known))
        }
        return found
    }
}
