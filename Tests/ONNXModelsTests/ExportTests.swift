import Foundation
import Importing
import Neural
import Testing
import VAE

@testable import ONNXModels

@Suite("Writing ONNX")
struct ExportTests {
    @Test("Every layer of the catalog has its operators")
    func tableIsComplete() {
        let missing = LayerCatalog.entries.map(\.name).filter { LayerTable.functions[$0] == nil }
        #expect(missing.isEmpty)
        #expect(Set(WrittenLayerCase.all.flatMap(\.nodes).map(\.type)).count > 80)
    }

    /// With the batch an input may have six axes; what is read has no more.
    private static let readable = WrittenLayerCase.all.filter { $0.shapes.allSatisfy { $0.count < 6 } }

    @Test("A layer that was written computes the same when it is read", arguments: readable)
    func readsBack(_ wanted: WrittenLayerCase) throws {
        let bytes = try ONNXExport(wanted.network(), wanted.parameters).bytes
        let file = try GraphFile(bytes, path: "written.onnx")
        let graph = try TranslatedGraph(file, options: ImportOptions(), frozenBatch: nil)
        let output = try #require(try graph.computedOutputs().first?.value)
        // A layer of constants alone reads no input.
        let inputs = graph.inputs.filter { graph.assembly.depends(output, on: $0.value) }
        let (network, tensors) = try graph.assembly.network(
            from: inputs.map(\.value), to: [output], inputNames: inputs.map(\.port.name), outputNames: ["y"],
            prefix: "")
        let read = graph.inputs.indices.filter { graph.assembly.depends(output, on: graph.inputs[$0].value) }
        let found = compute(network, tensors, read.map { wanted.inputs[$0] }, count: wanted.batch)[0]
        #expect(difference(found, wanted.output) < 1e-4)
    }

