import Files
import Neural
internal import SwiftProtobuf
import VAE

/// Writes a part of a model as an ONNX file.
///
/// The batch is free. A decoder has the inputs `z` `[batch, latents]` (or a map), and what the model wants beside it: a
/// label as int64 `[batch]`, or as float32 `[batch, classes]` where the model takes one-hot vectors, conditions and noise as
/// float32. It answers with `image` `[batch, channels, height, width]` as the decoder returns it, called `logits` where it
/// returns those. An encoder takes `image` in the same range and answers with `mean` and, where the model has one, the second
/// head under the name of what it says: `logvar`, `logsigma`, `sigma`, `softplus`.
public struct ONNXExport {
    /// Which of a model's networks.
    public enum Part: String, CaseIterable, Sendable {
        case decoder, encoder
    }

    private let message: ModelMessage

    /// Protocol buffers, and so ONNX files without others beside them, end at 2 GiB.
    private static let largest = Int(Int32.max)
    /// For nodes and names.
    private static let room = 16 << 20

    /// - Parameter guessed: what was guessed about the model when it was opened, in a clause; nil where nothing was.
    /// - Throws: ``ONNXExportProblem``
    public init(_ model: Model, _ part: Part, guessed: String? = nil) throws(ONNXExportProblem) {
        let architecture = model.architecture
        let network: Network
        switch part {
        case .decoder: network = architecture.decoder
        case .encoder:
            guard let encoder = architecture.encoder else { throw .noEncoder }
            network = encoder
        }
        let size = 4 * network.parameters.elementCount
        guard size < ONNXExport.largest - ONNXExport.room else { throw .tooLarge(size) }
        let graph = GraphWriter(name: part.rawValue)
        let roles = part == .decoder ? architecture.decoderRoles : architecture.encoderRoles
        let outputs = try ONNXExport.write(network, roles, model.tensors, graph)
        switch part {
        case .decoder:
            let whole = graph.repeated(outputs[0], architecture.image.extents)
            graph.output(whole, architecture.pixelRange == .logits ? "logits" : "image", architecture.image.extents)
        case .encoder: ONNXExport.addHeads(outputs, network.outputShapes, architecture, graph)
        }
        message = ONNXExport.message(
            graph, ["pixel_range": part == .decoder ? architecture.pixelRange.property : nil, "guessed": guessed])
    }

    /// A network by itself, with its own names.
    init(_ network: Network, _ tensors: [String: Tensor]) throws(ONNXExportProblem) {
        let graph = GraphWriter(name: "network")
        let roles = network.inputs.map { _ in InputRole.condition }
        let outputs = try ONNXExport.write(network, roles, tensors, graph)
        for (index, value) in outputs.enumerated() {
            let extents = network.outputShapes[index].extents
            graph.output(graph.repeated(value, extents), network.outputNames[index], extents)
        }
        message = ONNXExport.message(graph, [:])
    }

    /// Writes the file in one step.
    ///
    /// - Throws: `FileError`
    public func write(to path: String) throws(FileError) {
        try AtomicFile.write(bytes, to: path)
    }

    /// The whole file.
    public var bytes: [UInt8] {
        // All fields that the format asks for are there.
        (try? message.serializedBytes() as [UInt8]) ?? []
    }

    // MARK: Parts of the graph

    /// - Returns: what the network answers with.
    private static func write(
        _ network: Network, _ roles: [InputRole], _ tensors: [String: Tensor], _ graph: GraphWriter
    ) throws(ONNXExportProblem) -> [GraphWriter.Value] {
        var values = inputs(network, roles, graph)
        let crops = FoldedCrops(network)
        for (index, node) in network.nodes.enumerated() {
            if crops.nodes.contains(index) {
                values.append(values[node.inputs[0]])
            } else {
                values.append(try write(node, of: network, values, tensors, crops.amounts[index], graph))
            }
        }
        return network.outputs.map { values[$0] }
    }

    /// The network's inputs; labels are the numbers of classes.
    private static func inputs(_ network: Network, _ roles: [InputRole], _ graph: GraphWriter) -> [GraphWriter.Value] {
        let ports = network.inputs.indices.map { index in
            if case .label(_, .index) = roles[index] {
                return graph.input(network.inputNames[index], [], .int64)
            }
            return graph.input(network.inputNames[index], network.inputs[index].extents)
        }
        return ports.map { port in
            guard port.isInteger else { return port }
            let name = graph.add("Unsqueeze", [port.name, graph.list([1])], name: port.name)
            return GraphWriter.Value(name: name, isInteger: true)
        }
    }

