import Neural
import Platform

/// Where on the plane the posteriors of some images lie: their mass in each block of level 0.
struct PlaneSurvey {
    /// log of each image's mass in each block, `[images, blocks]`; −∞ where it is far below the image's largest.
    private var masses: [Float]
    fileprivate var states: [State]

    /// What is known of one image so far.
    fileprivate struct State {
        var top = -Float.infinity
        var quarters = QuarterSums()
    }

    private static let imagesPerItem = 32

    /// - Parameters:
    ///   - images: `[count, elements]`.
    ///   - progress: told the share of the work that is done.
    init(
        _ images: UnsafePointer<Float>, count: Int, blocks: DecodedBlocks, pool: WorkerPool,
        progress: (Double) -> Void
    ) {
        let all = PlaneLattice.blocks
        masses = Array(repeating: -.infinity, count: count * all.count)
        states = Array(repeating: State(), count: count)
        let columns = blocks.capacity * PlaneBlock.points
        var products = [Float](repeating: 0, count: pool.threads * PlaneSurvey.imagesPerItem * columns)
        let items = (count + PlaneSurvey.imagesPerItem - 1) / PlaneSurvey.imagesPerItem
        masses.withUnsafeMutableBufferPointer { masses in
            states.withUnsafeMutableBufferPointer { states in
                products.withUnsafeMutableBufferPointer { products in
                    guard let masses = masses.baseAddress, let states = states.baseAddress,
                        let products = products.baseAddress
                    else { return }
                    for start in stride(from: 0, to: all.count, by: blocks.capacity) {
                        let range = start..<min(all.count, start + blocks.capacity)
                        blocks.decode(all[range])
                        pool.forEach(items) { item, worker in
                            let first = item * PlaneSurvey.imagesPerItem
                            let part = first..<min(count, first + PlaneSurvey.imagesPerItem)
                            let scratch = products + worker * PlaneSurvey.imagesPerItem * columns
                            innerProducts(
                                images + first * blocks.elements, rows: part.count, blocks.outputs,
                                columns: range.count * PlaneBlock.points, length: blocks.elements, into: scratch)
                            for image in part {
                                let row = scratch + (image - first) * range.count * PlaneBlock.points
                                states[image].add(
                                    row, blocks.offsets, blocks: range.count,
                                    masses: masses + image * all.count + start)
                            }
                        }
                        progress(Double(range.upperBound) / Double(all.count))
                    }
                }
            }
        }
    }

    /// The blocks that hold all of an image's mass but e^−depth of it, or less, in Morton's order.
    func blocks(of image: Int, within depth: Double) -> [PlaneBlock] {
        let all = PlaneLattice.blocks
        let evidence = Double(states[image].top) + logarithm(states[image].quarters.total)
        return all.indices.filter { Double(masses[image * all.count + $0]) > evidence - depth }.map { all[$0] }
            .sorted()
    }

    /// The block with most of an image's mass.
    func heaviestBlock(of image: Int) -> PlaneBlock {
        let all = PlaneLattice.blocks
        let row = masses[image * all.count..<(image + 1) * all.count]
        let place = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
        return all[place - row.startIndex]
    }

    /// How much the evidence of an image depends on the spacing (``PosteriorBlocks/doubledSpacingError``).
    func doubledSpacingError(of image: Int) -> Double { states[image].quarters.disagreement }
}

extension PlaneSurvey.State {
    /// Adds the points of some blocks.
    ///
    /// - Parameters:
    ///   - products: `[blocks, points]`, x · o; overwritten with the points' values.
    fileprivate mutating func add(
        _ products: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Float>, blocks: Int,
        masses: UnsafeMutablePointer<Float>
    ) {
        for block in 0..<blocks {
            let values = UnsafeMutableBufferPointer(
                start: products + block * PlaneBlock.points, count: PlaneBlock.points)
            let largest = subtract(offsets + block * PlaneBlock.points, from: values)
            // Far below what there is already, a block has no mass that could be seen.
            guard largest > top - 60 else { continue }
            if largest > top {
                if top > -.infinity { quarters.scale(by: top - largest) }
                top = largest
            }
            let before = quarters.total
            quarters.add(UnsafeBufferPointer(values), relativeTo: top)
            let sum = quarters.total - before
            if sum > 0 { masses[block] = top + Float(logarithm(sum)) }
        }
    }

    /// values −= offsets; the largest of them.
    private func subtract(_ offsets: UnsafePointer<Float>, from values: UnsafeMutableBufferPointer<Float>) -> Float {
        var largest = SIMD16<Float>(repeating: -.infinity)
        guard let base = values.baseAddress else { return -.infinity }
        for start in stride(from: 0, to: PlaneBlock.points, by: 16) {
            let place = UnsafeMutableRawPointer(base + start)
            let four =
                place.loadUnaligned(as: SIMD16<Float>.self)
                - UnsafeRawPointer(offsets + start).loadUnaligned(as: SIMD16<Float>.self)
            place.storeBytes(of: four, as: SIMD16<Float>.self)
            largest = pointwiseMax(largest, four)
        }
        return largest.max()
    }
}
