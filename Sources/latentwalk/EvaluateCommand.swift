import ArgumentParser
import Checkpoints
import Datasets
import JSON
import Neural
import Training
import VAE

/// `latentwalk evaluate`: −ELBO on a data set.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure −ELBO, reconstruction and KL on a data set.",
        discussion: """
            Nats an image, by the encoder's posterior, on gray pixels in 0…1: means over the images, of the mean over \
            posterior samples, with the standard error over the images.
            """
    )

    @Argument(help: "A model's file; the shipped model if none is named.")
    var model: String?

    @Option(help: "What to evaluate on: mnist, fashion-mnist, or a folder of IDX files.")
    var data = "mnist"

    @Option(help: "Which part of the data set: \(Dataset.Split.allCases.map(\.rawValue).joined(separator: " or ")).")
    var split: Dataset.Split = .test

    @Option(help: "The first images only.")
    var limit: Int?

    @Option(help: "Posterior samples an image.")
    var samples = 10

    @Option(help: "What the samples come from.")
    var seed: UInt64 = 0

    @Option(help: "How many threads work. (default: one a processor)")
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(samples) else { throw ValidationError("--samples must be 1 to 10000.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
        try Threads.check(threads)
    }

    func run() throws {
        let path = try model ?? Installation.current().shippedModel
        let model = try Checkpoint.read(path)
        let dataset = try DatasetLibrary.current.load(data, split: split, limit: limit)
        let pool = WorkerPool(threads: threads ?? WorkerPool.processorCount)
        let evaluation = try model.evaluate(dataset, samples: samples, seed: seed, pool: pool) { done in
            guard StandardError.isTerminal else { return }
            StandardError.write("\r\(done) of \(dataset.count) images" + (done == dataset.count ? "\r" : ""))
        }
        try StandardOutput.write(json ? object(evaluation, dataset).indentedText + "\n" : text(evaluation, dataset))
    }

    private func text(_ evaluation: DatasetEvaluation, _ dataset: Dataset) -> String {
        var table = TextTable([.left, .right, .left])
        table.add([
            "−ELBO", fixed(evaluation.terms.negativeELBO, 2), "± \(fixed(evaluation.standardError, 2)) nats an image",
        ])
        table.add(["reconstruction", fixed(evaluation.terms.reconstruction, 2), ""])
        table.add(["KL", fixed(evaluation.terms.kl, 2), ""])
        for (latent, divergence) in evaluation.divergences.enumerated() {
            table.add(["  of latent \(latent)", fixed(divergence, 2), ""])
        }
        let about = "\(dataset.name) \(split.rawValue), \(evaluation.images) images, \(samples) posterior samples each"
        return ([about] + table.lines).map { $0 + "\n" }.joined()
    }

    private func object(_ evaluation: DatasetEvaluation, _ dataset: Dataset) -> JSONValue {
        .object([
            "data": .string(dataset.name), "split": .string(split.rawValue), "images": .integer(evaluation.images),
            "samples": .integer(samples), "pixels": .string("gray"),
            "negative_elbo": .number(evaluation.terms.negativeELBO),
            "standard_error": .number(evaluation.standardError),
            "reconstruction": .number(evaluation.terms.reconstruction), "kl": .number(evaluation.terms.kl),
            "kl_per_latent": .array(evaluation.divergences.map(JSONValue.number)),
        ])
    }
}
