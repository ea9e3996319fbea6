import Importing
import VAE

/// What the inputs of a model beside the point or the image mean.
enum KerasLabels {
    static func isLabel(_ name: String) -> Bool {
        let name = name.lowercased()
        let words = ["label", "class", "digit", "onehot", "one_hot", "categor", "cond", "attr", "target"]
        return ["y", "c"].contains(name) || name.hasPrefix("y_") || words.contains { name.contains($0) }
    }

    /// The layer that looks an input up in a table.
    static func embedding(of input: KerasGraph.Value, in graph: KerasGraph) -> KerasLayer? {
        // Between them the input may be given another type or shape.
        var readers: Set = [input]
        for (place, call) in graph.calls.enumerated() where call.values.contains(where: readers.contains) {
            switch call.layer.className {
            case "Embedding": return call.layer
            case "Flatten", "Reshape", "Cast": readers.insert(KerasGraph.Value(call: place, output: 0))
            default: break
            }
        }
        return nil
    }

    /// - Parameters:
    ///   - shape: Keras's.
    ///   - labelName: what the user calls the label.
    static func role(
        of input: KerasGraph.Value, _ shape: [Int], in graph: KerasGraph, labelName: String?
    ) throws(ImportProblem) -> (role: InputRole, certainty: Certainty) {
        let layer = graph.layer(of: input)
        if let table = embedding(of: input, in: graph) {
            let classes = try KerasSettings(table).integer("input_dim")
            guard shape.reduce(1, *) == 1, classes >= 1 else {
                throw ImportProblem(.unsupported, "the input \(layer.name.shortened) is several labels at once")
            }
            return (.label(classes: classes, .index), .known)
        }
        guard shape.count <= 1 else {
            throw ImportProblem(
                .unsupported, "the input \(layer.name.shortened) is \(shape), which is neither a label nor a condition",
                advice: KerasAdvice.decoder)
        }
        let count = shape.first ?? 1
        if layer.name == labelName {
            return count > 1 ? (.label(classes: count, .oneHot), .known) : (.label(classes: 10, .index), .guessed)
        }
        let name = layer.name.lowercased()
        if count > 1, isLabel(name), !name.contains("attr") { return (.label(classes: count, .oneHot), .inferred) }
        if count == 10 { return (.label(classes: count, .oneHot), .inferred) }
        return (.condition, .inferred)
    }
}
