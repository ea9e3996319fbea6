import Importing
import Neural
import Testing
import VAE

@testable import Deduction

@Suite("What names, hyper-parameters and pictures say of layers")
struct NamedLayerTests {
    @Test("A first transposed convolution without a bias begins at one pixel of latents")
    func pixel() throws {
        let widths = [100, 32, 16, 8, 3]
        let entries = (0..<4).flatMap { place in
            SmallDicts.transposed("main.\(3 * place)", widths[place], widths[place + 1], kernel: 4, bias: false)
                + (place < 3 ? SmallDicts.normalization("main.\(3 * place + 1)", widths[place + 1]) : [])
        }
        let architecture = try SmallDicts.imported(entries).model.architecture
        #expect(architecture.latent.extents == [100])
        #expect(architecture.image.extents == [3, 32, 32])
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(layers.last == "Tanh" && layers.contains("ReLU"))
    }

    /// Transposed convolutions that double, and open ones between them, as the UvA's tutorial has them.
    private var alternating: [StateDict.Entry] {
        SmallDicts.convolution("encoder.net.0", 3, 4) + SmallDicts.convolution("encoder.net.2", 4, 4)
            + SmallDicts.convolution("encoder.net.4", 4, 8) + SmallDicts.convolution("encoder.net.6", 8, 8)
            + SmallDicts.convolution("encoder.net.8", 8, 8) + SmallDicts.linear("encoder.net.11", 128, 6)
            + SmallDicts.linear("decoder.linear.0", 6, 128) + SmallDicts.transposed("decoder.net.0", 8, 8)
            + SmallDicts.convolution("decoder.net.2", 8, 8) + SmallDicts.transposed("decoder.net.4", 8, 4)
            + SmallDicts.convolution("decoder.net.6", 4, 4) + SmallDicts.transposed("decoder.net.8", 4, 3)
    }

    @Test("A picture's size among the hyper-parameters decides")
    func hints() throws {
        let model = try SmallDicts.imported(alternating, hints: ["width": 32, "height": 32])
        #expect(model.model.architecture.image.extents == [3, 32, 32])
        let kinds = SmallDicts.layers(model.model.architecture.decoder).filter { $0.contains("Conv") }
        #expect(kinds.map { $0.hasPrefix("ConvTranspose2d") } == [true, false, true, false, true])
    }

    @Test(
        "Sizes are read from the usual names",
        arguments: [
            (["image_size": 64], 64), (["input_dim": 784], 28), (["input_dim": 3072], 32), (["width": 64], nil),
            (["input_shape.0": 3, "input_shape.1": 48, "input_shape.2": 48], 48), (["input_dim": 400, "h": 3], 20),
            (["input_size": 7], nil),
        ] as [([String: Double], Int?)])
    func names(hints: [String: Double], side: Int?) {
        #expect(StateDict([], hints: hints).hintedSide == side)
    }

    @Test("Depthwise convolutions are told from their weights, also right after the latents' map")
    func depthwise() throws {
        let entries =
            SmallDicts.linear("encoder.1", 784, 16) + SmallDicts.linear("mu", 16, 4)
            + SmallDicts.linear("logvar", 16, 4)
            + SmallDicts.linear("decoder.0", 4, 8 * 49) + SmallDicts.convolution("decoder.4", 1, 8)
            + SmallDicts.convolution("decoder.5", 8, 6, kernel: 1) + SmallDicts.convolution("decoder.8", 6, 1)
        let architecture = try SmallDicts.imported(entries).model.architecture
        #expect(architecture.image.extents == [1, 28, 28])
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(layers.contains { $0.hasPrefix("Conv2d(8, 8, 3") && $0.contains("groups=8") })
    }

    @Test("Heads whose outputs take turns are put apart")
    func interleaved() throws {
        let entries =
            SmallDicts.linear("encoder.lin1", 784, 16) + SmallDicts.linear("encoder.mu_logvar_gen", 16, 6)
            + SmallDicts.linear("decoder.lin1", 3, 16) + SmallDicts.linear("decoder.lin2", 16, 784)
        let encoder = try #require(SmallDicts.imported(entries).model.architecture.encoder)
        let layers = SmallDicts.layers(encoder)
        #expect(layers.contains("Unflatten(1, (3, 2))") && layers.contains { $0.hasPrefix("permute") })
    }

    @Test("An enlargement may take the place of the activation before the first map")
    func yielding() throws {
        let entries =
            SmallDicts.convolution("encoder.0", 3, 4) + SmallDicts.convolution("encoder.2", 4, 8)
            + SmallDicts.convolution("encoder.4", 8, 8) + SmallDicts.linear("encoder.7", 512, 12)
            + SmallDicts.linear("decoder.0", 6, 512) + SmallDicts.convolution("decoder.3", 8, 8)
            + SmallDicts.convolution("decoder.6", 8, 4) + SmallDicts.convolution("decoder.9", 4, 3)
        let architecture = try SmallDicts.imported(entries).model.architecture
        #expect(architecture.image.extents == [3, 64, 64])
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(layers.count { $0.hasPrefix("Upsample") } == 3 && layers.count { $0 == "ReLU" } == 2)
    }