    @Test(
        "A size that is a multiple of the map's is written as resizing, and another as products",
        arguments: [("nearest", [6, 4], "Resize"), ("bilinear", [6, 4], "Resize"), ("nearest", [4, 4], "MatMul")])
    func resizes(mode: String, size: [Int], operatorName: String) throws {
        let layer = try #require(LayerCatalog.entry(named: "Upsample")).make([
            (name: "size", value: .integers(size)), (name: "mode", value: .text(mode)),
        ])
        let network = try Network(
            inputs: [Shape([2, 3, 2])], nodes: [.init(layer, inputs: [0], name: "up")], outputs: [1])
        let file = try GraphFile(try ONNXExport(network, [:]).bytes, path: "written.onnx")
        #expect(Set(file.message.graph.nodes.map(\.operatorName)) == [operatorName])
    }

    // MARK: Models

    private static func model(
        pixelRange: PixelRange = .signed, likelihood: Likelihood? = nil
    ) throws -> Model {
        let row = try #require(LayerCatalog.entry(named: "Embedding")).make([
            (name: "num_embeddings", value: .integer(3)), (name: "embedding_dim", value: .integer(2)),
        ])
        let join = try #require(LayerCatalog.entry(named: "cat")).make([(name: "dim", value: .integer(1))])
        let decoder = try Network(
            inputs: [Shape([2]), Shape([1])],
            nodes: [
                .init(row, inputs: [1], name: "decoder.row"), .init(.flatten, inputs: [2], name: "decoder.flat"),
                .init(join, inputs: [0, 3], name: "decoder.all"),
                .init(.linear(inputs: 4, outputs: 6), inputs: [4], name: "decoder.fc"),
                .init(.unflatten(Shape([1, 2, 3])), inputs: [5], name: "decoder.map"),
            ], outputs: [6], inputNames: ["z", "label"], outputNames: ["image"])
        let encoder = try Network(
            sequential: [.flatten, .linear(inputs: 6, outputs: 4)], input: Shape([1, 2, 3]), name: "encoder",
            inputName: "image")
        let architecture = try Architecture(
            encoder: Architecture.Part(encoder, roles: [.image]), secondHead: .logSigma,
            decoder: Architecture.Part(decoder, roles: [.latent, .label(classes: 3, .index)]), pixelRange: pixelRange,
            likelihood: likelihood)
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in architecture.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 7 + place * 5) % 11 - 5) / 4 }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        return try Model(architecture: architecture, tensors: tensors)
    }

    @Test("A conditional model comes back whole from its two files: classes, range of pixels, heads, values")
    func model() throws {
        let model = try Self.model()
        let folder = try TemporaryFolder()
        let decoder = try folder.write(ONNXExport(model, .decoder).bytes, "decoder.onnx")
        let encoder = try folder.write(ONNXExport(model, .encoder).bytes, "encoder.onnx")
        let read = try ONNXModel.read(decoder: decoder, encoder: encoder)
        #expect(read.model.architecture.pixelRange == .signed)
        #expect(read.model.architecture.secondHead == .logSigma)
        #expect(read.model.architecture.classCount == 3)
        #expect(!read.isGuessed)
        let pool = WorkerPool(threads: 1)
        for label in 0..<3 {
            var (one, other) = (model, read.model)
            (one.condition.label, other.condition.label) = (label, label)
            let points: [Float] = [0.5, -1, 2, 0]
            let wanted = Decoder(one, pool: pool).decode(points, count: 2)
            #expect(difference(Decoder(other, pool: pool).decode(points, count: 2), wanted) < 1e-5)
        }
        let images = (0..<12).map { Float($0) / 12 }
        let wanted = try Encoder(model, pool: pool).encode(images, count: 2)
        let found = try Encoder(read.model, pool: pool).encode(images, count: 2)
        #expect(difference(found.means, wanted.means) < 1e-5)
        #expect(difference(found.logVariances, wanted.logVariances) < 1e-5)
    }

    @Test("The inputs and outputs have names and types that people know, and a free batch")
    func ports() throws {
        let decoder = try GraphFile(try ONNXExport(Self.model(), .decoder).bytes, path: "")
        #expect(decoder.ports.map(\.name) == ["z", "label"])
        #expect(decoder.ports.map(\.extents) == [[nil, 2], [nil]])
        #expect(decoder.ports.map(\.isInteger) == [false, true])
        #expect(decoder.outputs.map(\.name) == ["image"])
        #expect(decoder.outputs.map(\.extents) == [[nil, 1, 2, 3]])
        #expect(decoder.version == 17)
        let encoder = try GraphFile(try ONNXExport(Self.model(), .encoder).bytes, path: "")
        #expect(encoder.ports.map(\.name) == ["image"])
        #expect(encoder.outputs.map(\.name) == ["mean", "logsigma"])
        let logits = try GraphFile(try ONNXExport(Self.model(pixelRange: .logits), .decoder).bytes, path: "")
        #expect(logits.outputs.map(\.name) == ["logits"])
    }

    @Test("What was guessed before is a guess in the file too")
    func guesses() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(ONNXExport(Self.model(), .decoder, guessed: "decoder.3: ReLU").bytes, "a.onnx")
        let findings = try ONNXModel.read(file).findings
        #expect(findings.filter { $0.certainty == .guessed }.map(\.value) == ["decoder.3: ReLU"])
    }

    @Test("An encoder that is not there is refused with the option's name")
    func noEncoder() throws {
        let whole = try Self.model().architecture
        let alone = try Architecture(
            encoder: nil, decoder: Architecture.Part(whole.decoder, roles: whole.decoderRoles), likelihood: nil)
        let tensors = try Self.model().tensors.filter { $0.key.hasPrefix("decoder.") }
        #expect(throws: ONNXExportProblem.noEncoder) {
            try ONNXExport(Model(architecture: alone, tensors: tensors), .encoder)
        }
        #expect(ONNXExportProblem.noEncoder.description.contains("--part encoder"))
        #expect(ONNXExportProblem.tooLarge(3 << 30).description.contains("2 GB"))
        #expect(ONNXExportProblem.unknownLayer("decoder.3", "Fold").description.contains("layer decoder.3: Fold"))
    }

    @Test("What is cut off a transposed convolution's ends goes into its pads, also where an activation stands between")
    func crops() throws {
        let cut = try #require(LayerCatalog.entry(named: "pad")).make([(name: "pad", value: .integers([0, -1, 0, -2]))])
        let layer = TransposedConvolution(
            inputs: 1, outputs: 2, kernel: Extent(3), stride: Extent(2), padding: Extent(0))
        let network = try Network(
            sequential: [.transposedConvolution(layer), .activation(.relu), cut, .activation(.tanh)],
            input: Shape([1, 3, 3]), name: "decoder")
        let tensors = [
            "decoder.0.weight": Tensor(extents: [1, 2, 3, 3], values: (0..<18).map { Float($0 % 5) / 4 - 0.4 }),
            "decoder.0.bias": Tensor(extents: [2], values: [0.1, -0.1]),
        ]
        let file = try GraphFile(try ONNXExport(network, tensors).bytes, path: "")
        #expect(file.message.graph.nodes.map(\.operatorName) == ["ConvTranspose", "Relu", "Tanh"])
        let graph = try TranslatedGraph(file, options: ImportOptions(), frozenBatch: nil)
        let output = try #require(try graph.computedOutputs().first?.value)
        let (read, weights) = try graph.assembly.network(
            from: [graph.inputs[0].value], to: [output], inputNames: ["x"], outputNames: ["y"], prefix: "")
        let image = (0..<9).map { Float($0) / 9 - 0.5 }
        #expect(difference(compute(read, weights, [image])[0], compute(network, tensors, [image])[0]) < 1e-6)
    }

    // MARK: ONNX Runtime

    /// A Python that has onnxruntime: `$LATENTWALK_PYTHON`, or the system's.
    private static let python: String? = {
        let python = ProcessInfo.processInfo.environment["LATENTWALK_PYTHON"] ?? "python3"
        return (try? run(python, ["-c", "import onnxruntime"]))?.status == 0 ? python : nil
    }()

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test(
        "ONNX Runtime computes what PyTorch does with every layer that we write",
        .enabled(if: python != nil, "needs a Python with onnxruntime: name it in LATENTWALK_PYTHON"))
    func runs() throws {
        var records = RecordWriter()
        // Of values about 1000 its instance normalization loses digits: two ten thousandths.
        let cases = WrittenLayerCase.all.filter { !$0.name.contains("about 1000") }
        #expect(cases.count > 600)
        for wanted in cases {
            records.add(wanted.name)
            records.add(try ONNXExport(wanted.network(), wanted.parameters).bytes)
            records.add(wanted.batch)
            for values in wanted.inputs { records.add(values) }
            records.add(wanted.output)
        }
        let folder = try TemporaryFolder()
        let file = try folder.write(records.bytes, "layers.bin")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/run_layers.py").path
        let result = try Self.run(try #require(Self.python), [script, file])
        #expect(result.output == "\(cases.count) agree\n")
        #expect(result.status == 0)
    }
}
