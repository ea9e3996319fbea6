import Datasets
import VAE

extension Trainer {
    /// What can be said of a run before it begins, a sentence each.
    func foresight(on images: Dataset) -> [String] {
        [warmupSentence, supportSentence(images)].compactMap(\.self)
    }

    private var warmupSentence: String? {
        guard case .linear(let epochs) = settings.klWarmup, epochs > Double(settings.epochs) else { return nil }
        let reached = settings.beta * Double(settings.epochs) / epochs
        return "the KL warm-up takes \(text(epochs)) epochs and the run has \(settings.epochs): "
            + "the KL term's weight ends at \(text(reached)), not at \(text(settings.beta))"
    }

    private func supportSentence(_ images: Dataset) -> String? {
        guard case .gaussian(.fixed(let variance)) = architecture.likelihood,
            let support = LatentSupport(images, variance: Double(variance), beta: settings.beta)
        else { return nil }
        let (count, latents) = (support.components, architecture.latentSize)
        let known = support.isCut ? "at least \(count)" : "about \(count)"
        let rest = latents - count
        let outcome =
            rest <= 0 || support.isCut
            ? "" : rest == latents ? ": all are likely to collapse" : ": \(rest) of \(latents) are likely to collapse"
        return "the data support \(known) latents at the decoder's variance × β = \(text(support.threshold)), "
            + "as the linear VAE has it (Lucas et al. 2019)\(outcome)"
    }

    /// Three digits are enough for a guide.
    private func text(_ value: Double) -> String {
        guard value != 0, abs(value) < 1000 else { return "\(Float(value))" }
        var scale = 1.0
        while abs(value) * scale < 100, scale < 1e12 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(Float(rounded))"
    }
}
