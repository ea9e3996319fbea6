import Neural
import VAE

/// A decoder's outputs together with its exact derivatives along directions: forward-mode differentiation.
///
/// The decoder is cut where it is not affine. Each affine piece runs as a plan of the engine, once with its biases for the
/// values and once without for the tangents, since the derivative of W x + b along v is W v; what lies between two pieces
/// multiplies the tangents with its slopes. The derivatives are exact to the rounding of float32; k directions cost
/// about as much as k + 1 decodes.
///
/// It belongs to one thread at a time, and shares its work with the threads of its pool.
final class ForwardMode {
    private enum Piece {
        case affine(values: Plan, tangents: Plan)
        case bend(Bend, inputs: Int, outputs: Int)
    }

    let latentSize: Int
    /// The numbers of one output.
    let elements: Int
    /// The most points, and the most points times directions, that go through together.
    let rows: Int
    private let pieces: [Piece]
    private let pool: WorkerPool
    private let start: Workspace
    private let slopes: [Workspace]

    /// Of the decoder up to what the likelihood is computed from: logits, or a Gaussian likelihood's means.
    init(_ model: Model, pool: WorkerPool) {
        let folded = model.architecture.objectiveDecoder.foldingBatchNormalization(model.tensors)
        let network = folded.network
        latentSize = model.architecture.latentSize
        elements = network.outputShapes[0].count
        self.pool = pool
        let widest = network.shapes.map(\.count).max() ?? 1
        // 16 MB for the widest value, and no more rows than a cache likes.
        let rows = max(1, min(96, (1 << 22) / widest))
        let still = ForwardMode.withoutOffsets(folded.tensors, of: network)
        var pieces: [Piece] = []
        var first = 0
        func endAffine(_ end: Int) {
            guard first < end else { return }
            let piece = network.chain(first..<end)
            pieces.append(
                .affine(
                    values: Plan(inference: piece, tensors: folded.tensors, capacity: rows, pool: pool),
                    tangents: Plan(inference: piece, tensors: still, capacity: rows, pool: pool)))
        }
        for (index, node) in network.nodes.enumerated() {
            let (input, output) = (network.shapes[index], network.shapes[index + 1])
            guard let bend = Bend(node.operation, from: input, to: output) else { continue }
            endAffine(index)
            pieces.append(.bend(bend, inputs: input.count, outputs: output.count))
            first = index + 1
        }
        endAffine(network.nodes.count)
        self.rows = rows
        self.pieces = pieces
        start = Workspace(2 * rows * latentSize)
        slopes = (0..<pool.threads).map { _ in Workspace(widest) }
    }

    /// The same tensors with everything that is added set to nothing.
    private static func withoutOffsets(_ tensors: [String: Tensor], of network: Network) -> [String: Tensor] {
        var tensors = tensors
        for parameter in network.parameters {
            let isMean = parameter.role == .statistic && parameter.name.hasSuffix(".running_mean")
            guard parameter.role == .bias || isMean else { continue }
            tensors[parameter.name] = Tensor(
                extents: parameter.extents, values: Array(repeating: 0, count: parameter.count))
        }
        return tensors
    }

    /// Outputs and derivatives at some points.
    ///
    /// - Parameters:
    ///   - points: `[count, latents]`.
    ///   - count: at most ``rows``, and so is `count · directions`.
    ///   - directions: `[directions, latents]`, the same at all points.
    ///   - body: is given the outputs `[count, elements]` and the tangents `[count, directions, elements]`; both may be
    ///     overwritten, and are gone afterwards.
    func differentiate<Result>(
        at points: UnsafePointer<Float>, count: Int, along directions: [Float],
        _ body: (_ outputs: UnsafeMutablePointer<Float>, _ tangents: UnsafeMutablePointer<Float>) -> Result
    ) -> Result {
        let directionCount = directions.count / latentSize
        precondition(count <= rows && count * directionCount <= rows, "the points fit into one piece")
        var values = start.pointer
        var tangents = start.pointer + rows * latentSize
        values.update(from: points, count: count * latentSize)
        directions.withUnsafeBufferPointer { directions in
            guard let base = directions.baseAddress else { return }
            for point in 0..<count {
                (tangents + point * directions.count).update(from: base, count: directions.count)
            }
        }
        for piece in pieces {
            switch piece {
            case .affine(let valuePlan, let tangentPlan):
                valuePlan.loadImages(values, count: count)
                valuePlan.forward(count: count)
                values = valuePlan.output()
                guard directionCount > 0 else { continue }
                tangentPlan.loadImages(tangents, count: count * directionCount)
                tangentPlan.forward(count: count * directionCount)
                tangents = tangentPlan.output()
            case .bend(let bend, let inputs, let outputs):
                pool.forEach(count) { [self, values, tangents] point, worker in
                    bend.apply(
                        to: values + point * inputs, count: inputs,
                        tangents: tangents + point * directionCount * inputs, directions: directionCount,
                        stride: inputs, slopes: slopes[worker].pointer)
                }
                ForwardMode.close(values, rows: count, from: inputs, to: outputs)
                ForwardMode.close(tangents, rows: count * directionCount, from: inputs, to: outputs)
            }
        }
        return body(values, tangents)
    }

    /// Moves rows that have become shorter together.
    private static func close(_ values: UnsafeMutablePointer<Float>, rows: Int, from length: Int, to shorter: Int) {
        guard shorter < length else { return }
        for row in 1..<max(1, rows) { (values + row * shorter).update(from: values + row * length, count: shorter) }
    }
}

extension Network {
    /// Some neighboring nodes of a chain as a network of their own.
    fileprivate func chain(_ range: Range<Int>) -> Network {
        let nodes = nodes[range].enumerated().map { index, node in
            Node(node.operation, inputs: [index], name: node.name)
        }
        guard let network = try? Network(inputs: [shapes[range.lowerBound]], nodes: nodes, outputs: [nodes.count])
        else {
            preconditionFailure("a decoder is a chain of layers, whose shapes were checked when it was made")
        }
        return network
    }
}

/// Memory for numbers.
final class Workspace {
    let pointer: UnsafeMutablePointer<Float>

    init(_ count: Int) {
        pointer = .allocate(capacity: max(1, count))
        pointer.initialize(repeating: 0, count: max(1, count))
    }

    deinit { pointer.deallocate() }
}
