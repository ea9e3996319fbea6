import Inference
import VAE

extension EngineBenchmark {
    /// Decodes the plane, and finds the exact posteriors of decoded images, one after the other.
    ///
    /// The line has times: of the lattice, in all and its longest piece; of the product over the whole plane, the
    /// median; of what is decoded more closely after it, the median and the longest, and the longest piece of that.
    func posteriors(_ count: Int) {
        guard let lattice = PosteriorLattice(model, pool: pool) else { return answer("no lattice for this model") }
        var pieces: [Double] = []
        while !lattice.isComplete { pieces.append(seconds { lattice.advance() }) }
        let decoder = Decoder(model, pool: pool, maximumBatch: 1)
        let points = points(count)
        var (products, closer, longest): ([Double], [Double], Double) = ([], [], 0)
        for index in 0..<count {
            let image = decoder.decode(Array(points[2 * index..<2 * index + 2]), count: 1)
            var search: PosteriorSearch?
            products.append(seconds { search = PosteriorSearch(image, in: lattice) })
            var parts: [Double] = []
            while search?.isFinished == false { parts.append(seconds { search?.advance() }) }
            closer.append(parts.reduce(0, +))
            longest = max(longest, parts.max() ?? 0)
        }
        answer(
            """
            lattice ms \(milliseconds(pieces.reduce(0, +))) longest \(milliseconds(pieces.max() ?? 0)) \
            product µs \(Int(1e6 * products.sorted()[count / 2])) \
            closer ms \(milliseconds(closer.sorted()[count / 2])) at most \(milliseconds(closer.max() ?? 0)) \
            longest \(milliseconds(longest))
            """)
    }
}
