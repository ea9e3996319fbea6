import CKernels

/// How a ``TileConvolutionStage`` makes a tile of 4×4 outputs in 36 products for each pair of channels.
struct TileScheme: Sendable {
    let name: String
    /// Places of a transformed window.
    let inputPlanes: Int
    /// For each product the place of the window that it multiplies.
    let inputPlane: [Int]
    /// The order of the kernel's axes, outputs innermost.
    let kernelAxes: [Int]
    /// Tiles at work at a time where there are many channels.
    private let leastTiles: Int
    let transformInput: InputTransform
    let transformWeight: WeightTransform
    let transformOutput: OutputTransform

    typealias InputTransform =
        @Sendable (
            _ image: UnsafePointer<Float>, UnsafePointer<lw_tiling>, _ first: Int32, _ end: Int32,
            _ planes: UnsafeMutablePointer<Float>, _ plane: Int
        ) -> Void
    typealias WeightTransform =
        @Sendable (
            _ weight: UnsafePointer<Float>, _ count: Int, _ planes: UnsafeMutablePointer<Float>
        ) -> Void
    typealias OutputTransform =
        @Sendable (
            _ planes: UnsafePointer<Float>, _ plane: Int, UnsafePointer<lw_tiling>, _ first: Int32, _ end: Int32,
            _ bias: UnsafePointer<Float>?, lw_activation, _ slope: Float, _ output: UnsafeMutablePointer<Float>
        ) -> Void

    static let products = 36
    /// Floats of the transformed inputs and outputs that are at work at a time.
    private static let budget = 56 * 1024

    /// Tiles along an axis.
    static func tiles(_ extent: Int) -> Int { count(extent, by: 4) }

    static func count(_ extent: Int, by size: Int) -> Int { (extent + size - 1) / size }

    /// A 3×3 convolution of stride 1 in 36 products for sixteen outputs, not 144: Winograd's F(4×4, 3×3) (Lavin & Gray 2016).
    /// It needs little more than half of the products of ``WinogradConvolutionStage``, and rounds some bits more.
    static let convolution = TileScheme(
        name: "convolution 3×3, large tiles,", inputPlanes: products, inputPlane: Array(0..<products),
        kernelAxes: [2, 3, 1, 0], leastTiles: 6, transformInput: lw_large_tiles_input,
        transformWeight: lw_large_tiles_weight, transformOutput: lw_large_tiles_output)

    /// A transposed 4×4 convolution that doubles an image, in 36 products for sixteen outputs, not 64: of each of its four
    /// phases, which have 2×2 taps, Winograd's F(2×2, 2×2).
    static let doubling = TileScheme(
        name: "doubling", inputPlanes: 25,
        inputPlane: (0..<products).map { 5 * doublingPlace($0 / 6) + doublingPlace($0 % 6) }, kernelAxes: [2, 3, 0, 1],
        leastTiles: 48, transformInput: lw_doubling_input, transformWeight: lw_doubling_weight,
        transformOutput: lw_doubling_output)

    /// Along an axis two of the six products share the third of five places.
    private static func doublingPlace(_ product: Int) -> Int { product < 3 ? product : product - 1 }

    /// Whole tiles of the products' six rows.
    func blockTiles(inputs: Int, outputs: Int) -> Int {
        let floats = inputPlanes * inputs + TileScheme.products * outputs
        return max(leastTiles, TileScheme.budget / floats / 6 * 6)
    }
}

extension TileScheme {
    /// The scheme for a convolution; nil where plain sums or smaller tiles are better.
    ///
    /// There are enough channels to pay for the transforms, weights that stay in a cache, and tiles enough that most of
    /// them are whole.
    static func best(for layer: Convolution, to image: TapConvolutionStage.Extents) -> TileScheme? {
        let tiles = tiles(image.height) * tiles(image.width)
        let small = count(image.height, by: 2) * count(image.width, by: 2)
        return WinogradConvolutionStage.suits(layer) && min(layer.inputs, layer.outputs) >= 32
            && max(layer.inputs, layer.outputs) <= 128 && tiles >= 16 && 10 * products * tiles <= 8 * 16 * small
            ? convolution : nil
    }

    /// The same for a transposed convolution.
    static func best(for layer: TransposedConvolution, from image: TapConvolutionStage.Extents) -> TileScheme? {
        let tiles = count(image.height, by: 2) * count(image.width, by: 2)
        return layer.kernel == Extent(4) && layer.stride == Extent(2) && layer.padding == Extent(1)
            && layer.outputPadding == Extent(0) && layer.dilation == Extent(1) && layer.groups == 1
            && layer.inputs % 8 == 0 && layer.outputs % 8 == 0 && min(layer.inputs, layer.outputs) >= 16 && tiles >= 16
            && products * layer.inputs * layer.outputs <= 2 << 20 ? doubling : nil
    }
}
