import Testing

@testable import Neural

@Suite("Layers' settings")
struct LayerSettingsTests {
    /// A layer, and inputs that it can't take.
    struct Misfit: Sendable, CustomTestStringConvertible {
        let type: String
        let keywords: [(name: String, value: Setting)]
        let shapes: [[Int]]

        init(_ type: String, _ keywords: [(name: String, value: Setting)], _ shapes: [Int]...) {
            self.type = type
            self.keywords = keywords
            self.shapes = shapes
        }

        var testDescription: String { "\(type) \(keywords.map { "\($0.name)=\($0.value)" }) of \(shapes)" }
    }

    static let misfits: [Misfit] = [
        Misfit("GroupNorm", [("num_groups", .integer(4)), ("num_channels", .integer(6))], [6, 3, 3]),
        Misfit("GroupNorm", [("num_groups", .integer(0)), ("num_channels", .integer(6))], [6, 3, 3]),
        Misfit("GroupNorm", [("num_groups", .integer(2)), ("num_channels", .integer(6))], [4, 3, 3]),
        Misfit("LayerNorm", [("normalized_shape", .integers([4, 5]))], [5, 4]),
        Misfit("InstanceNorm2d", [("num_features", .integer(3))], [3, 1, 1]),
        Misfit("narrow", [("dim", .integer(0)), ("start", .integer(0)), ("length", .integer(1))], [4]),
        Misfit("narrow", [("dim", .integer(1)), ("start", .integer(2)), ("length", .integer(3))], [4]),
        Misfit("narrow", [("dim", .integer(1)), ("start", .integer(-5)), ("length", .integer(1))], [4]),
        Misfit("slice_copy", [("dim", .integer(1)), ("start", .integer(3)), ("end", .integer(2))], [4]),
        Misfit("slice_copy", [("dim", .integer(1)), ("step", .integer(0))], [4]),
        Misfit("index_select", [("dim", .integer(1)), ("index", .integers([0, 4]))], [4]),
        Misfit("index_select", [("dim", .integer(1)), ("index", .integers([]))], [4]),
        Misfit("flip", [("dims", .integers([0]))], [4]),
        Misfit("flip", [("dims", .integers([1, -2]))], [4, 3]),
        Misfit("permute", [("dims", .integers([1, 0, 2]))], [4, 3]),
        Misfit("permute", [("dims", .integers([0, 1, 1]))], [4, 3]),
        Misfit("permute", [("dims", .integers([0, 2, 3]))], [4, 3]),
        Misfit("transpose", [("dim0", .integer(1)), ("dim1", .integer(0))], [4, 3]),
        Misfit("pad", [("pad", .integers([4, 0])), ("mode", .text("reflect"))], [4]),
        Misfit("pad", [("pad", .integers([5, 0])), ("mode", .text("circular"))], [4]),
        Misfit("pad", [("pad", .integers([-2, -2]))], [4]),
        Misfit("pad", [("pad", .integers([0, 0, 1, 1]))], [4]),
        Misfit("pad", [("pad", .integers([1, 1])), ("mode", .text("reflect"))], [2, 4, 4]),
        Misfit("pad", [("pad", .integers([1, 1])), ("mode", .text("replicate"))], [2, 4, 4]),
        Misfit("pad", [("pad", .integers([1, 1, 1, 1])), ("mode", .text("circular"))], [4]),
        Misfit("pad", [("pad", .integers([1, 1, 1, 1])), ("mode", .text("reflect"))], [2, 2, 4, 4]),
        Misfit("pad", [("pad", .integers([1, 1, 1, 1])), ("mode", .text("reflect"))], [2, 2, 2, 4, 4]),
        Misfit("pad", [("pad", .integers([])), ("mode", .text("reflect"))], [4]),
        Misfit("pad", [("pad", .integers([1, 1])), ("mode", .text("reflect")), ("value", .number(0.5))], [4]),
        Misfit("pad", [("pad", .integers([-1, 2])), ("mode", .text("circular"))], [4]),
        Misfit("PixelShuffle", [("upscale_factor", .integer(2))], [6, 2, 2]),
        Misfit("PixelUnshuffle", [("downscale_factor", .integer(2))], [6, 3, 2]),
        Misfit("ChannelShuffle", [("groups", .integer(4))], [6, 3, 2]),
        Misfit("expand", [("size", .integers([4, 5]))], [2, 5]),
        Misfit("expand", [("size", .integers([4, 5]))], [5]),
        Misfit("tile", [("dims", .integers([2, 1]))], [5]),
        Misfit("squeeze", [("dim", .integer(1))], [1]),
        Misfit("unsqueeze", [("dim", .integer(0))], [4]),
        Misfit("unsqueeze", [("dim", .integer(3))], [4]),
        Misfit("cat", [("dim", .integer(0))], [4], [4]),
        Misfit("cat", [("dim", .integer(1))], [4, 2], [4, 3]),
        Misfit("cat", [("dim", .integer(1))], [4, 1], [4]),
        Misfit("stack", [("dim", .integer(1))], [4], [3]),
        Misfit("Embedding", [("num_embeddings", .integer(0)), ("embedding_dim", .integer(2))], [1]),
        Misfit("constant", [("shape", .integers([0]))]),
        Misfit("constant", [("shape", .integers([2]))], [2]),
        Misfit("Conv2d", convolution(3, padding: .text("same"), stride: 2), [1, 4, 4]),
        Misfit("Conv2d", convolution(9, padding: .integer(4), mode: "reflect"), [1, 4, 4]),
    ]

