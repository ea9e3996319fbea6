import Foundation
import Importing
import Neural
import Testing
import VAE

@testable import TorchFiles

@Suite("TorchScript's forward")
struct ScriptedProgramTests {
    struct Call: Decodable {
        let input: [Float]
        let outputs: [[Float]]
    }

    static let calls: [String: Call] = {
        let data = try? Data(contentsOf: Fixture.folder.appending(path: "calls.json"))
        return (try? JSONDecoder().decode([String: Call].self, from: data ?? Data())) ?? [:]
    }()

    private func program(_ name: String) throws -> ScriptedProgram {
        try #require(try TorchFile.read(Fixture.path(name)).program)
    }

    @Test("Its graph gives what PyTorch gives, traced, scripted and frozen", arguments: calls.keys.sorted())
    func values(name: String) throws {
        let call = try #require(Self.calls[name])
        let graph = try program(name).likelyGraph()
        let inputs = [graph.inputs[0].value] + graph.noise
        let cut = try graph.assembly.network(
            from: inputs, to: graph.outputs, inputNames: inputs.indices.map { "in\($0)" },
            outputNames: graph.outputs.indices.map { "out\($0)" }, prefix: "")
        let plan = Plan(inference: cut.network, tensors: cut.tensors, capacity: 1, pool: WorkerPool(threads: 1))
        #expect(graph.assembly.shape(of: inputs[0]).count == call.input.count)
        for (index, number) in call.input.enumerated() { plan.input(0)[index] = number }
        for (place, value) in graph.noise.enumerated() {
            for index in 0..<graph.assembly.shape(of: value).count { plan.input(place + 1)[index] = 0 }
        }
        plan.forward(count: 1)
        #expect(graph.outputs.count == call.outputs.count)
        for (place, expected) in call.outputs.enumerated() {
            #expect(graph.assembly.shape(of: graph.outputs[place]).count == expected.count)
            for (index, number) in expected.enumerated() { #expect(abs(plan.output(place)[index] - number) < 1e-5) }
        }
    }

    @Test("A decoder is a model of its input, whose last activation says the pixels' range")
    func decoder() throws {
        for name in ["program-half-traced.pt", "program-half-frozen.pt"] {
            let model = try program(name).model().model
            #expect(model.architecture.latent.extents == [2])
            #expect(model.architecture.image.extents == [1, 4, 4])
            #expect(model.architecture.pixelRange == .unit)
            #expect(model.architecture.encoder == nil)
            // A factor stays one.
            let layers = model.architecture.decoder.nodes.map { $0.operation.summary(of: []) }
            #expect(layers.contains("Upsample(scale_factor=2)"))
        }
    }

    @Test("A program that draws its latents is cut there", arguments: ["traced", "scripted", "frozen"])
    func drawing(kind: String) throws {
        let imported = try program("program-drawing-\(kind).pt").model()
        let architecture = imported.model.architecture
        #expect(architecture.latent.extents == [2])
        #expect(architecture.image.extents == [1, 4, 4])
        #expect(architecture.pixelRange == .signed)
        #expect(architecture.secondHead == .logVariance)
        #expect(architecture.encoder?.outputs.count == 2)
        #expect(imported.findings.contains(Finding("latents", "2", .known)))
    }

    @Test("One that draws nothing is cut where an output is what the picture is made of")
    func plain() throws {
        let imported = try program("program-rich-traced.pt").model()
        #expect(imported.model.architecture.latent.extents == [2])
        #expect(imported.model.architecture.image.extents == [1, 8, 8])
        #expect(imported.isGuessed)
    }

    /// A program of one module with this body of `forward`, an input of four numbers, and a weight of two rows.
    private func follow(_ body: String, others: String = "") throws -> ScriptedProgram.Graph {
        let text = """
            class Net(Module):
              __parameters__ = ["weight", ]
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
            \(body.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            \(others)
            """
        let code = ScriptedCode(modules: ["__torch__": text])
        let record = ModuleRecord(path: "", className: "Net", settings: [:], scriptedName: "__torch__.Net")
        let weight = Tensor(extents: [2, 4], values: [Float](repeating: 1, count: 8))
        let entry = TorchFile.Entry(name: "weight", tensor: weight, type: .float32)
        return try ScriptedProgram(code, [record], [entry]).graph(inputs: [try Shape([4])])
    }

    @Test("Statements are carried out: choices, loops, functions, values taken apart")
    func statements() throws {
        let graph = try follow(
            """
            a, b, = torch.chunk(x, 2, 1)
            if torch.eq(torch.dim(x), 2):
              c = torch.add(a, b)
            else:
              c = ops.prim.RaiseException("no")
            sizes = annotate(List[int], [])
            for i in range(2):
              _1 = torch.append(sizes, torch.add(i, 1))
            d = torch.view(c, [torch.size(x, 0), sizes[0], sizes[1]])
            return __torch__.twice(d, )
            """, others: "def twice(x: Tensor,\n    factor: float=2.) -> Tensor:\n  return torch.mul(x, factor)")
        #expect(graph.assembly.shape(of: graph.outputs[0]).extents == [1, 2])
    }

    @Test(
        "What cannot be followed is named",
        arguments: [
            ("return torch.fft(x)", "torch.fft"), ("while True:\n  pass", "while True:"),
            ("for i in range(torch.size(x, 0)):\n  pass", "a loop"), ("return (self).forward(x)", "so deep"),
            ("if torch.gt(x, 0):\n  pass", "a condition"), ("return torch.linear(x, self.bias)", "torch.linear"),
            ("a = [1][3]\nreturn x", "an index"), ("return )(", "return )("), ("return 3", "no tensor"),
            (
                "return \(String(repeating: "torch.relu(", count: 200))x\(String(repeating: ")", count: 200))",
                "torch.relu"
            ),
        ])
    func unsupported(body: String, word: String) throws {
        let problem = #expect(throws: ImportProblem.self) { _ = try follow(body) }
        #expect(problem?.kind == .unsupported)
        #expect(problem?.reason.contains(word) == true, "\(problem?.reason ?? "")")
    }

    /// What a body of `forward` computes of four numbers.
    private func values(_ body: String, of input: [Float]) throws -> [Float] {
        let graph = try follow(body)
        let cut = try graph.assembly.network(
            from: [graph.inputs[0].value], to: graph.outputs, inputNames: ["x"], outputNames: ["y"], prefix: "")
        let plan = Plan(inference: cut.network, tensors: cut.tensors, capacity: 1, pool: WorkerPool(threads: 1))
        for (index, number) in input.enumerated() { plan.input(0)[index] = number }
        plan.forward(count: 1)
        return (0..<graph.assembly.shape(of: graph.outputs[0]).count).map { plan.output(0)[$0] }
    }

    @Test(
        "Arguments are read, wherever they stand",
        arguments: [
            ("return torch.add(x, x, alpha=3)", [4, -8, 2, 12]), ("return torch.rsub(x, 1, 3)", [-2, 7, -0.5, -8]),
            ("return torch.div(x, 0.75, rounding_mode=\"floor\")", [1, -3, 0, 4]),
            ("return torch.div(x, 0.75, rounding_mode=\"trunc\")", [1, -2, 0, 4]),
            ("return torch.round(torch.div(x, 16), decimals=1)", [0.1, -0.1, 0, 0.2]),
            ("return torch.to(x, torch.device(\"cpu\"), 6, False, True)", [1, -2, 0.5, 3]),
            ("return torch.roll(x, [1], [1])", [3, 1, -2, 0.5]), ("return torch.flip(x, [1])", [3, 0.5, -2, 1]),
            ("return torch.cumsum(x, 1)", [1, -1, -0.5, 2.5]), ("return torch.clamp_min(x, 0.75)", [1, 0.75, 0.75, 3]),
            ("return torch.where(torch.lt(x, 1), 7., x)", [1, 7, 7, 3]),
            ("return torch.threshold(x, 0.5, 9.)", [1, 9, 9, 3]),
            ("return torch.rrelu(x, 0.2, 0.4)", [1, -0.6, 0.5, 3]),
            ("return torch.lerp(x, torch.neg(x), 0.25)", [0.5, -1, 0.25, 1.5]),
        ] as [(String, [Float])])
    func arguments(body: String, expected: [Float]) throws {
        let values = try values(body, of: [1, -2, 0.5, 3])
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 } && values.count == 4, "\(values)")
    }

    @Test(
        "An argument that nobody reads is refused by its name, with the place of the statement",
        arguments: [
            ("return torch.softmax(x, 1, 3)", "torch.softmax with dtype"),
            ("return torch.sigmoid(x, deep=1)", "torch.sigmoid with deep"),
            ("return torch.elu(x, 1., 2., 1.)", "torch.elu with scale"),
            ("y = torch.relu(x)\nreturn torch.rrelu(y, 0.1, 0.2, True)", "torch.rrelu with training"),
            ("return torch.to(x, 3)", "a conversion to whole numbers"),
        ])
    func unread(body: String, word: String) throws {
        let problem = try #require(throws: ImportProblem.self) { _ = try follow(body) }
        #expect(problem.reason.contains(word), "\(problem)")
        let line = 4 + body.split(separator: "\n").count
        #expect(problem.reason.contains("(line \(line) of __torch__.py)"), "\(problem)")
    }

    @Test(
        "A view leaves out its first extent where that is the number of samples alone",
        arguments: [
            ("[-1, 2, 2]", true), ("[1, -1]", true), ("[1, 2, -1]", true), ("[torch.size(x, 0), -1]", true),
            ("[4, -1]", false), ("[-1, 2]", false), ("[2, 2]", false), ("[-1, 4, -1]", false),
            ("[torch.mul(torch.size(x, 0), 2), -1]", false), ("[2, torch.size(x, 0), 2]", false),
        ])
    func views(shape: String, isFollowed: Bool) throws {
        let body = "return torch.view(x, \(shape))"
        if isFollowed {
            #expect(try follow(body).outputs.count == 1)
        } else {
            #expect(throws: ImportProblem.self) { _ = try follow(body) }
        }
    }

    @Test("A number of samples that another view proves is one; views that disagree are refused")
    func provenBatch() throws {
        #expect(try follow("y = torch.view(x, [8, -1])\nreturn torch.view(y, [8, 2, 2])").outputs.count == 1)
        #expect(throws: ImportProblem.self) {
            _ = try follow("y = torch.view(x, [8, -1])\nreturn torch.view(y, [2, 4])")
        }
        #expect(throws: ImportProblem.self) {
            _ = try follow("y = torch.view(x, [8, 4])\nreturn torch.view(y, [2, 4])")
        }
    }

    @Test("What is written over a value changes it, and whatever shares its numbers is not used any more")
    func overwriting() throws {
        #expect(try values("y = torch.relu_(x)\nreturn torch.add(x, y)", of: [1, -2, 0.5, 3]) == [2, 0, 1, 6])
        #expect(
            try values("y = torch.clone(x)\nz = torch.relu_(y)\nreturn torch.add(x, z)", of: [1, -2, 0.5, 3])
                == [2, -2, 1, 6])
        let body = "y = torch.view(x, [1, 2, 2])\nz = torch.relu_(y)\nreturn torch.add(x, 1)"
        let problem = try #require(throws: ImportProblem.self) { _ = try follow(body) }
        #expect(problem.reason.contains("overwritten"))
    }

    @Test("Lists within lists end with a bound")
    func nested() throws {
        let body = ["a = [x]"] + [String](repeating: "a = [a]", count: 10_000) + ["return a"]
        let problem = #expect(throws: ImportProblem.self) { _ = try follow(body.joined(separator: "\n")) }
        #expect(problem?.reason.contains("lists within lists") == true)
    }

    @Test("Loops within loops end with a bound")
    func bomb() {
        let body =
            (0..<6).map { "\(String(repeating: "  ", count: $0))for i\($0) in range(60):" } + [
                String(repeating: "  ", count: 6) + "y = torch.relu(x)", "return x",
            ]
        #expect(throws: ImportProblem.self) { _ = try follow(body.joined(separator: "\n")) }
    }

    @Test("Changed code gives a graph or a sentence")
    func mutations() throws {
        let archive = try program("program-rich-traced.pt")
        #expect(!archive.modules.isEmpty)
        let body = Array(
            """
            a, b, = torch.chunk(torch.relu(x), 2, 1)
            if torch.eq(torch.dim(x), 2):
              c = torch.add(a, torch.mul(b, 0.5))
            else:
              c = a
            return torch.view(c, [-1, 1, 2]), torch.linear(x, self.weight)
            """.utf8)
        var random = CounterGenerator(seed: 9, purpose: .shuffle)
        var followed = 0
        for _ in 0..<2000 {
            var bytes = body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0x20..<0x7F, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(body[Int.random(in: 0..<body.count, using: &random)], at: place)
                }
            }
            do {
                _ = try follow(String(decoding: bytes, as: UTF8.self))
                followed += 1
            } catch { #expect(error is ImportProblem) }
        }
        #expect(followed > 0)
    }
}
