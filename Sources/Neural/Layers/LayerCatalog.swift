/// All layers that there are, by the names that files know them by.
public enum LayerCatalog {
    /// In the order of the documentation's table.
    public static let entries: [LayerEntry] = [
        // With weights.
        of(Linear.self), of(Convolution.self), of(TransposedConvolution.self), of(BatchNormalization.self),
        of(GroupNormalization.self), of(InstanceNormalization.self), of(LayerNormalization.self),
        of(RootMeanSquareNormalization.self), of(PReLU.self), of(Embedding.self), of(Constant.self),
        // Of images.
        of(MaxPooling.self), of(AveragePooling.self), of(AdaptiveAveragePooling.self), of(AdaptiveMaxPooling.self),
        of(Upsampling.self), of(PixelShuffle.self), of(PixelUnshuffle.self), of(ChannelShuffle.self), of(Padding.self),
        // Of each element.
        of(Activation.self), of(Identity.self), of(Binary.self), of(Where.self),
        // Along axes.
        of(Softmax.self), of(GatedLinearUnit.self), of(Reduction.self), of(MatrixMultiplication.self),
        // Of shapes and places.
        of(Flatten.self), of(Unflatten.self), of(Reshape.self), of(Narrow.self), of(Slice.self),
        of(IndexSelection.self), of(Flip.self), of(Permutation.self), of(Transposition.self), of(Expansion.self),
        of(Tiling.self), of(Squeezing.self), of(Unsqueezing.self), of(Concatenation.self), of(Stacking.self),
        of(OneHot.self),
    ].flatMap(\.self)

    private static func of<Subject: ExecutableLayer>(_ type: Subject.Type) -> [LayerEntry] {
        type.kinds.map { LayerEntry($0) }
    }

    private static let places = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })

    /// - Parameter name: `Conv2d`; nil for a name that no layer has.
    public static func entry(named name: String) -> LayerEntry? { places[name] }
}
