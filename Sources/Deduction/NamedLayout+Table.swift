import Importing
import Neural
import VAE

extension NamedLayout {
    /// The layout of a file; nil where its names say no more than words do.
    static func known(in dict: StateDict) -> NamedLayout? {
        guard dict.modules.isEmpty else { return nil }
        let names = Names(dict)
        for make in [
            dubois, tallec, kaushik, rath, phillip, bhpfelix, podgorskiy, pyro, chen, raschka,
            lindernoren, stastny, bolts,
        ] {
            if let layout = make(names), names.fit(layout) { return layout }
        }
        return nil
    }

    private static func numbered(_ word: String, _ numbers: some Sequence<Int>) -> [String] {
        numbers.map { "\(word)\($0)" }
    }

    /// YannDubs/disentangling-vae: pictures of 32 pixels, or of 64 with one convolution more.
    private static func dubois(_ names: Names) -> NamedLayout? {
        guard names.has("encoder.mu_logvar_gen") else { return nil }
        let isLarge = names.has("encoder.conv_64")
        var layout = NamedLayout("YannDubs/disentangling-vae", Activations.relu, end: Activations.sigmoid, .unit)
        layout.convolution(
            numbered("encoder.conv", 1...3) + (isLarge ? ["encoder.conv_64"] : []), kernel: 4, stride: 2, padding: 1)
        layout.linear(numbered("encoder.lin", 1...2))
        layout.heads(["encoder.mu_logvar_gen"])
        layout.linear(numbered("decoder.lin", 1...3))
        layout.transposed(
            (isLarge ? ["decoder.convT_64"] : []) + numbered("decoder.convT", 1...2), kernel: 4, stride: 2, padding: 1)
        layout.transposed(["decoder.convT3"], kernel: 4, stride: 2, padding: 1, [.end])
        return layout
    }

    /// ctallec/world-models.
    private static func tallec(_ names: Names) -> NamedLayout? {
        guard names.has("encoder.fc_logsigma") else { return nil }
        var layout = NamedLayout("ctallec/world-models", Activations.relu, end: Activations.sigmoid, .unit)
        layout.secondHead = .logSigma
        layout.convolution(numbered("encoder.conv", 1...4), kernel: 4, stride: 2)
        layout.heads(["encoder.fc_mu", "encoder.fc_logsigma"])
        layout.linear(["decoder.fc1"])
        layout.transposed(numbered("decoder.deconv", 1...2), kernel: 5, stride: 2)
        layout.transposed(["decoder.deconv3"], kernel: 6, stride: 2)
        layout.transposed(["decoder.deconv4"], kernel: 6, stride: 2, [.end])
        return layout
    }

    /// sksq96/pytorch-vae: Ha and Schmidhuber's as two Sequentials.
    private static func kaushik(_ names: Names) -> NamedLayout? {
        guard names.has("fc3"), names.has("decoder.7") else { return nil }
        var layout = NamedLayout("sksq96/pytorch-vae", Activations.relu, end: Activations.sigmoid, .unit)
        layout.convolution(numbered("encoder.", [0, 2, 4, 6]), kernel: 4, stride: 2)
        layout.heads(numbered("fc", 1...3))
        layout.transposed(["decoder.1", "decoder.3"], kernel: 5, stride: 2)
        layout.transposed(["decoder.5"], kernel: 6, stride: 2)
        layout.transposed(["decoder.7"], kernel: 6, stride: 2, [.end])
        return layout
    }

    /// DebuggerCafe's convolutional tutorial by Sovit Rath.
    private static func rath(_ names: Names) -> NamedLayout? {
        guard names.has("fc_log_var"), names.has("enc4") else { return nil }
        var layout = NamedLayout("DebuggerCafe", Activations.relu, end: Activations.sigmoid, .unit)
        layout.convolution(numbered("enc", 1...3), kernel: 4, stride: 2, padding: 1)
        let pooling = ModuleRecord(className: "torch.nn.AdaptiveAvgPool2d", settings: ["output_size": .integer(1)])
        layout.convolution(["enc4"], kernel: 4, stride: 2, [.activation, .module(pooling)])
        layout.heads(["fc1", "fc_mu", "fc_log_var", "fc2"])
        layout.transposed(["dec1"], kernel: 4)
        layout.transposed(numbered("dec", 2...3), kernel: 4, stride: 2, padding: 1)
        layout.transposed(["dec4"], kernel: 4, stride: 2, padding: 1, [.end])
        return layout
    }

