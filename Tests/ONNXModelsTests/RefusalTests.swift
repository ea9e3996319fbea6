import Foundation
import Importing
import Testing

@testable import ONNXModels

@Suite("What is refused of ONNX's files")
struct RefusalTests {
    @Test("An unknown operator is named with its node")
    func namesOperator() throws {
        let text = reason(try model([node("LSTM", ["z", "z"])]))
        #expect(text.contains("/net/LSTM") && text.contains("not supported"))
    }

    @Test("An attribute that nobody knows is named")
    func namesAttribute() throws {
        var relu = node("Relu", ["z"])
        var attribute = AttributeMessage()
        attribute.name = "sharpness"
        relu.attributes = [attribute]
        #expect(reason(try model([relu])).contains("sharpness"))
    }

    @Test("Nodes in a circle, and values that are made twice, are refused")
    func refusesCircles() throws {
        let circle = [node("Relu", ["b"], ["a"]), node("Neg", ["a"], ["b"]), node("Add", ["z", "b"])]
        let text = reason(try model(circle))
        #expect(text.contains("circle") && (text.contains("/net/Relu") || text.contains("/net/Neg")), "\(text)")
        #expect(reason(try model([node("Relu", ["z"]), node("Neg", ["z"])])).contains("two nodes"))
    }

    @Test("Sizes beyond all memory are refused before any is taken")
    func refusesHugeSizes() throws {
        let huge: Int64 = 1 << 62
        for list in [[huge, 4], [1 << 30, 4], [.max, .max], [.min, 4]] {
            for kind in ["Expand", "Tile", "Reshape"] {
                let text = reason(try model([node(kind, ["z", "s"])], constants: [integers("s", list)]))
                #expect(!text.isEmpty, "\(kind) \(list)")
            }
            let filled = [node("ConstantOfShape", ["s"], ["c"]), node("Add", ["z", "c"])]
            #expect(!reason(try model(filled, constants: [integers("s", list)])).isEmpty)
        }
        let ends = [integers("a", [0]), integers("b", [huge]), integers("c", [1])]
        #expect(
            !reason(try model([node("Range", ["a", "b", "c"], ["r"]), node("Gather", ["z", "r"])], constants: ends))
                .isEmpty)
    }

    @Test("A tensor must have as many bytes as its shape asks for")
    func refusesWrongBytes() throws {
        var tensor = TensorMessage()
        (tensor.name, tensor.element, tensor.extents, tensor.content) = ("c", 1, [4], Data([1, 2, 3]))
        #expect(reason(try model([node("Add", ["z", "c"])], constants: [tensor])).contains("3 bytes"))
        tensor.extents = [1 << 40, 1 << 40]
        #expect(reason(try model([node("Add", ["z", "c"])], constants: [tensor])).contains("too large"))
        tensor.extents = [-1]
        #expect(reason(try model([node("Add", ["z", "c"])], constants: [tensor])).contains("negative"))
    }

    @Test("Weights that are missing beside the model are named")
    func namesMissingWeights() throws {
        let wanted = try ModelCase.named("a dynamo export with its weights beside it")
        #expect(reason(wanted.decoder).contains("dynamo.onnx.data"))
    }

    @Test(
        "Weights are read from the model's own folder alone",
        arguments: ["../secret", "/etc/passwd", "a/../../b", "link"])
    func staysInFolder(_ location: String) throws {
        var tensor = TensorMessage()
        (tensor.name, tensor.element, tensor.extents, tensor.place) = ("c", 1, [4], 1)
        var entry = EntryMessage()
        (entry.key, entry.value) = ("location", location)
        tensor.elsewhere = [entry]
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "/etc/passwd")
        let file = try folder.write(model([node("Add", ["z", "c"])], constants: [tensor]), "model.onnx")
        #expect { try ONNXModel.read(file) } throws: { "\($0)".contains("outside of the model's folder") }
    }

    @Test("Messages nested deeper than any model are refused")
    func refusesNesting() throws {
        var graph = GraphMessage()
        for _ in 0..<100 {
            var attribute = AttributeMessage()
            (attribute.name, attribute.graph) = ("then_branch", graph)
            var inner = node("If", ["z"])
            inner.attributes = [attribute]
            graph = GraphMessage()
            graph.nodes = [inner]
        }
        var model = ModelMessage()
        model.graph = graph
        #expect(reason(try model.serializedBytes()).contains("nested deeper than 16 levels"))
    }

    @Test("A pointer of Git LFS, an empty file and text are no models")
    func refusesOtherFiles() {
        #expect(reason(Array("version https://git-lfs.github.com/spec/v1\n".utf8)).contains("git lfs pull"))
        #expect(!reason([]).isEmpty)
        #expect(!reason(Array("hello".utf8)).isEmpty)
    }

    @Test("An encoder alone is told from a decoder")
    func tellsEncoder() throws {
        let wanted = try ModelCase.named("two halves, two heads")
        #expect(reason(wanted.encoder).contains("--decoder"))
    }

    @Test("Whatever is done to a file's bytes, an answer comes")
    func survivesMutations() throws {
        let folder = try TemporaryFolder()
        let models = ModelCase.all.map(\.decoder) + OperatorTests.cases.map(\.model)
        var state: UInt64 = 1
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, count)))
        }
        for _ in 0..<1500 {
            var bytes = models[next(models.count)]
            for _ in 0...next(4) {
                guard !bytes.isEmpty else { break }
                let place = next(bytes.count)
                switch next(4) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes[place] ^= 1 << UInt8(next(8))
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + next(16)))
                default: bytes.insert(contentsOf: Array(repeating: 255, count: next(10)), at: place)
                }
            }
            _ = try? ONNXModel.read(folder.write(bytes, "mutant.onnx"))
        }
    }
}
