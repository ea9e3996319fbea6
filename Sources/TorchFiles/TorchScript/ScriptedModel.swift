import Importing
import Neural
import VAE

extension ScriptedProgram {
    /// The model that the program is: a decoder, where it makes a picture of fewer numbers; an encoder and a decoder, where it
    /// makes a picture of a picture.
    ///
    /// - Throws: ``ImportProblem`` for a program that cannot be followed, or is none of these.
    public func model(options: ImportOptions = ImportOptions()) throws(ImportProblem) -> ImportedModel {
        let graph = try likelyGraph(options: options)
        let input = graph.assembly.shape(of: graph.inputs[0].value)
        guard let picture = graph.picture else { throw ImportProblem(.unsupported, "its forward returns no picture") }
        let count = graph.assembly.shape(of: picture).count
        do {
            if count > input.count {
                return try ScriptedModel(graph, picture, options: options).imported()
            }
            guard count == input.count else {
                throw ImportProblem(.unsupported, "its forward is an encoder alone", advice: "trace the decoder")
            }
            // Once more from a picture, whatever shape its forward has it in.
            let whole = try self.graph(
                inputs: [input],
                ofPicture: try ScriptedModel.pictureShape(
                    graph.assembly.shape(of: picture), options))
            guard let picture = whole.picture, let cut = ScriptedCut(whole, to: picture) else {
                throw ImportProblem(
                    .unsupported, "between the picture that goes in and the one that comes out are no latents")
            }
            return try ScriptedModel(whole, latent: cut.point, picture, options: options, cut: cut).imported()
        } catch let problem as ImportProblem {
            throw problem
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }
}

extension ScriptedProgram.Graph {
    /// The output with the most numbers, the first of several.
    var picture: GraphAssembly.Value? {
        let most = outputs.map { assembly.shape(of: $0).count }.max()
        return outputs.first { assembly.shape(of: $0).count == most }
    }
}

/// Puts a model together of parts of a graph.
struct ScriptedModel {
    var graph: GraphAssembly
    let inputs: ScriptedProgram.Graph
    let latent: GraphAssembly.Value
    let picture: GraphAssembly.Value
    let pixelRange: PixelRange
    fileprivate let cut: ScriptedCut?
    /// Whether the picture is a vector of pixels, which options give a shape and an order.
    let isVector: Bool

    /// A decoder from the graph's only input to its picture.
    init(_ graph: ScriptedProgram.Graph, _ picture: GraphAssembly.Value, options: ImportOptions) throws(ImportProblem) {
        try self.init(graph, latent: graph.inputs[0].value, picture, options: options)
    }

    fileprivate init(
        _ inputs: ScriptedProgram.Graph, latent: GraphAssembly.Value, _ picture: GraphAssembly.Value,
        options: ImportOptions,
        cut: ScriptedCut? = nil
    ) throws(ImportProblem) {
        self.inputs = inputs
        self.latent = latent
        self.cut = cut
        graph = inputs.assembly
        pixelRange = options.pixelRange ?? Self.pixelRange(of: picture, in: graph)
        let shape = try Self.pictureShape(graph.shape(of: picture), options)
        var value = picture
        isVector = graph.shape(of: value) != shape
        if isVector {
            let (channels, height, width) = (shape.extents[0], shape.extents[1], shape.extents[2])
            if options.layout == .channelsLast {
                value = try graph.add(
                    "reshape", ["shape": .integers([height, width, channels])], [value], name: "rows")
                value = try graph.add("permute", ["dims": .integers([0, 3, 1, 2])], [value], name: "picture")
            } else {
                value = try graph.add("reshape", ["shape": .integers(shape.extents)], [value], name: "picture")
            }
        }
        self.picture = value
    }

    /// - Parameter computation: what says how the decoder computes.
    func imported(
        format: String = "TorchScript archive", computation: String = "as the program's forward computes it"
    ) throws -> ImportedModel {
        let decoder = try graph.network(
            from: [latent], to: [picture], inputNames: ["z"], outputNames: ["image"], prefix: "decoder.")
        var tensors = decoder.tensors
        var encoder: Architecture.Part?
        if let cut {
            let heads = [cut.mean] + (cut.second.map { [$0] } ?? [])
            let part = try graph.network(
                from: [inputs.inputs[0].value], to: heads, inputNames: ["image"],
                outputNames: Array(["mean", "second"].prefix(heads.count)), prefix: "encoder.")
            encoder = Architecture.Part(part.network, roles: [.image])
            tensors.merge(part.tensors) { first, _ in first }
        }
        let architecture = try Architecture(
            encoder: encoder, secondHead: cut?.head ?? .none,
            decoder: Architecture.Part(decoder.network, roles: [.latent]),
            pixelRange: pixelRange, likelihood: nil)
        var findings = [Finding("decoder", computation, .known)]
        if let cut {
            findings.append(Finding("latents", "\(graph.shape(of: latent))", cut.isDrawn ? .known : .inferred))
        }
        if case .free = pixelRange { findings.append(Finding("pixel range", "found from samples", .guessed)) }
        return ImportedModel(
            try Model(architecture: architecture, tensors: tensors), format: format, findings: findings,
            usedOptions: isVector
                ? [.imageShape, .latentShape, .pixelRange, .layout] : [.imageShape, .latentShape, .pixelRange])
    }

