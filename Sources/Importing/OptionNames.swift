extension ImportOptions {
    /// An option by its name on the command line, without the hyphens before it.
    public enum Name: String, CaseIterable, Hashable, Sendable {
        case activation
        case outputActivation = "output-activation"
        case stride, padding
        case outputPadding = "output-padding"
        case paddingMode = "padding-mode"
        case upsample
        case imageShape = "image-shape"
        case latentShape = "latent-shape"
        case fit, layout
        case pixelRange = "pixel-range"
        case secondHead = "second-head"
        case swapHeads = "swap-heads"
        case latent, label, image
    }

    /// Those that were given, in the order of their names above.
    public var given: [Name] { Name.allCases.filter(isGiven) }

    private func isGiven(_ name: Name) -> Bool {
        switch name {
        case .activation: activation != nil
        case .outputActivation: outputActivation != nil
        case .stride: strides != nil
        case .padding: paddings != nil
        case .outputPadding: outputPaddings != nil
        case .paddingMode: paddingMode != nil
        case .upsample: upsampling != nil
        case .imageShape: imageShape != nil
        case .latentShape: latentShape != nil
        case .fit: fit != nil
        case .layout: layout != nil
        case .pixelRange: pixelRange != nil
        case .secondHead: secondHead != nil
        case .swapHeads: swapsHeads
        case .latent: latentName != nil
        case .label: labelName != nil
        case .image: imageName != nil
        }
    }
}

extension Set<ImportOptions.Name> {
    /// What names and tensors leave open: all but which of a graph's ends is which.
    public static let ofTensors = Set(ImportOptions.Name.allCases).subtracting([.latent, .label, .image])
    /// What a graph leaves open: what its ends mean.
    public static let ofGraphs: Set = [
        .imageShape, .latentShape, .layout, .pixelRange, .secondHead, .swapHeads, .latent, .label, .image,
    ]
}
