import Neural

/// The values of images on blocks of the plane: block by block, each decoded once for all images that ask for it.
struct BlockValues {
    let decoded: DecodedBlocks
    let pool: WorkerPool

    /// An image that asks for a block, and the number of this pair among all.
    private struct Asker {
        let image: Int
        let pair: Int
    }

    /// Some askers of one of the decoded blocks.
    private struct Job {
        /// The block's place among the decoded ones.
        let place: Int
        let askers: ArraySlice<Asker>
    }

    /// The most askers of a job.
    private static let most = 64

    /// Computes log p(x, z) + log h² of each image at all points of each of its blocks.
    ///
    /// - Parameters:
    ///   - values: `[pairs, points]`, the pairs in the order of `searches` and of their blocks; overwritten.
    ///   - images: `[count, elements]`.
    func fill(
        _ values: UnsafeMutablePointer<Float>, for searches: [(image: Int, blocks: [PlaneBlock])],
        of images: UnsafePointer<Float>
    ) {
        let askers = BlockValues.askers(searches)
        let wanted = askers.keys.sorted()
        let room = BlockValues.most * (decoded.elements + PlaneBlock.points)
        var scratch = [Float](repeating: 0, count: pool.threads * room)
        scratch.withUnsafeMutableBufferPointer { scratch in
            guard let scratch = scratch.baseAddress else { return }
            for start in stride(from: 0, to: wanted.count, by: decoded.capacity) {
                let part = wanted[start..<min(wanted.count, start + decoded.capacity)]
                decoded.decode(part)
                let jobs = BlockValues.jobs(part, askers)
                pool.forEach(jobs.count) { index, worker in
                    perform(jobs[index], values, images, scratch: scratch + worker * room)
                }
            }
        }
    }

    private static func askers(_ searches: [(image: Int, blocks: [PlaneBlock])]) -> [PlaneBlock: [Asker]] {
        var askers: [PlaneBlock: [Asker]] = [:]
        var pair = 0
        for search in searches {
            for block in search.blocks {
                askers[block, default: []].append(Asker(image: search.image, pair: pair))
                pair += 1
            }
        }
        return askers
    }

    private static func jobs(_ part: ArraySlice<PlaneBlock>, _ askers: [PlaneBlock: [Asker]]) -> [Job] {
        part.enumerated().flatMap { place, block in
            let all = askers[block, default: []]
            return stride(from: 0, to: all.count, by: most).map { start in
                Job(place: place, askers: all[start..<min(all.count, start + most)])
            }
        }
    }

    /// - Parameter scratch: room for the images of a job, and for their products with a block's points.
    private func perform(
        _ job: Job, _ values: UnsafeMutablePointer<Float>, _ images: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let elements = decoded.elements
        let products = scratch + BlockValues.most * elements
        for (row, asker) in job.askers.enumerated() {
            (scratch + row * elements).update(from: images + asker.image * elements, count: elements)
        }
        innerProducts(
            scratch, rows: job.askers.count, decoded.outputs + job.place * PlaneBlock.points * elements,
            columns: PlaneBlock.points, length: elements, into: products)
        let offsets = decoded.offsets + job.place * PlaneBlock.points
        for (row, asker) in job.askers.enumerated() {
            let (from, to) = (products + row * PlaneBlock.points, values + asker.pair * PlaneBlock.points)
            for point in 0..<PlaneBlock.points { to[point] = from[point] - offsets[point] }
        }
    }
}
