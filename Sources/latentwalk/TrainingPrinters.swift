import JSON
import Training

/// Hears what happens in a run and shows it.
protocol TrainingListener {
    func hear(_ event: TrainingEvent)
    /// How much of the evaluation at the end is done, and how long the rest will take.
    func evaluating(_ share: Double, secondsLeft: Double)
    /// The evaluation at the end.
    func hear(_ evaluation: DatasetEvaluation, data: String)
    /// Something for people.
    func note(_ text: String)
    /// Something went wrong that does not end the run, in one sentence.
    func warn(_ sentence: String)
}

extension TrainingListener {
    func warn(_ sentence: String) { StandardError.write("latentwalk: \(sentence)\n") }
    func evaluating(_ share: Double, secondsLeft: Double) {}
}

/// Shows nothing.
struct SilentListener: TrainingListener {
    func hear(_ event: TrainingEvent) {}
    func hear(_ evaluation: DatasetEvaluation, data: String) {}
    func note(_ text: String) {}
}

/// A line an epoch on standard output; on a terminal a line that counts on standard error between them.
struct LinePrinter: TrainingListener {
    func hear(_ event: TrainingEvent) {
        switch event {
        case .started(let plan):
            line(
                "recipe \(plan.recipe), \(plan.parameterCount) parameters, \(counted(plan.trainingImages, "image"))"
                    + (plan.validationImages > 0 ? " and \(plan.validationImages) held back" : "")
                    + ", \(counted(plan.epochs, "epoch")) of batches of \(plan.batchSize), seed \(plan.seed); nats an image"
            )
            for sentence in plan.foresight { line("  \(sentence)") }
        case .progressed(let progress):
            guard StandardError.isTerminal else { return }
            let share = 100 * progress.images / progress.imagesInEpoch
            let text =
                "epoch \(progress.epoch)  \(String(share).leftPadded(to: 3)) %  \(parts(progress.means))"
                + "  \(Int(progress.imagesPerSecond)) images/s  left \(clock(progress.secondsLeft ?? .infinity))"
            StandardError.write("\r\(text.padded(to: 79))")
        case .finishedEpoch(let report):
            clearCount()
            let validation = report.validation.map { "  validation \(parts($0.terms))" } ?? ""
            line(
                "epoch \(String(report.epoch).leftPadded(to: String(report.epochs).count))/\(report.epochs)"
                    + "  train \(parts(report.training))\(validation)"
                    + "  \(Int(report.imagesPerSecond)) images/s  left \(clock(report.secondsLeft))")
            for finding in report.health { line("  \(finding.ofOwnRun)") }
        case .finished(let outcome):
            guard outcome.reason == .ranOutOfPatience, let best = outcome.state.best else { break }
            line("no better validation since epoch \(best.epoch): the run ends")
        case .measured, .snapshot, .checkpoint, .paused, .proceeded, .rateChanged, .failed: break
        }
    }

    func evaluating(_ share: Double, secondsLeft: Double) {
        guard StandardError.isTerminal else { return }
        let text = "test images \(String(Int(100 * share)).leftPadded(to: 3)) %  left \(clock(secondsLeft))"
        StandardError.write("\r\(text.padded(to: 79))")
    }

    /// Takes the line that counts away.
    private func clearCount() {
        if StandardError.isTerminal { StandardError.write("\r\(String(repeating: " ", count: 79))\r") }
    }

    func hear(_ evaluation: DatasetEvaluation, data: String) {
        clearCount()
        line(
            "\(data): \(parts(evaluation.terms)), standard error \(fixed(evaluation.standardError, 2)),"
                + " \(counted(evaluation.images, "image")), \(counted(evaluation.samples, "posterior sample")) each")
    }

    func note(_ text: String) { line(text) }

    // A run goes on where nobody reads about it.
    private func line(_ text: String) { try? StandardOutput.write(text + "\n") }

    private func parts(_ means: LossMeans) -> String {
        parts(TrainingStep.Terms(reconstruction: means.reconstruction, kl: means.kl))
    }

