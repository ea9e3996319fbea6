import Latent
import Neural

extension Model {
    /// Bytes that the values of one plan may take, about: what is larger goes through in smaller batches.
    private static let room = 256 << 20

    /// How many samples go through a network together: as many as are wanted, where there is room.
    private static func capacity(_ wanted: Int, _ network: Network) -> Int {
        let each = network.valueCount * MemoryLayout<Float>.stride
        return max(1, min(wanted, room / max(1, each)))
    }

    /// The decoder, compiled; its further inputs hold the model's condition.
    public func decoderPlan(capacity: Int, pool: WorkerPool) -> Plan {
        plan(architecture.decoder, architecture.decoderRoles, capacity: capacity, pool: pool)
    }

    /// The decoder up to what the reconstruction term is computed from, compiled.
    public func objectivePlan(capacity: Int, pool: WorkerPool) -> Plan {
        plan(architecture.objectiveDecoder, architecture.decoderRoles, capacity: capacity, pool: pool)
    }

    /// The encoder, compiled; nil for a decoder alone.
    public func encoderPlan(capacity: Int, pool: WorkerPool) -> Plan? {
        architecture.encoder.map { plan($0, architecture.encoderRoles, capacity: capacity, pool: pool) }
    }

    private func plan(_ network: Network, _ roles: [InputRole], capacity: Int, pool: WorkerPool) -> Plan {
        let plan = Plan(
            inference: network, tensors: tensors, capacity: Model.capacity(capacity, network), pool: pool)
        plan.fill(roles, condition)
        return plan
    }

    /// The same decoder as ``objectivePlan(capacity:pool:)``, with its derivatives.
    ///
    /// - Parameter rows: the largest number of points with their directions.
    public func tangentPlan(rows: Int, pool: WorkerPool) -> Plan {
        Plan(
            tangentsOf: architecture.objectiveDecoder, tensors: tensors,
            capacity: Model.capacity(rows, architecture.objectiveDecoder), pool: pool)
    }

    /// What the pixels are distributed as; nil where the likelihood is unknown.
    public var distribution: PixelDistribution? { architecture.likelihood?.distribution(tensors) }
}

extension Plan {
    /// Puts images, or points, `[count, channels, height, width]` where the network's first input is, its channels innermost.
    ///
    /// - Parameter images: of any shape; what is no image goes there as it is.
    public func loadImages(_ images: UnsafePointer<Float>, count: Int) {
        let shape = network.inputs[0]
        guard let image = shape.image, image.channels > 1 else {
            input().update(from: images, count: count * shape.count)
            return
        }
        let pixels = image.height * image.width
        for index in 0..<count {
            let (from, to) = (images + index * shape.count, input() + index * shape.count)
            for channel in 0..<image.channels {
                for pixel in 0..<pixels { to[pixel * image.channels + channel] = from[channel * pixels + pixel] }
            }
        }
    }

    /// Fills all inputs but the first for the whole batch.
    ///
    /// - Parameters:
    ///   - roles: what the inputs mean.
    ///   - directions: in a plan for tangents, how many follow each sample's values; they are zero.
    public func fill(_ roles: [InputRole], _ condition: Condition, directions: Int = 0) {
        for index in roles.indices.dropFirst() {
            let count = network.inputs[index].count
            let values = condition.values(for: roles[index], count: count)
            for row in 0..<capacity {
                let target = input(index) + row * count
                for place in 0..<count { target[place] = row % (1 + directions) == 0 ? values[place] : 0 }
            }
        }
    }

    /// Fills the inputs for labels with a class for each sample; a class that the model names for all goes before.
    public func fill(_ roles: [InputRole], labels: some Collection<Int>, _ condition: Condition) {
        fill(roles, labels: labels.map { ClassMix($0) }, count: labels.count, condition)
    }

    /// Fills the inputs for labels with one for each sample; a class that the model names for all goes before.
    ///
    /// - Parameters:
    ///   - labels: one for each of the first samples; nil for the model's own condition. Between classes, an input that takes
    ///     indices is given the nearest one.
    ///   - count: how many samples there are.
    ///   - directions: in a plan for tangents, how many follow each sample's values; they stay as they are.
    public func fill(
        _ roles: [InputRole], labels: [ClassMix?]?, count: Int, _ condition: Condition, directions: Int = 0
    ) {
        guard roles.contains(where: { $0.classCount != nil }) else { return }
        let common = ClassMix(condition.label ?? 0)
        let labels = condition.label == nil ? labels ?? [] : []
        for index in roles.indices.dropFirst() {
            guard case .label(_, let coding) = roles[index] else { continue }
            let width = network.inputs[index].count
            for sample in 0..<count {
                let label = (sample < labels.count ? labels[sample] : nil) ?? common
                let target = input(index) + sample * (1 + directions) * width
                switch coding {
                case .index: target[0] = Float(label.nearest)
                case .oneHot:
                    for place in 0..<width { target[place] = 0 }
                    for part in label.parts where part.label < width { target[part.label] = part.share }
                }
            }
        }
    }
}

extension Condition {
    /// What an input of some role is given.
    func values(for role: InputRole, count: Int) -> [Float] {
        switch role {
        case .label(_, .oneHot): (0..<count).map { $0 == label ?? 0 ? 1 : 0 }
        case .label(_, .index): [Float](repeating: Float(label ?? 0), count: count)
        case .condition: (0..<count).map { $0 < vector.count ? vector[$0] : 0 }
        case .latent, .image, .noise: [Float](repeating: 0, count: count)
        }
    }
}