    private func block(_ path: String, _ inputs: Int, _ outputs: Int, skip: String? = nil) -> [StateDict.Entry] {
        SmallDicts.convolution("\(path).conv1", inputs, outputs, bias: false)
            + SmallDicts.normalization("\(path).bn1", outputs)
            + SmallDicts.convolution("\(path).conv2", outputs, outputs, bias: false)
            + SmallDicts.normalization("\(path).bn2", outputs)
            + (skip.map {
                SmallDicts.convolution("\(path).\($0).0", inputs, outputs, kernel: 1, bias: false)
                    + SmallDicts.normalization("\(path).\($0).1", outputs)
            } ?? [])
    }

    private func resizing(_ path: String, _ inputs: Int, _ outputs: Int) -> [StateDict.Entry] {
        SmallDicts.convolution("\(path).conv2", inputs, inputs, bias: false)
            + SmallDicts.normalization("\(path).bn2", inputs)
            + SmallDicts.convolution("\(path).conv1.conv", inputs, outputs)
            + SmallDicts.normalization("\(path).bn1", outputs)
            + SmallDicts.convolution("\(path).shortcut.0.conv", inputs, outputs)
            + SmallDicts.normalization("\(path).shortcut.1", outputs)
    }

    @Test("Residual blocks by torchvision's names: identities keep a map, what resizes doubles it within")
    func residual() throws {
        let encoder =
            SmallDicts.convolution("encoder.conv1", 3, 4, bias: false) + SmallDicts.normalization("encoder.bn1", 4)
            + block("encoder.layer1.0", 4, 4) + block("encoder.layer2.0", 4, 8, skip: "downsample")
            + block("encoder.layer3.0", 8, 16, skip: "downsample") + SmallDicts.linear("encoder.linear", 16, 8)
        let decoder =
            SmallDicts.linear("decoder.linear", 4, 16) + block("decoder.layer3.0", 16, 16)
            + resizing("decoder.layer3.1", 16, 8) + resizing("decoder.layer2.1", 8, 4)
            + block("decoder.layer1.0", 4, 4) + SmallDicts.convolution("decoder.conv1.conv", 4, 3)
        let architecture = try SmallDicts.imported(encoder + decoder).model.architecture
        #expect(architecture.image.extents == [3, 32, 32])
        let layers = SmallDicts.layers(try #require(architecture.encoder))
        #expect(layers.count { $0.contains("stride=2") } == 5 && layers.count { $0 == "add" } == 3)
        #expect(layers.contains("AdaptiveAvgPool2d(1)"))
        let made = SmallDicts.layers(architecture.decoder)
        #expect(made.count { $0 == "add" } == 4 && made.count { $0 == "Upsample(scale_factor=2)" } == 5)
        #expect(made.contains("Upsample(scale_factor=4)"))
    }

    @Test("What a batch normalization remembers is compared with what points of pictures give")
    func pictures() throws {
        let pictures = (0..<24 * 784).map { Float($0 * 7919 % 1009) / 1009 }
        let (latents, features) = (2, 4 * 49)
        func numbers(_ count: Int, _ scale: Float, _ offset: Float = 0) -> [Float] {
            (0..<count).map { scale * (Float($0 * 6007 % 991) / 495 - 1) + offset }
        }
        let (mean, first) = (numbers(latents * 784, 0.05), numbers(features * latents, 1, 0.1))
        let (bias, kernel) = (numbers(features, 1), numbers(4 * 2 * 4, 1))
        // ReLU after the linear layer, and the statistics of what a convolution of 2×2 in steps of two makes of it.
        var (sums, squares) = ([0.0, 0.0], [0.0, 0.0])
        for row in 0..<24 {
            let z = (0..<latents).map { latent in
                (0..<784).reduce(Float(0)) { $0 + mean[latent * 784 + $1] * pictures[row * 784 + $1] }
            }
            let map = (0..<features).map { max(0, first[2 * $0] * z[0] + first[2 * $0 + 1] * z[1] + bias[$0]) }
            for channel in 0..<2 {
                for pixel in 0..<49 {
                    for part in 0..<4 {
                        let value = (0..<4).reduce(Float(0)) {
                            $0 + kernel[($1 * 2 + channel) * 4 + part] * map[$1 * 49 + pixel]
                        }
                        sums[channel] += Double(value)
                        squares[channel] += Double(value * value)
                    }
                }
            }
        }
        let count = Double(24 * 49 * 4)
        let averages = sums.map { $0 / count }
        let variances = zip(squares, averages).map { $0 / count - $1 * $1 }
        func entry(_ name: String, _ extents: [Int], _ values: [Float]) -> StateDict.Entry {
            StateDict.Entry(name, Tensor(extents: extents, values: values))
        }
        let entries =
            [
                entry("mu.weight", [2, 784], mean), entry("mu.bias", [2], [0, 0]),
                entry("logvar.weight", [2, 784], mean), entry("logvar.bias", [2], [0, 0]),
                entry("fc_dec.weight", [features, 2], first), entry("fc_dec.bias", [features], bias),
                entry("deconv1.weight", [4, 2, 2, 2], kernel), entry("dbn1.weight", [2], [1, 1]),
                entry("dbn1.bias", [2], [0, 0]), entry("dbn1.running_mean", [2], averages.map { Float($0) }),
                entry("dbn1.running_var", [2], variances.map { Float($0) }),
            ] + SmallDicts.transposed("deconv2", 2, 1, kernel: 2)
        let clean = try StateDict(entries).cleaned().dict
        let deduction = try Deduction(clean, remarks: [], options: ImportOptions(), format: "test")
        #expect(deduction.evidence.isMapOpen)
        let settled = deduction.settled(on: TrialPictures(shape: [1, 28, 28], values: pictures))
        #expect(settled.evidence.isMapSettled && settled.evidence.isActiveMap)
    }

    @Test("Layers beside which a gate stands are multiplied with its sigmoid, and have no other activation")
    func gates() throws {
        let entries =
            ["h", "g"].flatMap { SmallDicts.linear("q_z_layers.0.\($0)", 784, 16) }
            + SmallDicts.linear("q_z_mean", 16, 4) + SmallDicts.linear("q_z_logvar.linear", 16, 4)
            + ["h", "g"].flatMap { SmallDicts.linear("p_x_layers.0.\($0)", 4, 16) }
            + SmallDicts.linear("p_x_mean.linear", 16, 784)
        let model = try SmallDicts.imported(entries).model
        let layers = SmallDicts.layers(model.architecture.decoder)
        #expect(
            layers == [
                "Linear(4, 16)", "Linear(4, 16)", "Sigmoid", "mul", "Linear(16, 784)", "Unflatten(1, (1, 28, 28))",
                "Sigmoid",
            ])
        #expect(model.architecture.encoder != nil)
    }

