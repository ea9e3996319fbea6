import Platform

/// A grid of points laid over a plane of the latent space: how far its points are apart, and where its middle lies.
///
/// It counts in doubles, so that one can zoom in until float32, which decoders compute in, tells points no longer apart.
public struct ManifoldFrame: Hashable, Sendable {
    /// What the grid is even in.
    public enum Scale: String, CaseIterable, Hashable, Sendable {
        /// The plane's own coordinates.
        case linear
        /// The prior's probability, 0…1 along each axis: each picture stands for the same share of what the model
        /// generates (Kingma & Welling 2014, figure 4).
        case quantiles

        /// Where one coordinate of a place lies on another scale.
        public func converted(_ coordinate: Double, to other: Scale) -> Double {
            switch (self, other) {
            case (.linear, .quantiles): normalProbability(coordinate)
            case (.quantiles, .linear): normalQuantile(coordinate)
            default: coordinate
            }
        }
    }

    public let scale: Scale
    /// The middle, on the scale.
    public var center: SIMD2<Double>
    /// Distance of neighbors to the right and upward, on the scale.
    public var step: SIMD2<Double>

    public init(scale: Scale, center: SIMD2<Double>, step: SIMD2<Double>) {
        self.scale = scale
        self.center = center
        self.step = step
    }

    /// A place on the scale, by columns to the right of the middle and rows above it.
    public func place(right: Double, up: Double) -> SIMD2<Double> { center + SIMD2(right, up) * step }

    /// How many steps a place lies to the right of the middle, and above it.
    public func steps(to place: SIMD2<Double>) -> SIMD2<Double> { (place - center) / step }

    /// The plane's coordinates of a place on the scale.
    public func coordinates(of place: SIMD2<Double>) -> SIMD2<Float> {
        switch scale {
        case .linear: SIMD2(Float(place.x), Float(place.y))
        case .quantiles: SIMD2(Float(normalQuantile(place.x)), Float(normalQuantile(place.y)))
        }
    }

    /// The place on the scale of the plane's coordinates.
    public func place(of coordinates: SIMD2<Float>) -> SIMD2<Double> {
        switch scale {
        case .linear: SIMD2(Double(coordinates.x), Double(coordinates.y))
        case .quantiles:
            SIMD2(normalProbability(Double(coordinates.x)), normalProbability(Double(coordinates.y)))
        }
    }

    /// The same grid with its middle at a place, and its points `factor` times as far apart.
    public func zoomed(by factor: Double, around place: SIMD2<Double>) -> ManifoldFrame {
        ManifoldFrame(scale: scale, center: place, step: step * factor)
    }

    /// The grid on another scale that spans the same part of the plane, as far as the prior reaches.
    ///
    /// - Parameter extents: how many steps it is wide and high.
    /// - Returns: nil where its points could not be told apart.
    public func converted(to other: Scale, extents: SIMD2<Double>) -> ManifoldFrame? {
        guard other != scale else { return self }
        var (low, high) = (center - extents * step / 2, center + extents * step / 2)
        for axis in [0, 1] {
            if scale == .quantiles {
                // The first and the last point are half a step from where the prior ends, infinitely far away.
                let end = min(0.5, step[axis] / 2)
                (low[axis], high[axis]) = (max(end, low[axis]), min(1 - end, high[axis]))
            }
            (low[axis], high[axis]) = (scale.converted(low[axis], to: other), scale.converted(high[axis], to: other))
        }
        let frame = ManifoldFrame(scale: other, center: (low + high) / 2, step: (high - low) / extents)
        return frame.step.min() > 0 && frame.isResolved ? frame : nil
    }

    /// Whether float32 tells neighbors apart, to the left of the middle and to its right, with room for a decoder to
    /// tell them apart as well: some last places, not one.
    public var isResolved: Bool {
        let (near, far) = (coordinates(of: center), coordinates(of: center + step))
        return [0, 1].allSatisfy { axis in
            abs(far[axis] - near[axis]) >= 4 * max(near[axis].ulp, far[axis].ulp)
        }
    }

    /// A grid on its way from one to another: the distance changes by equal factors in equal times, and the place that
    /// both show alike rests.
    ///
    /// - Parameter share: 0…1.
    public func interpolated(to other: ManifoldFrame, share: Double) -> ManifoldFrame {
        guard scale == other.scale, share > 0 else { return self }
        guard share < 1 else { return other }
        var frame = self
        for axis in [0, 1] {
            let ratio = other.step[axis] / step[axis]
            let factor = exponential(logarithm(ratio) * share)
            frame.step[axis] = step[axis] * factor
            // The middle moves as the distance does: evenly where that stays the same.
            let way = abs(ratio - 1) < 1e-9 ? share : (factor - 1) / (ratio - 1)
            frame.center[axis] = center[axis] + (other.center[axis] - center[axis]) * way
        }
        return frame
    }
}
