import Platform
import VAE

extension PlaneGaussian {
    /// The answer for one of some images by a model of two latents.
    public init(_ posteriors: Posteriors, image: Int = 0) {
        func pair(_ values: [Float]) -> SIMD2<Double> {
            SIMD2(Double(values[2 * image]), Double(values[2 * image + 1]))
        }
        let half = 0.5 * pair(posteriors.logVariances)
        self.init(mean: pair(posteriors.means), deviation: SIMD2(exponential(half.x), exponential(half.y)))
    }
}
