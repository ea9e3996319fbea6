/// The codes latent by latent. Of many images and many latents some images speak for all, so that quantiles of thousands of
/// latents take no seconds.
struct LatentColumns {
    let means: [Float]
    let dimension: Int
    /// Of so many images one counts.
    let step: Int

    /// Values from which on images are left out, and images that are kept in any case.
    private static let mostValues = 4_000_000
    private static let leastImages = 500

    init(_ means: [Float], dimension: Int) {
        (self.means, self.dimension) = (means, dimension)
        let count = means.count / dimension
        step = max(1, min(means.count / LatentColumns.mostValues, count / LatentColumns.leastImages))
    }

    /// Where a latent's values stand.
    func places(of latent: Int) -> StrideTo<Int> { stride(from: latent, to: means.count, by: step * dimension) }

    /// One latent's values as far as they are finite.
    func finite(_ latent: Int) -> [Float] { places(of: latent).map { means[$0] }.filter(\.isFinite) }
}
