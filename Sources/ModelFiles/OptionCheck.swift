import Importing

extension ImportedModel {
    /// Refuses options that would be passed over in silence: those that the file's reader has no use for, and those that the
    /// model contradicts.
    func check(_ options: ImportOptions) throws(ImportProblem) {
        try checkUse(options.given.filter { !usedOptions.contains($0) })
        let architecture = model.architecture
        if architecture.encoder == nil,
            let head = options.given.first(where: { [.secondHead, .swapHeads].contains($0) })
        {
            throw ImportProblem(
                .options, "--\(head.rawValue) is about an encoder, and the model has none",
                advice: "leave it out, or name the encoder's file with --encoder")
        }
        if let given = options.latentShape, given != architecture.latent.extents {
            throw ImportProblem(
                .options, "the latents are \(architecture.latent), and not what --latent-shape says",
                advice: "leave it out")
        }
        if let given = options.imageShape, given != Array(architecture.image.extents.suffix(given.count)) {
            throw ImportProblem(
                .options, "the picture is \(architecture.image), and not what --image-shape says",
                advice: "leave it out")
        }
    }

    private func checkUse(_ names: [ImportOptions.Name]) throws(ImportProblem) {
        guard let last = names.last else { return }
        let others = names.dropLast().map { "--\($0.rawValue)" }.joined(separator: ", ")
        let text = (others.isEmpty ? "" : others + " and ") + "--\(last.rawValue)"
        let isWhole = !usedOptions.contains(.stride)
        throw ImportProblem(
            .options,
            isWhole
                ? "the file says itself what \(text) could"
                : "a file of this kind leaves nothing open that \(text) could say",
            advice: "leave \(names.count == 1 ? "it" : "them") out")
    }
}
