import Synchronization

/// What can be resampled: a tone (`Float`) or a color (red, green, blue and an unused fourth).
protocol Resampled: Sendable {
    static var zero: Self { get }
    static func + (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
    /// Every component between 0 and 1; what is not a number becomes 0.
    var limitedToUnit: Self { get }
}

extension Float: Resampled {
    var limitedToUnit: Float { self > 0 ? (self < 1 ? self : 1) : 0 }
}

extension SIMD4: Resampled where Scalar == Float {
    var limitedToUnit: Self {
        replacing(with: 0, where: .!(self .> 0)).replacing(with: 1, where: self .> 1)
    }
}

/// The weights of one separable resampling step: every target sample is a weighted sum of `taps` neighboring source
/// samples.
///
/// The kernel is the cubic convolution of Keys (1981) with a = −½. Where the target is smaller than the source the
/// kernel is widened by the same factor, so that no detail aliases. At the borders the kernel is cut off and its
/// weights are scaled to the sum 1, so that a constant stays constant.
struct ResamplingWeights: Sendable {
    /// The number of source samples in each sum.
    let taps: Int
    /// For each target sample, the first source sample of its sum.
    let starts: [Int]
    /// `[target, taps]`; zero where a sum has fewer.
    let weights: [Float]

    init(source: Int, target: Int) {
        let scale = Double(source) / Double(target)
        let widening = max(scale, 1)
        let support = 2 * widening
        let windows = (0..<target).map { position in
            let center = (Double(position) + 0.5) * scale
            return max(
                0, Int((center - support + 0.5).rounded(.down)))..<min(
                    source, Int((center + support + 0.5).rounded(.down)))
        }
        let taps = windows.lazy.map(\.count).max() ?? 0
        var starts: [Int] = []
        var weights = [Float](repeating: 0, count: target * taps)
        for (position, window) in windows.enumerated() {
            let center = (Double(position) + 0.5) * scale
            let raw = window.map { cubicKernel((Double($0) - center + 0.5) / widening) }
            let sum = raw.reduce(0, +)
            let start = min(window.lowerBound, source - taps)
            for (index, weight) in zip(window, raw) { weights[position * taps + index - start] = Float(weight / sum) }
            starts.append(start)
        }
        (self.taps, self.starts, self.weights) = (taps, starts, weights)
    }
}

/// Keys's cubic convolution kernel with a = −½; zero beyond 2.
private func cubicKernel(_ distance: Double) -> Double {
    let a = -0.5
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
}

/// Brings pictures to another size, keeping the weights that it has computed: a wall of equal pictures needs one set of
/// them.
public final class Resampler: Sendable {
    private struct Step: Hashable {
        let source: Int
        let target: Int
    }

    /// More sizes than a screen shows at once; a terminal that is being resized must not collect them for ever.
    private static let largestCount = 64

    private let known = Mutex<[Step: ResamplingWeights]>([:])

    public init() {}

    private func weights(source: Int, target: Int) -> ResamplingWeights {
        let step = Step(source: source, target: target)
        return known.withLock { known in
            if let weights = known[step] { return weights }
            if known.count >= Resampler.largestCount { known.removeAll() }
            let weights = ResamplingWeights(source: source, target: target)
            known[step] = weights
            return weights
        }
    }

    /// Resamples tones to a size, and limits the result to 0…1 (the kernel overshoots at edges).
    ///
    /// - Parameters:
    ///   - image: `[height, width]`, row-major.
    ///   - size: the columns and rows of samples wanted.
    /// - Returns: `[size.height, size.width]`.
    public func resample(
        _ image: [Float], width: Int, height: Int, to size: (width: Int, height: Int)
    ) -> [Float] {
        resampled(image, width: width, height: height, to: size)
    }

    /// The same for colors.
    public func resample(
        _ image: [SIMD4<Float>], width: Int, height: Int, to size: (width: Int, height: Int)
    ) -> [SIMD4<Float>] {
        resampled(image, width: width, height: height, to: size)
    }

    // Specialized for both in this module: called as a generic function from another one it would be many times slower.
    private func resampled<Value: Resampled>(
        _ image: [Value], width: Int, height: Int, to size: (width: Int, height: Int)
    ) -> [Value] {
        guard width > 0, height > 0, size.width > 0, size.height > 0 else { return [] }
        let across = weights(source: width, target: size.width)
        let down = weights(source: height, target: size.height)
        let rows = [Value](unsafeUninitializedCapacity: size.height * width) { rows, count in
            image.withUnsafeBufferPointer { resampleColumns($0, width: width, down, into: rows) }
            count = size.height * width
        }
        return [Value](unsafeUninitializedCapacity: size.height * size.width) { result, count in
            rows.withUnsafeBufferPointer { resampleRows($0, width: width, across, into: result) }
            count = size.height * size.width
        }
    }

    /// `[source height, width]` to `[target height, width]`.
    private func resampleColumns<Value: Resampled>(
        _ image: UnsafeBufferPointer<Value>, width: Int, _ weights: ResamplingWeights,
        into result: UnsafeMutableBufferPointer<Value>
    ) {
        let taps = weights.taps
        for (row, start) in weights.starts.enumerated() {
            let sums = UnsafeMutableBufferPointer(rebasing: result[row * width..<(row + 1) * width])
            sums.initialize(repeating: .zero)
            for tap in 0..<taps {
                let weight = weights.weights[row * taps + tap]
                let source = UnsafeBufferPointer(rebasing: image[(start + tap) * width..<(start + tap + 1) * width])
                for column in 0..<width { sums[column] = sums[column] + source[column] * weight }
            }
        }
    }

    /// `[height, source width]` to `[height, target width]`, limited to 0…1.
    private func resampleRows<Value: Resampled>(
        _ image: UnsafeBufferPointer<Value>, width: Int, _ weights: ResamplingWeights,
        into result: UnsafeMutableBufferPointer<Value>
    ) {
        let taps = weights.taps
        let target = weights.starts.count
        weights.weights.withUnsafeBufferPointer { weight in
            weights.starts.withUnsafeBufferPointer { starts in
                for row in 0..<image.count / width {
                    for column in 0..<target {
                        var sum = Value.zero
                        let first = row * width + starts[column]
                        for tap in 0..<taps { sum = sum + image[first + tap] * weight[column * taps + tap] }
                        result.initializeElement(at: row * target + column, to: sum.limitedToUnit)
                    }
                }
            }
        }
    }
}