    private func parts(_ terms: TrainingStep.Terms) -> String {
        "−ELBO \(fixed(terms.negativeELBO, 2)) = \(fixed(terms.reconstruction, 2)) + KL \(fixed(terms.kl, 2))"
    }

    /// `1:02:03`, `2:03`.
    private func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 360_000 else { return "–" }
        let whole = Int(seconds.rounded())
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let rest = String(whole % 60 + 100).dropFirst()
        return hours > 0 ? "\(hours):\(String(minutes + 100).dropFirst()):\(rest)" : "\(minutes):\(rest)"
    }
}

/// Each event as an object on a line of its own.
struct JSONPrinter: TrainingListener {
    func hear(_ event: TrainingEvent) {
        switch event {
        case .started(let plan):
            line([
                "event": .string("started"), "recipe": .string(plan.recipe),
                "parameters": .integer(plan.parameterCount),
                "training_images": .integer(plan.trainingImages),
                "validation_images": .integer(plan.validationImages), "epochs": .integer(plan.epochs),
                "batch_size": .integer(plan.batchSize), "seed": .string("\(plan.seed)"),
                "foresight": .array(plan.foresight.map { .string($0) }),
            ])
        case .measured(let measurement):
            line([
                "event": .string("measured"), "epoch": .integer(measurement.epoch), "step": .integer(measurement.step),
                "training": terms(measurement.means), "kl_of_latents": numbers(measurement.means.divergences),
                "objective": number(measurement.means.objective),
                "learning_rate": number(measurement.learningRate), "beta": number(measurement.beta),
                "gradient_norm": number(measurement.gradientNorm),
                "images_per_second": number(measurement.imagesPerSecond),
            ])
        case .finishedEpoch(let report):
            line([
                "event": .string("epoch"), "epoch": .integer(report.epoch), "training": terms(report.training),
                "validation": report.validation.map { terms($0.terms) } ?? .null,
                "active_units": report.validation.map { .integer($0.activeUnits) } ?? .null,
                "health": .array(report.health.map { .string($0.ofOwnRun) }),
                "images_per_second": .number(report.imagesPerSecond), "seconds_left": .number(report.secondsLeft),
            ])
        case .finished:
            line(["event": .string("finished")])
        case .rateChanged(let change):
            line([
                "event": .string("rate_changed"), "step": .integer(change.step), "factor": number(change.factor),
                "learning_rate": number(change.learningRate),
            ])
        case .failed(let loss, _):
            line([
                "event": .string("failed"), "epoch": .integer(loss.epoch), "batch": .integer(loss.batch),
                "step": .integer(loss.step), "term": .string(loss.term.rawValue),
                "place": loss.place.map(JSONValue.string) ?? .null,
            ])
        case .paused(let position): line(["event": .string("paused"), "epoch": .integer(position.epoch)])
        case .proceeded(let position): line(["event": .string("proceeded"), "epoch": .integer(position.epoch)])
        case .progressed, .snapshot, .checkpoint: break
        }
    }

    func hear(_ evaluation: DatasetEvaluation, data: String) {
        line([
            "event": .string("evaluated"), "data": .string(data), "images": .integer(evaluation.images),
            "evaluation": terms(evaluation.terms), "standard_error": .number(evaluation.standardError),
        ])
    }

    func note(_ text: String) {}

    private func terms(_ means: LossMeans) -> JSONValue {
        terms(TrainingStep.Terms(reconstruction: means.reconstruction, kl: means.kl))
    }

    private func terms(_ terms: TrainingStep.Terms) -> JSONValue {
        .object([
            "negative_elbo": .number(terms.negativeELBO), "reconstruction": .number(terms.reconstruction),
            "kl": .number(terms.kl),
        ])
    }

    /// JSON has no word for what is not finite.
    private func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }

    private func numbers(_ values: [Double]) -> JSONValue { .array(values.map(number)) }

    // A run goes on where nobody reads about it.
    private func line(_ object: JSONObject) { try? StandardOutput.write(JSONValue.object(object).compactText + "\n") }
}

/// A number with so many decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let whole = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && whole > 0 ? "−" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole / scale).\(String(whole % scale + scale).dropFirst())"
}

extension String {
    /// The text with blanks before it.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