    @Test("Blocks of an activation, 3×3, an activation and 1×1 are residual, and an activation follows the last")
    func bottlenecks() throws {
        func block(_ path: String) -> [StateDict.Entry] {
            SmallDicts.convolution(path + ".conv.1", 8, 4) + SmallDicts.convolution(path + ".conv.3", 4, 8, kernel: 1)
        }
        let entries =
            SmallDicts.convolution("encoder.0", 3, 4, kernel: 4) + SmallDicts.convolution("encoder.2", 4, 8, kernel: 4)
            + block("encoder.3") + SmallDicts.linear("mu", 512, 6) + SmallDicts.linear("logvar", 512, 6)
            + SmallDicts.linear("fc", 6, 512) + SmallDicts.convolution("decoder.0", 8, 8) + block("decoder.1")
            + SmallDicts.transposed("decoder.3", 8, 4, kernel: 4) + SmallDicts.transposed("decoder.5", 4, 3, kernel: 4)
        let architecture = try SmallDicts.imported(entries).model.architecture
        #expect(architecture.image.extents == [3, 32, 32])
        let layers = SmallDicts.layers(architecture.decoder)
        let sum = try #require(layers.firstIndex(of: "add"))
        #expect(layers[sum - 5] == "Conv2d(8, 8, 3, padding=1)" && layers[sum - 4] == "ReLU")
        #expect(layers[sum + 1] == "ReLU" && layers[sum + 2].hasPrefix("ConvTranspose2d(8, 4, 4"))
    }

    @Test("SiLU stands with group normalizations, and world models end with a sigmoid")
    func company() throws {
        let groups = ["weight", "bias"].map { SmallDicts.entry("decoder.3.\($0)", 16) }
        let modern =
            SmallDicts.linear("decoder.0", 4, 16 * 64) + SmallDicts.transposed("decoder.2", 16, 16, kernel: 4) + groups
            + SmallDicts.transposed("decoder.5", 16, 3, kernel: 4)
        #expect(try SmallDicts.layers(SmallDicts.imported(modern).model.architecture.decoder).contains("SiLU"))
        let (kernels, widths) = ([5, 5, 6, 6], [16, 8, 4, 2, 3])
        let world =
            SmallDicts.linear("fc_decode", 4, 16)
            + kernels.indices.flatMap {
                SmallDicts.transposed("dec_conv\($0)", widths[$0], widths[$0 + 1], kernel: kernels[$0])
            }
        let architecture = try SmallDicts.imported(world).model.architecture
        let layers = SmallDicts.layers(architecture.decoder)
        #expect(architecture.image.extents == [3, 64, 64])
        #expect(layers.last == "Sigmoid" && layers.count { $0 == "ReLU" } == 3)
    }
}
