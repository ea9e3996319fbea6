import Importing
import Neural
import Numbers
import VAE

/// Finds out what a graph is, and cuts a model's parts from it.
struct GraphReading {
    /// What the inputs and outputs say a graph is.
    enum Kind { case decoder, encoder, whole }

    let options: ImportOptions
    let file: GraphFile
    var graph: TranslatedGraph
    let kind: Kind
    /// The place among the inputs of the latents, or of the picture.
    let main: Int
    let frozenBatch: Int?

    /// - Parameter wanted: what the user says that the file is; nil to find out.
    init(_ path: String, options: ImportOptions, wanted: Kind? = nil) throws(ImportProblem) {
        try self.init(try GraphFile(path), options: options, wanted: wanted)
    }

    init(_ file: GraphFile, options: ImportOptions, wanted: Kind? = nil) throws(ImportProblem) {
        self.file = file
        self.options = options
        guard !file.ports.isEmpty else { throw ImportProblem(.unsupported, "the graph has no input") }
        let frozenBatch = GraphReading.frozenBatch(file)
        self.frozenBatch = frozenBatch
        let graph = try TranslatedGraph(file, options: options, frozenBatch: frozenBatch)
        main = try GraphReading.mainInput(graph, options)
        self.graph = graph
        if let wanted { kind = wanted } else { kind = try GraphReading.kind(graph, main, options) }
    }

    /// The size of the batch that a file was made for, where that is more than one.
    static func frozenBatch(_ file: GraphFile) -> Int? {
        let sizes = file.ports.compactMap { port -> Int? in
            guard let extents = port.extents, extents.count == 2 || extents.count == 4, let first = extents[0] else {
                return nil
            }
            return first > 1 ? first : nil
        }
        // Exporters leave the outputs' extents open where a shape has a −1.
        let batches = Set(file.outputs.compactMap { $0.extents?.first ?? nil })
        return batches.isEmpty ? sizes.first : sizes.first(where: batches.contains)
    }

    /// The input that a point or a picture goes into: not a label, a condition or noise.
    private static func mainInput(_ graph: TranslatedGraph, _ options: ImportOptions) throws(ImportProblem) -> Int {
        for name in [options.latentName, options.imageName].compactMap(\.self) {
            if let place = graph.inputs.firstIndex(where: { $0.port.name == name }) { return place }
        }
        if let name = options.latentName {
            throw ImportProblem(
                .options, "there is no input \(name) in the file",
                advice: "its inputs are \(graph.inputs.map(\.port.name).joined(separator: ", "))")
        }
        let others = PortWords.noise.union(PortWords.label).union(PortWords.condition)
        let places = graph.inputs.indices.filter { !graph.inputs[$0].port.isInteger }
        let usual = places.filter {
            !graph.inputs[$0].port.has(others) && graph.inputs[$0].port.name != options.labelName
        }
        let named = usual.filter { graph.inputs[$0].port.has(PortWords.latent.union(PortWords.image)) }
        // What a table reads is an index.
        let place = named.first ?? usual.first { !graph.isLookedUp(graph.inputs[$0]) } ?? usual.first ?? places.first
        guard let place else {
            throw ImportProblem(.unsupported, "none of its inputs takes numbers for a point or a picture")
        }
        return place
    }

    private static func kind(
        _ graph: TranslatedGraph, _ main: Int, _ options: ImportOptions
    ) throws(ImportProblem) -> Kind {
        var problem: ImportProblem?
        var counts: [Int] = []
        for output in graph.outputs {
            switch output.value {
            case .computed(let handle): counts.append(handle.extents.reduce(1, *))
            case .failed(let failure): problem = problem ?? failure
            case .constant: break
            }
        }
        guard let most = counts.max() else {
            throw problem ?? ImportProblem(.badFile, "its outputs do not depend on its inputs")
        }
        let taken = graph.assembly.shape(of: graph.inputs[main].value).count
        let port = graph.inputs[main].port
        if most == taken, options.latentName == nil { return .whole }
        // Pictures may come out in another size; what goes in must then be called one.
        if most > taken, port.extents?.count == 4, port.has(PortWords.image.subtracting(PortWords.latent)) {
            return .whole
        }
        // Of several outputs one that failed may be the picture.
        if most < taken, let problem { throw problem }
        return most > taken ? .decoder : .encoder
    }

    // MARK: Outputs

    /// The output that is the picture, with its layout.
    ///
    /// - Parameter known: pictures of the same model.
    func picture(known: PictureLayout? = nil) throws(ImportProblem) -> (
        handle: Handle, layout: PictureLayout, name: String
    ) {
        var found: [(handle: Handle, layout: PictureLayout, port: Port)] = []
        var failures: [(port: Port, problem: ImportProblem)] = []
        let takesAny = options.imageName == nil || !file.outputs.contains { $0.name == options.imageName }
        for output in graph.outputs where takesAny || output.port.name == options.imageName {
            switch output.value {
            case .failed(let problem): failures.append((output.port, problem))
            case .constant: continue
            case .computed(let handle):
                if let layout = layout(of: handle, known) { found.append((handle, layout, output.port)) }
            }
        }
        let most = found.map(\.layout.count).max()
        // One that failed may be the picture, unless the file says that it is smaller.
        for failure in failures {
            let extents = failure.port.extents?.map { $0 ?? 1 }
            let count = extents.flatMap { product(of: $0, atMost: TensorReader.mostElements) }
            if count ?? .max >= most ?? 0 { throw failure.problem }
        }
        guard let most else {
            throw ImportProblem(
                .unsupported, "none of its outputs is a picture: they are \(outputText)", advice: "--image-shape C,H,W")
        }
        let largest = found.filter { $0.layout.count == most }
        guard let best = largest.first(where: { $0.port.has(PortWords.image) }) ?? largest.first else {
            throw ImportProblem(.unsupported, "none of its outputs is a picture")
        }
        return (best.handle, best.layout, best.port.name)
    }

    private var outputText: String {
        graph.outputs.map { output in
            "\(output.port.name) \(output.value.extents.map { "\($0)" } ?? "unknown")"
        }.joined(separator: ", ")
    }

    /// A vector that was a picture before is one still.
    private func layout(of handle: Handle, _ known: PictureLayout?) -> PictureLayout? {
        if handle.extents.filter({ $0 > 1 }).count == 1, handle.order == nil, options.imageShape == nil {
            let extents = graph.assembly.shape(of: graph.assembly.unreshaped(handle.value)).extents
            if extents.count == 3, let layout = PictureLayout(extents, options: options) { return layout }
        }
        return PictureLayout(handle.extents, options: options, known: known)
    }
}