    /// The tutorial on autoencoders of the University of Amsterdam's course, by Phillip Lippe.
    private static func phillip(_ names: Names) -> NamedLayout? {
        guard names.has("decoder.linear.0"), names.has("encoder.net.11") else { return nil }
        var layout = NamedLayout(
            "the UvA's deep learning course", Activations.make("GELU"), end: Activations.tanh, .signed)
        layout.convolution(numbered("encoder.net.", [0, 4, 8]), kernel: 3, stride: 2, padding: 1)
        layout.convolution(numbered("encoder.net.", [2, 6]), kernel: 3, padding: 1)
        layout.heads(["encoder.net.11"])
        layout.linear(["decoder.linear.0"])
        layout.transposed(numbered("decoder.net.", [0, 4]), kernel: 3, stride: 2, padding: 1, extra: 1)
        layout.convolution(numbered("decoder.net.", [2, 6]), kernel: 3, padding: 1)
        layout.transposed(["decoder.net.8"], kernel: 3, stride: 2, padding: 1, extra: 1, [.end])
        return layout
    }

    /// bhpfelix/Variational-Autoencoder-PyTorch: its decoder enlarges and repeats the border.
    private static func bhpfelix(_ names: Names) -> NamedLayout? {
        guard names.has("e5"), names.has("d6") else { return nil }
        var layout = NamedLayout(
            "bhpfelix/Variational-Autoencoder-PyTorch", Activations.leaky(0.2), end: Activations.sigmoid, .unit)
        layout.convolution(numbered("e", 1...5), kernel: 4, stride: 2, padding: 1)
        layout.normalization(numbered("bn", 1...5))
        layout.heads(["fc1", "fc2"])
        let border = ModuleRecord(className: "torch.nn.ReplicationPad2d", settings: ["padding": .integer(1)])
        layout.linear(["d1"], [.relu(), .doubled(), .module(border)])
        layout.convolution(numbered("d", 2...5), kernel: 3, [.activation, .doubled(), .module(border)])
        layout.convolution(["d6"], kernel: 3, [.end])
        layout.normalization(numbered("bn", 6...9), epsilon: 1e-3)
        return layout
    }

    /// podgorskiy/VAE, of any depth and for colors: copies for digits differ.
    private static func podgorskiy(_ names: Names) -> NamedLayout? {
        let encoder = names.paths.filter { $0.hasPrefix("conv") && !$0.hasSuffix("_bn") }
        let decoder = names.paths.filter { $0.hasPrefix("deconv") && !$0.hasSuffix("_bn") }
        guard names.has("d1"), names.inputs("conv1") == 3, let last = decoder.last, decoder.count > 1 else {
            return nil
        }
        var layout = NamedLayout("podgorskiy/VAE", Activations.leaky(0.2), end: Activations.tanh, .signed)
        layout.convolution(encoder, kernel: 4, stride: 2, padding: 1, [.relu()])
        layout.normalization(encoder.map { "\($0)_bn" })
        layout.heads(["fc1", "fc2"])
        layout.linear(["d1"])
        layout.transposed(decoder.dropLast(), kernel: 4, stride: 2, padding: 1)
        layout.normalization(decoder.dropLast().map { "\($0)_bn" })
        layout.transposed([last], kernel: 4, stride: 2, padding: 1, [.end])
        return layout
    }

    /// Pyro's example.
    private static func pyro(_ names: Names) -> NamedLayout? {
        guard names.has("decoder.fc21") else { return nil }
        var layout = NamedLayout("Pyro", Activations.make("Softplus"), end: Activations.sigmoid, .unit)
        layout.secondHead = .logSigma
        layout.linear(["encoder.fc1"])
        layout.heads(["encoder.fc21", "encoder.fc22"])
        layout.linear(["decoder.fc1"])
        layout.linear(["decoder.fc21"], [.end])
        return layout
    }

    /// The CIFAR-10 example of chendaichao/VAE-pytorch and its copies, which end differently.
    private static func chen(_ names: Names) -> NamedLayout? {
        guard names.has("fc_bn3"), names.has("conv8") else { return nil }
        var layout = NamedLayout("chendaichao/VAE-pytorch", Activations.relu, end: nil)
        layout.convolution(["conv1", "conv3"], kernel: 3, padding: 1)
        layout.convolution(["conv2", "conv4"], kernel: 3, stride: 2, padding: 1)
        layout.linear(["fc1", "fc3", "fc4"])
        layout.heads(["fc21", "fc22"])
        layout.transposed(["conv5", "conv7"], kernel: 3, stride: 2, padding: 1, extra: 1)
        layout.transposed(["conv6"], kernel: 3, padding: 1)
        layout.transposed(["conv8"], kernel: 3, padding: 1, [])
        layout.normalization(numbered("bn", 1...7))
        layout.normalization(["fc_bn1", "fc_bn3", "fc_bn4"], axes: 1)
        return layout
    }

