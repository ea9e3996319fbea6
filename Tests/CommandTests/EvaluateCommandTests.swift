import ArgumentParser
import JSON
import Testing
import VAE

@testable import Inference
@testable import latentwalk

@Suite("latentwalk evaluate")
struct EvaluateCommandTests {
    private var report: EvaluationReport {
        var settings = ModelEvaluator()
        settings.importanceSamples = 50
        settings.pixels = .sampled
        settings.seed = 7
        let evaluation = ModelEvaluation(
            images: 1, negativeELBO: Estimate(mean: 141.256, standardError: 0.5),
            reconstruction: Estimate(mean: 134, standardError: 0.5), kl: Estimate(mean: 7.256, standardError: 0.01),
            divergences: [Estimate(mean: 7.256, standardError: 0.01)], activities: [0.9],
            importanceBound: Estimate(mean: 139.5, standardError: 0.4), exact: nil)
        return EvaluationReport(evaluation: evaluation, settings: settings, data: "a, \u{1B}[31m“b” test")
    }

    @Test("The text says what was measured on what, each figure with its standard error")
    func text() {
        let lines = report.text.split(separator: "\n").map(String.init)
        #expect(
            lines.first
                == "a, [31m“b” test, 1 image, pixels sampled with seed 7, 10 posterior samples each; nats an image")
        #expect(lines.contains("−ELBO            141.26  ± 0.50  by the encoder"))
        #expect(lines.contains("active units          1  of 1"))
        #expect(lines.contains { $0.hasPrefix("−log p, at most") && $0.hasSuffix("importance-weighted, 50 samples") })
    }

    @Test(
        "A likelihood that there is not is said with those that there are",
        arguments: [
            ("poisson", "There is no likelihood “poisson”: choose bernoulli, gaussian, or gaussian:VARIANCE"),
            ("gaussian:0", "There is no likelihood “gaussian:0”: choose"),
            ("gaussian:learned", "A variance is learned in training alone: name it, as in --likelihood gaussian:0.1"),
        ])
    func likelihoods(_ text: String, _ sentence: String) {
        let error = #expect(throws: (any Error).self) { try EvaluateCommand.parse(["--likelihood", text]) }
        #expect(error.map { EvaluateCommand.message(for: $0).contains(sentence) } == true)
        #expect(error.map { EvaluateCommand.message(for: $0).hasSuffix("0.") } == false)
    }

    @Test("JSON and CSV hold the same figures, and the conditions with them")
    func data() throws {
        let object = try #require(try JSONValue(parsing: Array(report.jsonText.utf8)).object)
        #expect(object["negative_elbo"]?.number == 141.256)
        #expect(object["negative_elbo_standard_error"]?.number == 0.5)
        #expect(object["pixels"]?.string == "sampled")
        #expect(object["importance_weighted_bound"]?.number == 139.5)
        let rows = report.csvText.split(separator: "\n").map(String.init)
        #expect(rows.first == "figure,value,standard_error")
        #expect(rows.contains("negative_elbo,141.256,0.5"))
        #expect(rows.contains("kl_of_latent_0,7.256,0.01"))
        #expect(rows.contains("data,\"a, [31m“b” test\","))
    }

    @Test("What one image does not tell is a dash, null, or empty")
    func oneImage() throws {
        func one(_ mean: Double) -> Estimate { Estimate(mean: mean, standardError: nil) }
        let evaluation = ModelEvaluation(
            images: 1, negativeELBO: one(141.25), reconstruction: one(134), kl: one(7.25), divergences: [one(7.25)],
            activities: nil, importanceBound: nil, exact: nil)
        let report = EvaluationReport(evaluation: evaluation, settings: ModelEvaluator(), data: "mnist test")
        let lines = report.text.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("−ELBO") && $0.contains("141.25  ± –") })
        #expect(lines.contains { $0.hasPrefix("active units") && $0.hasSuffix("–  of 1") })
        let object = try #require(try JSONValue(parsing: Array(report.jsonText.utf8)).object)
        for name in ["negative_elbo_standard_error", "active_units", "activity_per_latent"] {
            #expect(object[name] == .null)
        }
        let rows = report.csvText.split(separator: "\n").map(String.init)
        #expect(rows.contains("negative_elbo,141.25,") && rows.contains("active_units,,"))
        #expect(rows.contains("kl_of_latent_0,7.25,"))
    }

    @Test("Figures say whose posteriors they are of, as text and as data")
    func inference() throws {
        func one(_ mean: Double) -> Estimate { Estimate(mean: mean, standardError: 0.5) }
        var report = report
        report.settings.inference = .refined
        #expect(report.text.contains("  by refined posteriors\n"))
        report.settings.inference = .exact
        report.evaluation = ModelEvaluation(
            images: 2, negativeELBO: one(134), reconstruction: one(127), kl: one(7), divergences: [],
            activities: [0.9, 0.8], importanceBound: nil, exact: nil, imagesAtEdge: 1)
        #expect(report.text.contains("  by exact posteriors: −log p itself\n"))
        #expect(report.text.contains(", exact posteriors; nats an image\n") && report.text.contains("2  of 2\n"))
        let object = try #require(try JSONValue(parsing: Array(report.jsonText.utf8)).object)
        #expect(object["inference"]?.string == "exact" && object["kl_per_latent"] == .null)
        #expect(report.csvText.contains("\ninference,exact,\n"))
        #expect(report.text.contains("\n1 posterior reached the edge of the plane"))
        #expect(report.csvText.contains("\nexact_images_at_edge,1,\n"))
        #expect(throws: (any Error).self) { try EvaluateCommand.parse(["--inference", "exact", "--exact"]) }
        #expect(throws: (any Error).self) {
            try EvaluateCommand.parse(["--inference", "exact", "--importance-samples", "5"])
        }
        #expect(try EvaluateCommand.parse(["--inference", "refined", "--exact"]).answer.method == .refined)
    }

    @Test("What a model's latents do not allow is one sentence with a way out")
    func impossible() {
        for (error, remedy) in [
            (InferenceError.latents(8), "take --inference refined, "),
            (.latents(40), "take --inference encoder, "), (.tooManyLatents(40), "take --inference encoder, "),
        ] {
            let sentence = "\(InferenceOptionError.impossible(error))"
            #expect(sentence.hasPrefix("\(error): \(remedy)") && !sentence.contains("\n"))
        }
        #expect(InferenceOptionError.impossible(.latents(8)).exit == .dataError)
    }

    @Test("The suffix of --output decides, and another one is refused")
    func output() throws {
        #expect(try EvaluateCommand.parse(["--output", "x.CSV"]).output == "x.CSV")
        #expect(throws: (any Error).self) { try EvaluateCommand.parse(["--output", "x.txt"]) }
        #expect(throws: (any Error).self) { try EvaluateCommand.parse(["--json", "--csv"]) }
        #expect(throws: (any Error).self) { try EvaluateCommand.parse(["--importance-samples", "0"]) }
    }

    @Test("A figure that is not finite ends with the code for wrong data")
    func exitCodes() {
        #expect(EvaluationError.figureNotFinite.exit == .dataError)
        let error = TensorNotFinite(name: "decoder.0.weight")
        #expect(EvaluationError.tensorNotFinite(error).description == error.description)
        #expect(error.description.contains("decoder.0.weight"))
        #expect(EvaluationError.tensorNotFinite(error).exit == error.exit && error.exit == .dataError)
    }

    @Test("Weights that are not finite are refused by each command that computes with them, in the same sentence")
    func notFinite() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(try SmallModel.notFinite(), to: scratch.path)
        let images = try SmallModel.writeImages(to: scratch.path)
        let sentence = TensorNotFinite(name: "decoder.0.bias").description
        for arguments in [
            ["evaluate", model, "--data", images], ["encode", model, "--data", images],
            ["decode", model, "--z", "0,0"], ["render", model, "point", "--z", "0,0"],
            ["render", model, "manifold"], ["render", model, "traverse", "--data", images],
        ] {
            #expect {
                var command = try LatentWalk.parseAsRoot(arguments)
                try command.run()
            } throws: { error in
                "\(error)" == sentence && (error as? any CommandError)?.exit == .dataError
            }
        }
    }
}
