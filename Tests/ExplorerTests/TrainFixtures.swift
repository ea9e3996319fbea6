import Cells
import Foundation
import Latent
import Pictures

@testable import Explorer

extension RunDescription {
    static let digits = RunDescription(
        name: "run-mnist", epochs: 30, stepsPerEpoch: 430, valuesPerImage: 784, isControlled: true)
}

extension Session {
    /// An explorer with a training that has come to some epoch; its pictures are rings.
    static func training(
        epochs: Double, columns: Int = 120, rows: Int = 40, profile: TerminalProfile = .plain,
        facts: RunDescription = .digits, model: ModelFacts = .digits, divergences: [Double] = [3.41, 3.06],
        beta: Double = 1
    ) -> Session {
        var session = Session(columns: columns, rows: rows, profile: profile, model: model)
        session.send(.run(.began(facts)))
        session.train(to: epochs, divergences: divergences, beta: beta)
        session.send(.encoded(.blobs))
        session.renew("epoch \(max(1, Int(epochs)))")
        return session
    }

    /// Measurements as a trainer gives them: some fifty an epoch, and a validation after each.
    mutating func train(
        to epochs: Double, from start: Double = 0, divergences: [Double] = [3.41, 3.06], beta: Double = 1
    ) {
        let steps = 430.0
        let interval = 10
        for step in stride(from: Int(start * steps) + interval, through: Int(epochs * steps), by: interval) {
            let done = Double(step) / steps
            let noise = Double(step * 7919 % 97) / 97 - 0.5
            let kl = divergences.reduce(0, +) * (1 - exp(-done * 6))
            let loss = 137 + 40 * exp(-done * 3) + 18 / (1 + done) + 350 * exp(-done * 60) + 3 * noise
            var values: [RunQuantity: Double] = [
                .trainNegativeELBO: loss, .trainKL: kl, .trainReconstruction: loss - kl,
                .objective: loss + (beta - 1) * kl, .learningRate: 8.1e-4, .beta: beta,
            ]
            if step % 430 == 0 { values[.validationNegativeELBO] = 139 + 30 / (1 + done) }
            send(.run(.measured(RunMeasurement(step: Double(step), values: values, divergences: divergences))))
        }
        var progress = RunProgress()
        progress.epoch = min(30, Int(epochs) + 1)
        progress.epochShare = epochs - epochs.rounded(.down)
        progress.share = epochs / 30
        progress.imagesPerSecond = 2310
        progress.elapsed = .seconds(Int(epochs * 24))
        progress.remaining = .seconds(Int((30 - epochs) * 24))
        progress.learningRate = 8.1e-4
        progress.beta = beta
        if epochs >= 1 {
            progress.best = 139 + 30 / (1 + epochs.rounded(.down))
            progress.bestEpoch = Int(epochs)
        }
        send(.run(.progressed(progress)))
        if epochs >= 1 { assess(divergences) }
    }

    /// What a validation tells of latents.
    mutating func assess(_ divergences: [Double]) {
        let active = divergences.count { $0 > 0.01 }
        let dead = divergences.count - active
        let finding = dead > 0 ? "\(dead) of \(divergences.count) latents \(dead == 1 ? "has" : "have") collapsed" : nil
        send(.run(.assessed(RunAssessment(divergences: divergences, activeLatents: active, finding: finding))))
    }

    /// Other weights come, and the pictures that they make.
    mutating func renew(_ moment: String) {
        send(.run(.renewed(moment: moment)))
        guard let request = state[TrainView.self].request else { return }
        let images = (0..<request.images).map { Picture.ring(at: LatentPoint(Float($0) / 3 - 1, 1)) }
        send(
            .run(
                .pictures(
                    RunPictures(
                        number: request.number, moment: moment, tiles: request.points.map { .ring(at: $0) },
                        images: images, reconstructions: images))))
    }
}
