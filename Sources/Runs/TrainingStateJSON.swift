import Checkpoints
import JSON
import Neural
import Training

/// A training state as the part of a checkpoint that is no model: tensors by name, all else as JSON. Numbers keep every
/// bit: JSON's are written as the shortest text that reads back as the same double.
extension TrainingState {
    private static let version = 1
    /// As PyTorch's Adam calls its moments.
    private static let firstPrefix = "optimizer.exp_avg."
    private static let secondPrefix = "optimizer.exp_avg_sq."
    private static let averagePrefix = "average."

    var trainingPart: Checkpoint.TrainingPart {
        var tensors: [String: Tensor] = [:]
        for (name, tensor) in moments.first { tensors[TrainingState.firstPrefix + name] = tensor }
        for (name, tensor) in moments.second { tensors[TrainingState.secondPrefix + name] = tensor }
        for (name, tensor) in average ?? [:] { tensors[TrainingState.averagePrefix + name] = tensor }
        let best: JSONValue =
            best.map {
                .object(["epoch": .integer($0.epoch), "negative_elbo": .number($0.negativeELBO)])
            } ?? .null
        return Checkpoint.TrainingPart(
            state: .object([
                "version": .integer(TrainingState.version), "epoch": .integer(position.epoch),
                "step_in_epoch": .integer(position.step), "step": .integer(moments.updates),
                "is_averaged": .boolean(average != nil), "best": best,
                "epochs_without_improvement": .integer(epochsWithoutImprovement),
                "learning_rate_factor": .number(rateFactor), "seconds": .number(seconds),
                "epoch_sums": epochSums.json, "measurement_sums": measurementSums.json,
            ]), tensors: tensors)
    }

    /// - Parameters:
    ///   - tensors: the model's.
    ///   - part: what the same file holds beside it.
    init(tensors: [String: Tensor], _ part: Checkpoint.TrainingPart) throws(FieldProblem) {
        var fields = try FieldReader(part.state, prefix: "training.")
        try RunDocument.checkVersion(&fields, TrainingState.version)
        func required<Value>(_ name: String, _ value: Value?) throws(FieldProblem) -> Value {
            guard let value else { throw .missing("training.\(name)") }
            return value
        }
        func named(_ prefix: String) -> [String: Tensor] {
            var found: [String: Tensor] = [:]
            for (name, tensor) in part.tensors where name.hasPrefix(prefix) {
                found[String(name.dropFirst(prefix.count))] = tensor
            }
            return found
        }
        let isAveraged = try required("is_averaged", fields.convert("is_averaged", "true or false") { $0.boolean })
        var best: BestValidation?
        if fields.optional("best") != nil {
            var values = try fields.fields("best")
            best = BestValidation(
                epoch: try required("best.epoch", values.integer("epoch")),
                negativeELBO: try required("best.negative_elbo", values.number("negative_elbo")))
        }
        self.init(
            tensors: tensors, average: isAveraged ? named(TrainingState.averagePrefix) : nil,
            moments: OptimizerMoments(
                updates: try required("step", fields.integer("step")), first: named(TrainingState.firstPrefix),
                second: named(TrainingState.secondPrefix)),
            position: TrainingPosition(
                epoch: try required("epoch", fields.integer("epoch")),
                step: try required("step_in_epoch", fields.integer("step_in_epoch"))),
            epochSums: try LossSums(try fields.fields("epoch_sums")),
            measurementSums: try LossSums(try fields.fields("measurement_sums")), best: best,
            epochsWithoutImprovement: try required(
                "epochs_without_improvement", fields.integer("epochs_without_improvement")),
            rateFactor: try required("learning_rate_factor", fields.number("learning_rate_factor")),
            seconds: try required("seconds", fields.number("seconds")))
        try fields.finish()
    }
}

extension LossSums {
    fileprivate var json: JSONValue {
        .object([
            "images": .integer(images), "reconstruction": .number(reconstruction),
            "divergences": .array(divergences.map(JSONValue.number)), "objective": .number(objective),
        ])
    }

    fileprivate init(_ fields: FieldReader) throws(FieldProblem) {
        var fields = fields
        guard let images = try fields.integer("images"), let reconstruction = try fields.number("reconstruction"),
            let divergences = try fields.numbers("divergences"), let objective = try fields.number("objective")
        else { throw fields.missing("images, reconstruction, divergences or objective") }
        self.init(images: images, reconstruction: reconstruction, divergences: divergences, objective: objective)
    }
}
