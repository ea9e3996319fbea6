import Neural
import Platform
import VAE

/// A model's encoder, ready to run.
struct RunningEncoder {
    let latents: Int
    /// What the encoder reads of a black pixel and of a white one.
    let scale: (low: Float, high: Float)
    private let plan: Plan
    private let roles: [InputRole]

    /// - Returns: nil where the model has none that gives points.
    init?(_ model: Model, capacity: Int) {
        let architecture = model.architecture
        guard let encoder = architecture.encoder, encoder.outputShapes[0].count >= architecture.latentSize else {
            return nil
        }
        latents = architecture.latentSize
        scale = if case .bounded(let low, let high) = architecture.pixelRange { (low, high) } else { (0, 1) }
        roles = architecture.encoderRoles
        plan = Plan(inference: encoder, tensors: model.tensors, capacity: capacity, pool: WorkerPool(threads: 1))
    }

    /// - Parameter labels: as of ``Plan/condition(_:_:)``.
    func condition(_ labels: [Int]?) { plan.condition(roles, labels) }

    /// - Parameter pictures: in 0…1, as many as there is room for.
    func means(of pictures: TrialPictures) -> [Float] {
        means(pictures.values.map { scale.low + $0 * (scale.high - scale.low) }, count: pictures.count)
    }

    /// - Parameter pictures: as the encoder reads them.
    func means(_ pictures: [Float], count: Int) -> [Float] {
        pictures.withUnsafeBufferPointer { if let base = $0.baseAddress { plan.loadImages(base, count: count) } }
        plan.forward(count: count)
        let width = plan.network.outputShapes[0].count
        return (0..<count).flatMap { row in
            UnsafeBufferPointer(start: plan.output() + row * width, count: latents)
        }
    }
}

/// Both halves of a model, ready to run.
struct RunningHalves {
    let encoder: RunningEncoder
    private let range: PixelRange
    private let decoding: Plan
    private let roles: [InputRole]

    /// - Returns: nil where the model has no encoder.
    init?(_ model: Model, capacity: Int) {
        guard let encoder = RunningEncoder(model, capacity: capacity) else { return nil }
        self.encoder = encoder
        let architecture = model.architecture
        (range, roles) = (architecture.pixelRange, architecture.decoderRoles)
        decoding = Plan(
            inference: architecture.decoder, tensors: model.tensors, capacity: capacity, pool: WorkerPool(threads: 1))
    }

    /// - Parameter labels: as of ``Plan/condition(_:_:)``.
    func condition(_ labels: [Int]?) {
        encoder.condition(labels)
        decoding.condition(roles, labels)
    }

    /// Whether values have to be squashed before they are a picture: where nothing bounds them, and they go far.
    private func isLogit(_ values: UnsafeBufferPointer<Float>) -> Bool {
        switch range {
        case .logits: true
        case .free: values.count { abs($0) > 2 } * 20 > values.count
        case .bounded: false
        }
    }

    /// - Returns: pictures as the encoder reads them.
    func decoded(_ points: [Float], count: Int) -> [Float] {
        points.withUnsafeBufferPointer { if let base = $0.baseAddress { decoding.loadImages(base, count: count) } }
        decoding.forward(count: count)
        let size = decoding.network.outputShapes[0].count
        let made = UnsafeBufferPointer(start: decoding.output(), count: count * size)
        guard isLogit(made) else { return Array(made) }
        return made.map { 1 / (1 + exponential(-$0)) }
    }
}

extension Plan {
    /// Fills the inputs that are neither points nor pictures.
    ///
    /// - Parameter labels: any numbers; those that are no classes are brought to some that are.
    fileprivate func condition(_ roles: [InputRole], _ labels: [Int]?) {
        fill(roles, Condition())
        guard let labels else { return }
        var classes = Int.max
        for case .label(let count, _) in roles { classes = min(classes, max(1, count)) }
        fill(roles, labels: labels.map { $0 % classes }, Condition())
    }
}