    /// The shape of a picture that may be a vector of pixels: what was said, or else a square of one or three channels.
    static func pictureShape(_ shape: Shape, _ options: ImportOptions) throws(ImportProblem) -> Shape {
        var extents = shape.extents
        if let wanted = options.imageShape {
            guard wanted.count == 2 || wanted.count == 3 else {
                throw ImportProblem(.options, "--image-shape is H,W or C,H,W")
            }
            let area = wanted.suffix(2).reduce(1) { $0.multipliedReportingOverflow(by: max($1, 1)).partialValue }
            if shape.image == nil, area > 0 { extents = wanted.count == 3 ? wanted : [shape.count / area] + wanted }
        } else if shape.image == nil {
            let channels = [1, 3, 4].first { channels in
                let side = Int(Double(shape.count / channels).squareRoot().rounded())
                return side * side * channels == shape.count
            }
            if let channels {
                let side = Int(Double(shape.count / channels).squareRoot().rounded())
                extents = [channels, side, side]
            }
        }
        guard extents.count == 3, let made = try? Shape(extents), made.count == shape.count else {
            throw ImportProblem(
                .unsupported, "its forward returns \(shape), which is no picture", advice: "say --image-shape C,H,W")
        }
        return made
    }

    private static func pixelRange(of picture: GraphAssembly.Value, in graph: GraphAssembly) -> PixelRange {
        var value = picture
        while graph.operation(of: value)?.onlyReshapes == true, let source = graph.sources(of: value).first {
            value = source
        }
        return switch graph.operation(of: value)?.kind() {
        case "Sigmoid", "Hardsigmoid", "Softmax": .unit
        case "Tanh": .signed
        default: .free
        }
    }
}

/// Where a program that makes a picture of a picture has its latents.
private struct ScriptedCut {
    let point: GraphAssembly.Value
    let mean: GraphAssembly.Value
    let second: GraphAssembly.Value?
    let head: SecondHead
    /// Whether the point is the sum of a mean and noise.
    let isDrawn: Bool

    /// - Returns: nil where there are none.
    init?(_ graph: ScriptedProgram.Graph, to picture: GraphAssembly.Value) {
        let assembly = graph.assembly
        func isNoisy(_ value: GraphAssembly.Value) -> Bool { graph.noise.contains { assembly.depends(value, on: $0) } }
        func kind(_ value: GraphAssembly.Value) -> String { assembly.operation(of: value)?.kind() ?? "" }
        func cuts(_ value: GraphAssembly.Value) -> Bool {
            assembly.depends(picture, on: value)
                && (try? assembly.network(
                    from: [value], to: [picture], inputNames: ["z"], outputNames: ["image"], prefix: "")) != nil
        }
        // From the noise to the sum: everything else that is drawn depends on it.
        var open = [picture]
        var seen: Set<GraphAssembly.Value> = []
        while let value = open.popLast() {
            guard seen.insert(value).inserted, isNoisy(value) else { continue }
            let sources = assembly.sources(of: value)
            if kind(value) == "add", sources.count == 2, cuts(value), let mean = sources.first(where: { !isNoisy($0) }),
                let spread = sources.first(where: isNoisy)
            {
                point = value
                self.mean = mean
                isDrawn = true
                let width = assembly.sources(of: spread).first { !isNoisy($0) }
                (second, head) = width.map { Self.head($0, in: assembly) } ?? (nil, .none)
                return
            }
            open += sources
        }
        let others = graph.outputs.filter { $0 != picture && assembly.shape(of: $0).count <= Architecture.mostLatents }
        guard let mean = others.first(where: cuts) else { return nil }
        (point, self.mean, isDrawn) = (mean, mean, false)
        second = others.first { $0 != mean && assembly.shape(of: $0) == assembly.shape(of: mean) }
        head = second == nil ? .none : .logVariance
    }

    /// What a width is computed from, and how.
    private static func head(
        _ width: GraphAssembly.Value, in assembly: GraphAssembly
    ) -> (GraphAssembly.Value, SecondHead) {
        func kind(_ value: GraphAssembly.Value) -> String { assembly.operation(of: value)?.kind() ?? "" }
        guard let source = assembly.sources(of: width).first else { return (width, .sigma) }
        let before = assembly.sources(of: source).first
        switch kind(width) {
        case "exp":
            let other = assembly.operation(of: source)?.settings().first { $0.name == "other" }?.value
            let isHalved =
                kind(source) == "mul" && other == .number(0.5) || kind(source) == "div" && other == .number(2)
            if isHalved, let before { return (before, .logVariance) }
            return (source, .logSigma)
        case "sqrt": return kind(source) == "exp" ? (before ?? source, .logVariance) : (width, .sigma)
        case "Softplus": return (source, .softplus)
        default: return (width, .sigma)
        }
    }
}
