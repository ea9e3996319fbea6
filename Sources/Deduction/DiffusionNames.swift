/// The names of tensors in the autoencoders of latent diffusion, brought to those that diffusers gives them today.
enum DiffusionNames {
    /// What the same layer was called before, and in the original code.
    private static let words: [(old: String, new: String)] = [
        (".nin_shortcut.", ".conv_shortcut."), (".norm_out.", ".conv_norm_out."),
        (".mid.block_1.", ".mid_block.resnets.0."),
        (".mid.block_2.", ".mid_block.resnets.1."), (".mid.attn_1.", ".mid_block.attentions.0."),
        (".downsample.conv.", ".downsamplers.0.conv."), (".upsample.conv.", ".upsamplers.0.conv."),
        (".block.", ".resnets."), (".attn.", ".attentions."),
    ]

    /// Of attention alone.
    private static let attention: [(old: String, new: String)] = [
        (".norm.", ".group_norm."), (".q.", ".to_q."), (".k.", ".to_k."), (".v.", ".to_v."), (".query.", ".to_q."),
        (".key.", ".to_k."), (".value.", ".to_v."), (".proj_out.", ".to_out.0."), (".proj_attn.", ".to_out.0."),
    ]

    /// What stands before the names in a checkpoint of the whole diffusion model.
    private static let holders = ["first_stage_model.", "vae.", "autoencoder."]

    /// - Returns: nil unless they are the names of such an autoencoder.
    static func canonical(_ entries: [StateDict.Entry]) -> [StateDict.Entry]? {
        var entries = entries
        for holder in holders where entries.contains(where: { $0.name.hasPrefix(holder + "decoder.conv_in.") }) {
            entries = entries.filter { $0.name.hasPrefix(holder) }.map {
                StateDict.Entry(String($0.name.dropFirst(holder.count)), $0.tensor)
            }
        }
        guard entries.contains(where: { $0.name == "decoder.conv_in.weight" }),
            entries.contains(where: {
                $0.name.hasPrefix("decoder.mid_block.resnets.") || $0.name.hasPrefix("decoder.mid.block_1.")
            })
        else { return nil }
        // In the original code the decoder's levels count from the picture.
        let levels = entries.compactMap { number(after: "decoder.up.", in: $0.name) }.max()
        return entries.map { StateDict.Entry(canonical($0.name, levels: levels ?? 0), $0.tensor) }
    }

    private static func canonical(_ name: String, levels: Int) -> String {
        var name = name
        if let level = number(after: "decoder.up.", in: name) {
            name = "decoder.up_blocks.\(levels - level)." + name.dropFirst("decoder.up.\(level).".count)
        } else if let level = number(after: "encoder.down.", in: name) {
            name = "encoder.down_blocks.\(level)." + name.dropFirst("encoder.down.\(level).".count)
        }
        for (old, new) in words { name = replaced(old, by: new, in: name) }
        if name.contains(".attentions.") {
            for (old, new) in attention { name = replaced(old, by: new, in: name) }
        }
        return name
    }

    private static func number(after prefix: String, in name: String) -> Int? {
        guard name.hasPrefix(prefix) else { return nil }
        return Int(name.dropFirst(prefix.count).prefix { $0 != "." }).flatMap { (0..<64).contains($0) ? $0 : nil }
    }

    private static func replaced(_ old: String, by new: String, in name: String) -> String {
        guard let range = name.firstRange(of: old) else { return name }
        return name.replacingCharacters(in: range, with: new)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
