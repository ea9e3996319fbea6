import Files
import Inference
import JSON
import Training

/// The formats of files that figures are written to; the suffix decides.
enum EvaluationFormat: String {
    case json, csv

    init?(path: String) {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let suffix = parts.last else { return nil }
        self.init(rawValue: suffix.lowercased())
    }
}

/// What `latentwalk evaluate` says: the same figures as text for people, JSON and CSV.
struct EvaluationReport {
    var evaluation: ModelEvaluation
    var settings: ModelEvaluator
    /// The data set and its split: `mnist test`.
    let data: String

    func write(to path: String, as format: EvaluationFormat) throws(FileError) {
        try AtomicFile.write(Array((format == .json ? jsonText : csvText).utf8), to: path)
    }

    // MARK: Text

    var text: String {
        let samples =
            settings.inference == .exact ? "exact posteriors" : counted(settings.samples, "posterior sample") + " each"
        let pixels =
            switch settings.pixels {
            case .gray: "gray pixels"
            case .sampled: "pixels sampled with seed \(settings.seed)"
            case .threshold: "pixels set to 0 or 1 at ½"
            }
        let about =
            "\(data.printable), \(counted(evaluation.images, "image")), \(pixels), \(samples); nats an image"
        return ([about] + table.lines + notes).map { $0 + "\n" }.joined()
    }

    private var table: TextTable {
        var table = TextTable([.left, .right, .left])
        func add(_ name: String, _ estimate: Estimate, _ remark: String = "") {
            let error = "± \(estimate.standardError.map { fixed($0, 2) } ?? "–")"
            table.add([name, fixed(estimate.mean, 2), remark.isEmpty ? error : "\(error)  \(remark)"])
        }
        switch settings.inference {
        case .encoder: add("−ELBO", evaluation.negativeELBO, "by the encoder")
        case .refined: add("−ELBO", evaluation.negativeELBO, "by refined posteriors")
        case .exact: add("−ELBO", evaluation.negativeELBO, "by exact posteriors: −log p itself")
        }
        add("reconstruction", evaluation.reconstruction)
        add("KL", evaluation.kl)
        for (latent, divergence) in evaluation.divergences.enumerated() { add("  of latent \(latent)", divergence) }
        table.add([
            "active units", evaluation.activeUnits.map { "\($0)" } ?? "–", "of \(evaluation.latents)",
        ])
        if let bound = evaluation.importanceBound {
            add("−log p, at most", bound, "importance-weighted, \(settings.importanceSamples) samples")
        }
        if let exact = evaluation.exact {
            add("−log p", exact.negativeLogEvidence, "exact")
            add("approximation gap", exact.approximationGap, "the Gaussian's shape")
            add(
                "amortization gap", exact.amortizationGap,
                settings.inference == .refined ? "the refined place and width" : "the encoder's place and width")
        }
        return table
    }

    private var notes: [String] {
        var notes = findings.map(\.description)
        if let count = evaluation.imagesAtEdge, count > 0 {
            notes.append(
                "\(counted(count, "posterior")) reached the edge of the plane (±6), so that −log p is too large")
        }
        return notes
    }

    private var findings: [TrainingHealth.Finding] {
        TrainingHealth.findings(
            reconstruction: evaluation.reconstruction.mean, divergences: evaluation.divergences.map(\.mean),
            meanVariances: evaluation.activities ?? [], variances: [])
    }

    // MARK: Data

    /// Each figure with its name, and an estimate with its standard error, null where one image tells none.
    private var figures: [(name: String, value: JSONValue, error: JSONValue?)] {
        var figures: [(String, JSONValue, JSONValue?)] = []
        func add(_ name: String, _ estimate: Estimate) {
            figures.append((name, .number(estimate.mean), number(estimate.standardError)))
        }
        add("negative_elbo", evaluation.negativeELBO)
        add("reconstruction", evaluation.reconstruction)
        add("kl", evaluation.kl)
        figures.append(("active_units", evaluation.activeUnits.map(JSONValue.integer) ?? .null, nil))
        if let bound = evaluation.importanceBound { add("importance_weighted_bound", bound) }
        if let exact = evaluation.exact {
            add("exact_negative_log_p", exact.negativeLogEvidence)
            add("best_gaussian_negative_elbo", exact.gaussianNegativeELBO)
            add("approximation_gap", exact.approximationGap)
            add("amortization_gap", exact.amortizationGap)
            figures.append(("exact_widest_spacing", .number(exact.widestSpacing), nil))
            figures.append(("exact_doubled_spacing_error", .number(exact.doubledSpacingError), nil))
        }
        if let count = evaluation.imagesAtEdge { figures.append(("exact_images_at_edge", .integer(count), nil)) }
        return figures
    }

    private var conditions: [(name: String, value: JSONValue)] {
        [
            ("data", .string(data)), ("images", .integer(evaluation.images)),
            ("inference", .string(settings.inference.rawValue)), ("pixels", .string(settings.pixels.rawValue)),
            ("samples", .integer(settings.samples)),
            ("importance_samples", .integer(settings.importanceSamples)), ("seed", .string("\(settings.seed)")),
        ]
    }

    var jsonText: String {
        var object = JSONObject()
        func add(_ name: String, _ value: JSONValue) { object.append(value, named: name) }
        for condition in conditions { add(condition.name, condition.value) }
        for figure in figures {
            add(figure.name, figure.value)
            if let error = figure.error { add("\(figure.name)_standard_error", error) }
        }
        let divergences = evaluation.divergences
        add("kl_per_latent", divergences.isEmpty ? .null : .array(divergences.map { .number($0.mean) }))
        add(
            "kl_per_latent_standard_error",
            divergences.isEmpty ? .null : .array(divergences.map { number($0.standardError) }))
        add("health", .array(findings.map { .string($0.description) }))
        add("activity_per_latent", evaluation.activities.map { .array($0.map(JSONValue.number)) } ?? .null)
        return JSONValue.object(object).indentedText + "\n"
    }

    /// A head line, then a line a figure: name, value, standard error; the conditions come first. What one image does
    /// not tell is empty.
    var csvText: String {
        var rows = [["figure", "value", "standard_error"]]
        for condition in conditions { rows.append([condition.name, plain(condition.value).printable, ""]) }
        for figure in figures { rows.append([figure.name, plain(figure.value), figure.error.map(plain) ?? ""]) }
        for (latent, divergence) in evaluation.divergences.enumerated() {
            rows.append(["kl_of_latent_\(latent)", "\(divergence.mean)", plain(number(divergence.standardError))])
        }
        for (latent, activity) in (evaluation.activities ?? []).enumerated() {
            rows.append(["activity_of_latent_\(latent)", "\(activity)", ""])
        }
        return rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined()
    }

    /// Null where there is no number.
    private func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }

    private func plain(_ value: JSONValue) -> String { value == .null ? "" : value.string ?? value.compactText }
}

/// `1 image`, `2 images`.
///
/// - Parameter plural: where it is not the noun with an s.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
