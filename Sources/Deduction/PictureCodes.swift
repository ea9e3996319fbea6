import Neural
import VAE

/// Points where a model's decoder works in earnest: the means of pictures, with their classes.
struct PictureCodes {
    let values: [Float]
    let labels: [Int]
    let count: Int
}

extension Model {
    /// Where the encoder puts pictures; nil without an encoder, and for pictures of another kind.
    func codes(of pictures: TrialPictures) -> PictureCodes? {
        guard let encoder = architecture.encoder, let fitting = pictures.resized(to: architecture.image.extents),
            fitting.count > 0
        else { return nil }
        let used = fitting.prefix(64)
        let plan = Plan(inference: encoder, tensors: tensors, capacity: used.count, pool: WorkerPool(threads: 1))
        var classes = Int.max
        for case .label(let count, _) in architecture.encoderRoles { classes = min(classes, max(1, count)) }
        let labels = (0..<used.count).map { (used.labels?[$0] ?? $0) % classes }
        plan.fill(architecture.encoderRoles, Condition())
        plan.fill(architecture.encoderRoles, labels: labels, Condition())
        let scale: (low: Float, high: Float) =
            if case .bounded(let low, let high) = architecture.pixelRange { (low, high) } else { (0, 1) }
        let scaled = used.values.map { scale.low + $0 * (scale.high - scale.low) }
        scaled.withUnsafeBufferPointer { if let base = $0.baseAddress { plan.loadImages(base, count: used.count) } }
        plan.forward(count: used.count)
        let (width, latents) = (plan.network.outputShapes[0].count, architecture.latentSize)
        guard width >= latents else { return nil }
        let values = (0..<used.count).flatMap { row in
            UnsafeBufferPointer(start: plan.output() + row * width, count: latents)
        }
        return PictureCodes(values: values, labels: labels, count: used.count)
    }
}