    private static func write(
        _ node: Network.Node, of network: Network, _ values: [GraphWriter.Value], _ tensors: [String: Tensor],
        _ crop: (rows: Int, columns: Int)?, _ graph: GraphWriter
    ) throws(ONNXExportProblem) -> GraphWriter.Value {
        let shapes = network.inputShapes(of: node)
        let kind = node.operation.kind(of: shapes)
        guard let function = LayerTable.functions[kind], let output = try? node.operation.outputShape(of: shapes) else {
            throw .unknownLayer(node.name, kind)
        }
        var inputs = node.inputs.map { values[$0] }
        let hasBatch = inputs.contains(where: \.hasBatch)
        if hasBatch, !LayerTable.broadcasting.contains(kind) {
            inputs = zip(inputs, shapes).map { graph.repeated($0, $1.extents) }
        }
        var own: [String: Tensor] = [:]
        for parameter in node.operation.parameters(named: node.name) {
            own[String(parameter.name.dropFirst(node.name.count + 1))] = tensors[parameter.name]
        }
        // In a file of its own a network's name says nothing.
        let words = node.name.split(separator: ".", maxSplits: 1)
        let isPart = words.count == 2 && Part(rawValue: String(words[0])) != nil
        let layer = WrittenLayer(
            name: isPart ? String(words[1]) : node.name, kind: kind, operation: node.operation, inputs: inputs,
            shapes: shapes, output: output,
            tensors: own, graph: graph, crop: crop)
        return GraphWriter.Value(name: function(layer), hasBatch: hasBatch)
    }

    /// The means and the second head, apart from each other and shaped as a point is.
    private static func addHeads(
        _ outputs: [GraphWriter.Value], _ shapes: [Shape], _ architecture: Architecture, _ graph: GraphWriter
    ) {
        let (latent, head) = (architecture.latent.extents, architecture.secondHead)
        var names = zip(outputs, shapes).map { value, shape in
            let whole = graph.float(graph.repeated(value, shape.extents))
            return shape.extents.count == 1
                ? whole : graph.add("Flatten", [whole], ["axis": .integer(1)], name: "posterior")
        }
        if names.count == 1, head != .none {
            names = graph.add("Split", names, ["axis": .integer(1)], name: "posterior", outputs: 2)
        }
        for (name, title) in zip(names, ["mean", head.rawValue]) {
            let shaped =
                latent.count == 1 ? name : graph.add("Reshape", [name, graph.list([0] + latent)], name: "posterior")
            graph.output(GraphWriter.Value(name: shaped), title, latent)
        }
    }

    private static func message(_ graph: GraphWriter, _ properties: KeyValuePairs<String, String?>) -> ModelMessage {
        var message = ModelMessage()
        message.formatVersion = Int64(GraphWriter.formatVersion)
        message.producer = "latentwalk"
        message.graph = graph.message
        var operators = OperatorSetMessage()
        operators.version = Int64(GraphWriter.operatorVersion)
        message.operatorSets = [operators]
        message.properties = properties.compactMap { name, value in
            guard let value else { return nil }
            var entry = EntryMessage()
            (entry.key, entry.value) = (FileProperty.prefix + name, value)
            return entry
        }
        return message
    }
}

/// What our files say beside the graph.
enum FileProperty {
    static let prefix = "latentwalk."
}

extension PixelRange {
    /// As `--pixel-range` takes it; nil for what is found from samples.
    fileprivate var property: String? {
        switch self {
        case .bounded(let low, let high): "\(low),\(high)"
        case .logits: "logits"
        case .free: nil
        }
    }

    init?(property: String) {
        if property == "logits" {
            self = .logits
            return
        }
        let ends = property.split(separator: ",").compactMap { Float($0) }
        guard ends.count == 2, ends[0] < ends[1], (ends[1] - ends[0]).isFinite else { return nil }
        self = .bounded(ends[0], ends[1])
    }
}

/// Why a model cannot be an ONNX file. Each case prints one sentence.
public enum ONNXExportProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The layer's name and its type.
    case unknownLayer(String, String)
    /// Bytes of the tensors.
    case tooLarge(Int)
    case noEncoder

    public var description: String {
        switch self {
        case .unknownLayer(let name, let kind):
            "layer \(name.printable): \(kind) has no counterpart among ONNX's operators: convert to .safetensors instead"
        case .tooLarge(let bytes):
            "an ONNX file ends at 2 GB, and the model's numbers take \(bytes >> 20) MB: convert to .safetensors instead"
        case .noEncoder: "--part encoder is for models that have one, and this one is a decoder alone: leave it out"
        }
    }
}
