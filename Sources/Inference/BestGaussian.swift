extension PosteriorBlocks {
    /// The best Gaussian with independent latents that is climbed to from the largest value, or from an answer.
    ///
    /// Of several hills the one with the densest place need not hold the best Gaussian: a wider one may. An encoder often
    /// answers with that, and then the best is no worse than its answer only if it is climbed to from there too.
    func bestGaussian(beside answer: PlaneGaussian?) -> GaussianFit {
        var (best, mean) = (-Float.infinity, SIMD2<Double>(repeating: 0))
        forEachPoint { x, y, value in
            if value > best { (best, mean) = (value, SIMD2(x, y)) }
        }
        let highest = GaussianFit(self, from: PlaneGaussian(mean: mean, deviation: SIMD2(repeating: 2 * spacing)))
        guard let answer else { return highest }
        let climbed = GaussianFit(self, from: answer)
        return climbed.bound > highest.bound && climbed.isSeen ? climbed : highest
    }
}
