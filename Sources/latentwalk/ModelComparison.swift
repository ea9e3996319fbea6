import Files
import JSON
import ModelFiles
import Neural
import VAE

/// How two models differ: what they are, their layers, their tensors, and what they answer.
struct ModelComparison {
    /// One of the two.
    struct Side {
        let path: String
        let format: String
        let model: Model

        var architecture: Architecture { model.architecture }
    }

    let first: Side
    let second: Side
    /// What is said of the models as a whole, where that differs.
    let facts: [(name: String, first: String, second: String)]
    let parts: [PartComparison]
    let tensors: TensorComparison
    let answers: AnswerComparison

    init(_ first: Side, _ second: Side, pool: WorkerPool) {
        (self.first, self.second) = (first, second)
        facts = zip(ModelComparison.facts(first), ModelComparison.facts(second)).compactMap { left, right in
            left.text == right.text ? nil : (left.name, left.text, right.text)
        }
        parts = [
            PartComparison("encoder", first.architecture.encoder, second.architecture.encoder),
            PartComparison("decoder", first.architecture.decoder, second.architecture.decoder),
        ].compactMap(\.self)
        tensors = TensorComparison(first.model, second.model, parts)
        answers = AnswerComparison(first.model, second.model, pool: pool)
    }

    /// Whether nothing that a model computes with differs.
    var isSame: Bool {
        facts.allSatisfy { $0.name == ModelComparison.format } && parts.allSatisfy(\.isSame) && tensors.isSame
    }

    private static let format = "format"

    private static func facts(_ side: Side) -> [(name: String, text: String)] {
        let architecture = side.architecture
        return [
            (format, side.format), ("images", "\(architecture.image)"), ("latents", "\(architecture.latent)"),
            ("likelihood", architecture.likelihood?.text ?? "unknown"),
            ("pixels", architecture.pixelRange.words ?? "0 to 1"),
            ("classes", architecture.classCount.map(String.init) ?? "none"),
            ("condition", architecture.conditionCount.map { counted($0, "number") } ?? "none"),
            ("encoder", architecture.encoder == nil ? "none" : "there"),
            ("second head", architecture.encoder == nil ? "" : architecture.secondHead.words),
            ("parameters", grouped(architecture.parameterCount)),
        ]
    }

    // MARK: Text

    var text: String {
        let (a, b) = (first.path.printable, second.path.printable)
        guard !isSame else {
            let formats =
                facts.isEmpty ? "" : ", in two formats (\(first.format.printable), \(second.format.printable))"
            return
                "\(a) and \(b) are the same model\(formats): the same layers, and every number of every tensor is equal.\n"
        }
        let sections = [["A  \(a)", "B  \(b)"], factLines] + parts.map(\.lines) + [tensors.lines, answers.lines]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var factLines: [String] {
        guard !facts.isEmpty else { return [] }
        var table = TextTable([.left, .left, .left])
        table.add(["", "A", "B"])
        for fact in facts { table.add([fact.name, fact.first.printable, fact.second.printable]) }
        return table.lines
    }

    // MARK: JSON

    var json: JSONValue {
        .object([
            "same": .boolean(isSame),
            "a": .string(first.path),
            "b": .string(second.path),
            "facts": .object(
                facts.reduce(into: JSONObject()) { object, fact in
                    object.append(.array([.string(fact.first), .string(fact.second)]), named: fact.name)
                }),
            "layers": .object(
                parts.reduce(into: JSONObject()) { object, part in object.append(part.json, named: part.name) }),
            "tensors": tensors.json,
            "answers": answers.json,
        ])
    }
}