    private static func convolution(
        _ kernel: Int, padding: Setting, stride: Int = 1, mode: String = "zeros"
    ) -> [(name: String, value: Setting)] {
        [
            ("in_channels", .integer(1)), ("out_channels", .integer(1)), ("kernel_size", .integer(kernel)),
            ("stride", .integer(stride)), ("padding", padding), ("padding_mode", .text(mode)),
        ]
    }

    @Test("A layer refuses what it can't take", arguments: misfits)
    func refusals(_ misfit: Misfit) throws {
        let operation = try #require(LayerCatalog.entry(named: misfit.type)).make(misfit.keywords)
        #expect(throws: ArchitectureError.self) {
            try operation.outputShape(of: try misfit.shapes.map { try Shape($0) })
        }
    }

    @Test(
        "Modes that repeat an image pad as many axes as PyTorch's, one of them alone where the other pair is zeros",
        arguments: [
            ([0, 0, 1, 2], [2, 4, 4], [2, 7, 4]), ([1, 2, 0, 0], [2, 4, 4], [2, 4, 7]),
            ([1, 0, 0, 0, 1, 1], [4, 4, 4], [6, 4, 5]), ([3, 3], [4], [10]), ([1, 1], [2, 4], [2, 6]),
            ([1, 1, 1, 0], [2, 4], [3, 6]), ([1, 1, 1, 1, 1, 1], [2, 4, 4, 4], [2, 6, 6, 6]),
        ])
    func repeatingPads(_ amounts: [Int], _ extents: [Int], _ padded: [Int]) throws {
        for mode in [Padding.Mode.reflect, .replicate, .circular] {
            #expect(try Padding(amounts, mode: mode).outputShape(of: [Shape(extents)]).extents == padded)
        }
    }

    @Test("A padding of an image's width alone says how many pairs it takes")
    func pairOfAnImage() {
        let error = #expect(throws: ArchitectureError.self) {
            try Padding([1, 1], mode: .reflect).outputShape(of: [Shape([2, 4, 4])])
        }
        #expect(
            error?.description
                == "pad needs 2 or 3 pairs of numbers to pad 2×4×4 in the mode reflect, zeros for an axis that stays as it is, "
                + "and has 1")
    }

    @Test("A keyword refuses what is not of its kind")
    func keywords() throws {
        let wrong: [(String, String, Setting)] = [
            ("pad", "pad", .integers([1, 2, 3])), ("Conv2d", "padding", .text("full")),
            ("Conv2d", "padding_mode", .text("mirror")), ("slice_copy", "end", .number(1.5)),
            ("LayerNorm", "normalized_shape", .integers([])), ("index_select", "index", .integers([-1])),
            ("Embedding", "max_norm", .number(1)), ("mean", "dim", .number(1.5)), ("ReLU", "inplace", .integer(1)),
            ("Upsample", "align_corners", .integer(1)), ("Upsample", "scale_factor", .number(0)),
            ("GELU", "approximate", .text("sigmoid")), ("clamp", "min", .text("0")), ("RMSNorm", "eps", .text("0")),
        ]
        for (type, keyword, value) in wrong {
            let entry = try #require(LayerCatalog.entry(named: type))
            let others: [(name: String, value: Setting)] = entry.keywords.filter { $0.standard == nil }
                .map { ($0.name, .integer(1)) }
            #expect(throws: SettingProblem.self, "\(type) \(keyword)") {
                try entry.make(others.filter { $0.name != keyword } + [(keyword, value)])
            }
        }
    }

    @Test("What is written of a layer makes the same layer", arguments: OperationCase.all)
    func written(_ test: OperationCase) throws {
        for node in test.nodes {
            let operation = try node.operation()
            let entry = try #require(LayerCatalog.entry(named: operation.kind()))
            #expect(try entry.make(operation.settings()) == operation)
        }
    }

    @Test("What is wrong with a setting is said in words")
    func saysWhatIsWrong() {
        #expect(SettingProblem.missing("eps").description == "eps is missing")
        #expect(SettingProblem.unknown("slope").description == "there is no setting slope")
        #expect(SettingProblem.wrong("alpha", expected: "a number").description == "alpha must be a number")
        #expect(
            SettingProblem.unsupported("divisor_override", supported: .none).description
                == "only None is supported as divisor_override")
    }
}