    /// The convolutional generator of eriklindernoren/PyTorch-GAN, whose normalizations add 0.8.
    private static func lindernoren(_ names: Names) -> NamedLayout? {
        guard names.has("l1.0"), names.has("conv_blocks.0") else { return nil }
        var layout = NamedLayout("eriklindernoren/PyTorch-GAN", Activations.leaky(0.2), end: Activations.tanh, .signed)
        layout.isPart = true
        layout.linear(["l1.0"], [.doubled()])
        layout.normalization(["conv_blocks.0"])
        layout.convolution(["conv_blocks.2"], kernel: 3, padding: 1, [.activation, .doubled()])
        layout.normalization(["conv_blocks.3"], epsilon: 0.8, [.activation, .doubled()])
        layout.convolution(["conv_blocks.6"], kernel: 3, padding: 1)
        layout.normalization(["conv_blocks.7"], epsilon: 0.8, [.activation])
        layout.convolution(["conv_blocks.9"], kernel: 3, padding: 1, [.end])
        return layout
    }

    /// julianstastny/VAE-ResNet18-PyTorch: its decoder ends with a sigmoid.
    private static func stastny(_ names: Names) -> NamedLayout? {
        guard names.has("decoder.conv1.conv"), names.has("decoder.layer4.1.conv1.conv") else { return nil }
        var layout = NamedLayout(
            "julianstastny/VAE-ResNet18-PyTorch", Activations.relu, end: Activations.sigmoid, .unit)
        layout.isPart = true
        layout.convolution(["decoder.conv1.conv"], kernel: 3, padding: 1, [.end])
        return layout
    }

    /// Lightning Bolts' autoencoders: pictures are not bounded at the end.
    private static func bolts(_ names: Names) -> NamedLayout? {
        guard names.has("decoder.layer1.0.conv2.1"), names.has("decoder.layer1.0.upsample.0.1") else { return nil }
        var layout = NamedLayout("Lightning Bolts", Activations.relu, end: nil)
        layout.isPart = true
        layout.convolution(
            ["decoder.conv1"], kernel: 3, padding: 1, [.module(ModuleRecord(className: "torch.nn.Identity"))])
        return layout
    }

    /// rasbt/stat453-deep-learning-ss21: the decoders make a row and a column too many, which are cut off. Of the one for
    /// digits, copies have other encoders and activations.
    private static func raschka(_ names: Names) -> NamedLayout? {
        guard names.has("z_mean"), names.has("z_log_var"), names.has("decoder.0") else { return nil }
        func trimmed(_ side: Int) -> Follower {
            .module(ModuleRecord(className: "stat453.Trim", settings: ["size": .integer(side)]))
        }
        let (isLarge, isWhole) = (names.has("decoder.14"), names.has("encoder.6"))
        let name = "rasbt/stat453-deep-learning-ss21"
        var layout = NamedLayout(name, Activations.leaky(isLarge ? 0.1 : 0.01), end: Activations.sigmoid, .unit)
        layout.heads(["z_mean", "z_log_var", "decoder.0"])
        if isLarge {
            layout.convolution(numbered("encoder.", [0, 4, 8, 12]), kernel: 3, stride: 2, padding: 1)
            layout.normalization(numbered("encoder.", [1, 5, 9, 13]), [.activation])
            layout.transposed(["decoder.2"], kernel: 3, stride: 2)
            layout.transposed(["decoder.6", "decoder.10"], kernel: 3, stride: 2, padding: 1)
            layout.normalization(numbered("decoder.", [3, 7, 11]), [.activation])
            layout.transposed(["decoder.14"], kernel: 3, stride: 2, padding: 1, [trimmed(128), .end])
            return layout
        }
        let between: [Follower]? = isWhole ? [.activation] : nil
        if isWhole {
            layout.convolution(["encoder.0"], kernel: 3, padding: 1)
            layout.convolution(["encoder.2", "encoder.4"], kernel: 3, stride: 2, padding: 1)
            layout.convolution(["encoder.6"], kernel: 3, padding: 1, [])
        }
        layout.isPart = !isWhole
        layout.transposed(["decoder.2"], kernel: 3, padding: 1, between)
        layout.transposed(["decoder.4"], kernel: 3, stride: 2, padding: 1, between)
        layout.transposed(["decoder.6"], kernel: 3, stride: 2, between)
        layout.transposed(["decoder.8"], kernel: 3, [trimmed(28), .end])
        return layout
    }
}
