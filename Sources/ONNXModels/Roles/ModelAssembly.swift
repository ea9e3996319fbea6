import Importing
import Neural
import VAE

/// Makes a model of a decoder's file, and perhaps an encoder's.
struct ModelAssembly {
    let decoder: GraphReading
    let encoder: GraphReading?
    let options: ImportOptions

    init(decoder: GraphReading, encoder: GraphReading?, _ options: ImportOptions) {
        self.decoder = decoder
        self.encoder = encoder
        self.options = options
    }

    func model() throws(ImportProblem) -> ImportedModel {
        let known = encoder.flatMap { PictureLayout($0.graph.inputs[$0.main].extents, options: options) }
        let (handle, layout, name) = try decoder.picture(known: known)
        let picture = try decoder.finished(handle, layout)
        let input = decoder.graph.inputs[decoder.main]
        let part = try decoder.graph.part(
            from: input.value, role: .latent, to: [picture], name: "decoder", inputName: "z", outputNames: ["image"],
            options: options)
        let (range, certainty) = decoder.pixelRange(picture, outputName: name)
        var build = ModelBuild(decoder: part, pixelRange: range, format: ONNXModel.format(decoder.file))
        build.findings = [
            Finding("latents", "\(input.port.name), \(decoder.graph.assembly.shape(of: input.value))", .known),
            layout.finding(name), Finding("pixel range", range.text, certainty),
        ]
        build.noteLimits(decoder)
        build.noteGuesses(decoder)
        if let encoder {
            let latents = decoder.graph.assembly.shape(of: input.value).count
            try build.add(try EncoderAssembly(encoder, options).part(for: layout, range: range, latents: latents))
        }
        return try build.model()
    }
}

/// An encoder that fits a decoder.
struct EncoderPart {
    let part: CutPart
    let heads: PosteriorHeads
    var remarks: [String] = []
    var findings: [Finding] = []
}

/// Makes an encoder of its own file.
struct EncoderAssembly {
    let reading: GraphReading
    let options: ImportOptions

    init(_ reading: GraphReading, _ options: ImportOptions) {
        self.reading = reading
        self.options = options
    }

    /// - Parameters:
    ///   - layout: of the decoder's pictures.
    ///   - range: of its pixels.
    func part(for layout: PictureLayout, range: PixelRange, latents: Int) throws(ImportProblem) -> EncoderPart {
        let port = reading.file.ports[reading.main]
        let raw = reading.graph.inputs[reading.main].extents
        guard let own = PictureLayout(raw, options: options, known: layout) else {
            throw ImportProblem(.unsupported, "the encoder's input \(port.name) is not a picture: it is \(raw)")
        }
        var picture = own
        var remarks: [String] = []
        var findings: [Finding] = []
        if own.image != layout.image {
            guard own.image == [1] + layout.image.dropFirst(), layout.image[0] > 1 else {
                throw ImportProblem(
                    .unsupported,
                    "the encoder takes pictures of \(own.image.text), and the decoder makes \(layout.image.text)")
            }
            picture = own.taken(from: layout.image, range: range)
            remarks.append("the encoder takes gray pictures of 0…1, and is given the first channel of the decoder's")
            findings.append(Finding("encoder's pixel range", "0…1", .guessed, of: .encoder))
        }
        let graph = try TranslatedGraph(
            reading.file, options: options, pictures: [port.name: picture], frozenBatch: reading.frozenBatch)
        var noise = graph.translation.noise
        noise += graph.inputs.filter { $0.port.has(PortWords.noise) }.map(\.value)
        let heads = try PosteriorHeads(
            outputs: try graph.computedOutputs(), latents: latents,
            search: LatentSearch(assembly: graph.assembly, noise: noise), options)
        let input = graph.inputs[reading.main].value
        let part = try graph.part(
            from: input, role: .image, to: heads.values, name: "encoder", inputName: "image",
            outputNames: heads.values.count == 1 ? ["posterior"] : ["mean", "second"], options: options)
        return EncoderPart(part: part, heads: heads, remarks: remarks, findings: findings)
    }
}

/// Makes a model of a graph that takes a picture and gives one.
struct WholeAssembly {
    let reading: GraphReading
    let options: ImportOptions

    init(_ reading: GraphReading, _ options: ImportOptions) {
        self.reading = reading
        self.options = options
    }

    func model() throws(ImportProblem) -> ImportedModel {
        let port = reading.file.ports[reading.main]
        guard
            let taken = PictureLayout(
                reading.graph.inputs[reading.main].extents, options: options, known: try? reading.picture().layout)
        else { throw ImportProblem(.unsupported, "its input \(port.name) is not a picture") }
        var reading = reading
        reading.graph = try TranslatedGraph(
            reading.file, options: options, pictures: [port.name: taken], frozenBatch: reading.frozenBatch)
        let (handle, layout, name) = try reading.picture(known: taken)
        let picture = try reading.finished(handle, layout)
        let graph = reading.graph
        let input = graph.inputs[reading.main].value
        var noise = graph.translation.noise
        noise += graph.inputs.filter { $0.port.has(PortWords.noise) }.map(\.value)
        let search = LatentSearch(assembly: graph.assembly, noise: noise)
        let cut = try search.cut(from: input, to: picture)
        let heads = PosteriorHeads(cut, outputs: try graph.computedOutputs(), assembly: graph.assembly, options)
        let decoder = try graph.part(
            from: cut.point, role: .latent, to: [picture], name: "decoder", inputName: "z", outputNames: ["image"],
            options: options)
        let (range, certainty) = reading.pixelRange(picture, outputName: name)
        var build = ModelBuild(decoder: decoder, pixelRange: range, format: ONNXModel.format(reading.file))
        build.findings = [
            Finding(
                "latents", "after \(graph.assembly.name(of: cut.point)), \(graph.assembly.shape(of: cut.point))",
                cut.certainty),
            layout.finding(name), Finding("pixel range", range.text, certainty),
        ]
        build.noteLimits(reading)
        build.noteGuesses(reading)
        if layout.image == taken.image {
            let encoder = try graph.part(
                from: input, role: .image, to: heads.values, name: "encoder", inputName: "image",
                outputNames: heads.values.count == 1 ? ["posterior"] : ["mean", "second"], options: options)
            try build.add(EncoderPart(part: encoder, heads: heads))
        } else {
            build.remarks.append("its encoder takes pictures of \(taken.image.text) and is left out")
        }
        return try build.model()
    }
}
