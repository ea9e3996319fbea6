import Numbers

/// What a layer may not take too much of for one sample: time, or memory beside its values.
///
/// Shapes bound values. But a kernel of 1023×1023 is a file of 4 MB, and would take hours, or gigabytes.
struct LayerLimit {
    /// Of what, in the plural.
    let subject: String
    /// The product of these is bounded; they may overflow.
    let factors: [Int]
    let most: Int

    var isKept: Bool { product(of: factors, atMost: most) != nil }

    private static let multiplications = "multiplications"
    var isOfMultiplications: Bool { subject == LayerLimit.multiplications }

    /// 2⁴¹, a minute or so: a decoder's convolution from 512 to 512 channels, 3×3, at 512×512 pixels takes 2³⁹.
    static func multiplications(_ factors: Int...) -> LayerLimit {
        LayerLimit(subject: multiplications, factors: factors, most: 1 << 41)
    }

    /// 2³⁴, where each is a load and a comparison or addition: 3×3 windows of 512 channels at 512×512 pixels take 2³⁰.
    static func readPixels(_ factors: Int...) -> LayerLimit {
        LayerLimit(subject: "reads of pixels", factors: factors, most: 1 << 34)
    }

    /// 2²⁸, as tables hold the place of each: 31×31 kernels at 512×512 pixels have fewer.
    static func windowPixels(_ factors: Int...) -> LayerLimit {
        LayerLimit(subject: "pixels in windows of a channel", factors: factors, most: 1 << 28)
    }

    /// 2²⁹: twice an image of the largest shape.
    static func paddedNumbers(_ factors: Int...) -> LayerLimit {
        LayerLimit(subject: "numbers of a padded image", factors: factors, most: 2 * Shape.largestCount)
    }
}
