import Importing
import Neural

/// A file's graph as layers, with its inputs and outputs.
struct TranslatedGraph {
    struct Input {
        let port: Port
        /// As the network has it: a vector, or channels × height × width.
        let value: GraphAssembly.Value
        /// As the graph's nodes see it, for one sample.
        let extents: [Int]
    }

    let file: GraphFile
    let translation: GraphTranslation
    let inputs: [Input]
    let outputs: [(port: Port, value: TranslatedValue)]

    var assembly: GraphAssembly { translation.assembly }

    /// - Parameters:
    ///   - pictures: how inputs that are pictures lie; all others are taken as they are.
    ///   - frozenBatch: the size of the batch that the graph was made for, where that is more than one.
    init(
        _ file: GraphFile, options: ImportOptions, pictures: [String: PictureLayout] = [:], frozenBatch: Int?
    ) throws(ImportProblem) {
        self.file = file
        // Constants that are computed may be a few times as large as those in the file.
        translation = GraphTranslation(
            file.message, version: file.version,
            tensors: TensorReader(folder: ExternalFolder(ofModel: file.path)), frozenBatch: frozenBatch,
            allowance: 4 * file.size + (1 << 24))
        try translation.addConstants(file.message.graph)
        var inputs: [Input] = []
        for port in file.ports {
            if port.isFlag {
                // Whether the model is trained: no.
                try translation.define(port.name, .constant(ConstantTensor([], integers: [0])))
                inputs.append(
                    Input(
                        port: port, value: translation.assembly.input(port.name, try TranslatedGraph.one()), extents: []
                    ))
                continue
            }
            let extents: [Int]
            do throws(ImportProblem) {
                extents = try InputExtents(port, options: options, frozenBatch: frozenBatch).extents
            } catch {
                // Only who needs the input must know its size.
                try translation.define(port.name, .failed(error))
                inputs.append(
                    Input(
                        port: port, value: translation.assembly.input(port.name, try TranslatedGraph.one()),
                        extents: [1]))
                continue
            }
            let made = try TranslatedGraph.make(port, extents, pictures[port.name], translation)
            var handle = made.handle
            // Without a batch an input of rank 1 has none; else it is the first axis.
            handle.batchAxis = handle.rank > 0 && extents[0] == 1 ? 0 : nil
            try translation.define(port.name, .computed(handle))
            inputs.append(Input(port: port, value: made.value, extents: extents))
        }
        self.inputs = inputs
        try translation.translate(file.message.graph.nodes)
        var outputs: [(port: Port, value: TranslatedValue)] = []
        for port in file.outputs {
            guard let value = translation.value(port.name) else {
                throw ImportProblem(.badFile, "the file has an output \(port.name), and none of its nodes makes it")
            }
            outputs.append((port, value))
        }
        self.outputs = outputs
    }

    private static func one() throws(ImportProblem) -> Shape {
        do { return try Shape([1]) } catch { throw ImportProblem(.badFile, "\(error)") }
    }

    /// An input of the network, and the value that the graph's nodes see.
    private static func make(
        _ port: Port, _ extents: [Int], _ picture: PictureLayout?, _ translation: GraphTranslation
    ) throws(ImportProblem) -> (value: GraphAssembly.Value, handle: Handle) {
        let bare = extents.count > 1 && extents[0] == 1 ? Array(extents.dropFirst()) : extents
        let long = bare.filter { $0 > 1 }
        let shape: Shape
        do {
            if let picture {
                shape = try Shape(picture.source?.image ?? picture.image)
            } else if bare.count == 3, long.count > 1 {
                shape = try Shape(bare)
            } else {
                shape = try Shape([Shape(bare.isEmpty ? [1] : long.isEmpty ? [1] : long).count])
            }
        } catch { throw ImportProblem(.unsupported, "the input \(port.name) is \(extents): \(error)") }
        let value = translation.assembly.input(port.name.isEmpty ? "input" : port.name, shape)
        var handle = Handle(value, extents, batchAxis: nil, isInteger: port.isInteger)
        if let source = picture?.source {
            var gray = try translation.assembly.add(
                "narrow", ["dim": .integer(1), "start": .integer(0), "length": .integer(1)], [value], name: "gray")
            gray = try translation.assembly.add("mul", ["other": .number(source.scale)], [gray], name: "scaled")
            handle.value = try translation.assembly.add("add", ["other": .number(source.offset)], [gray], name: "moved")
            return (value, handle)
        }
        if let picture, picture.hasChannelsLast, shape.extents[0] > 1 {
            handle.value = try translation.assembly.add(
                "permute", ["dims": [0, 2, 3, 1].setting], [value], name: "channels_last")
        }
        return (value, handle)
    }
}

extension [Int] {
    fileprivate var setting: Setting { .integers(self) }
}

/// The extents of an input for a batch of one sample.
struct InputExtents {
    let extents: [Int]

    init(_ port: Port, options: ImportOptions, frozenBatch: Int?) throws(ImportProblem) {
        guard let declared = port.extents else {
            throw ImportProblem(
                .unsupported, "the input \(port.name) has no shape in the file, so nobody knows its size")
        }
        if let size = port.hugeExtent {
            throw ImportProblem(.unsupported, "the input \(port.name) has an axis of \(size), which is not supported")
        }
        guard declared.count <= 6 else {
            throw ImportProblem(
                .unsupported, "the input \(port.name) has \(declared.count) axes, which is not supported")
        }
        var extents = declared
        if let first = declared.first, first == nil || first == frozenBatch { extents[0] = 1 }
        let open = extents.indices.filter { extents[$0] == nil }
        if !open.isEmpty {
            let given = extents.count == 4 ? InputExtents.given(port, declared, options) : nil
            guard let given else {
                throw ImportProblem(
                    .options, "the file leaves the size of the input \(port.name) open",
                    advice: port.has(PortWords.image) ? "--image-shape C,H,W" : "--latent-shape C,H,W")
            }
            for axis in open { extents[axis] = given[axis] }
        }
        self.extents = extents.map { $0 ?? 1 }
    }

    /// The shape of a map or picture as the options have it, as the input's axes are; the usual map where they say nothing.
    private static func given(_ port: Port, _ declared: [Int?], _ options: ImportOptions) -> [Int]? {
        let isLast = declared[1] == nil && declared[3] != nil
        let channels = (isLast ? declared[3] : declared[1]) ?? 1
        var shape = options.latentShape
        if channels <= 3 || port.name == options.imageName, let image = options.imageShape {
            shape = image.count == 2 ? [channels] + image : image
        }
        guard let shape, shape.count == 3 else { return nil }
        return isLast ? [1, shape[1], shape[2], shape[0]] : [1] + shape
    }
}
