/// All layers that there are, by the names that files know them by.
public enum LayerCatalog {
    /// In the order of the documentation's table.
    public static let entries: [LayerEntry] =
        of(Linear.self) + of(Convolution.self) + of(TransposedConvolution.self) + of(MaxPooling.self)
        + of(AveragePooling.self) + of(AdaptiveAveragePooling.self) + of(AdaptiveMaxPooling.self) + of(Upsampling.self)
        + of(BatchNormalization.self) + of(GroupNormalization.self) + of(InstanceNormalization.self)
        + of(LayerNormalization.self) + of(RootMeanSquareNormalization.self) + of(Activation.self)
        + of(Binary.self) + of(Where.self) + of(PReLU.self)
        + of(GatedLinearUnit.self) + of(MatrixMultiplication.self) + of(Reduction.self) + of(Softmax.self)
        + of(Concatenation.self) + of(Stacking.self) + of(Embedding.self) + of(OneHot.self) + of(Constant.self)
        + of(Narrow.self) + of(Slice.self) + of(IndexSelection.self) + of(Flip.self) + of(Permutation.self)
        + of(Transposition.self) + of(Padding.self) + of(PixelShuffle.self) + of(PixelUnshuffle.self)
        + of(ChannelShuffle.self) + of(Expansion.self) + of(Tiling.self) + of(Squeezing.self) + of(Unsqueezing.self)
        + of(Flatten.self) + of(Unflatten.self) + of(Reshape.self) + of(Identity.self)

    private static func of<Subject: ExecutableLayer>(_ type: Subject.Type) -> [LayerEntry] {
        type.kinds.map { LayerEntry($0) }
    }

    private static let places = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })

    /// - Parameter name: `Conv2d`; nil for a name that no layer has.
    public static func entry(named name: String) -> LayerEntry? { places[name] }
}
