import JSON
import Training

extension TrainingSettings {
    /// The settings, by the names of their options. What is off is null.
    var json: JSONValue {
        .object([
            "epochs": .integer(epochs), "batch-size": .integer(batchSize), "learning-rate": .number(learningRate),
            "schedule": .string(schedule.name), "warmup": .number(schedule.warmup),
            "optimizer": .string(optimizer.name), "weight-decay": .number(optimizer.weightDecay),
            "gradient-clip": .optional(gradientClip), "beta": .number(beta), "kl-warmup": .string("\(klWarmup)"),
            "free-bits": .number(freeBits), "average": .optional(averaging),
            "patience": patience.map(JSONValue.integer) ?? .null,
            "derive-encoder": derivingEncoderAfter.map(JSONValue.integer) ?? .null,
            "validation": .integer(validationCount), "seed": .unsigned(seed),
        ])
    }

    /// Reads settings; what is missing, but for `epochs`, is as `TrainingSettings`' initializer has it.
    ///
    /// - Throws: ``FieldProblem`` naming the setting.
    init(_ fields: FieldReader) throws(FieldProblem) {
        try fields.check(names: TrainingSettings.names)
        var fields = fields
        guard let epochs = try fields.integer("epochs") else { throw fields.missing("epochs") }
        self.init(epochs: epochs)
        batchSize = try fields.integer("batch-size") ?? batchSize
        learningRate = try fields.number("learning-rate") ?? learningRate
        schedule = try TrainingSettings.schedule(&fields) ?? schedule
        optimizer = try TrainingSettings.optimizer(&fields) ?? optimizer
        gradientClip = try fields.number("gradient-clip")
        beta = try fields.number("beta") ?? beta
        let warmups = "a number of epochs, \"cyclical:CYCLES:SHARE\" or \"none\""
        klWarmup =
            try fields.convert("kl-warmup", warmups) { value in
                value.number.map { .linear(epochs: $0) } ?? value.string.flatMap { KLWarmup($0) }
            } ?? klWarmup
        freeBits = try fields.number("free-bits") ?? freeBits
        averaging = try fields.number("average")
        patience = try fields.integer("patience")
        derivingEncoderAfter = try fields.integer("derive-encoder")
        validationCount = try fields.integer("validation") ?? validationCount
        seed = try fields.unsigned("seed") ?? seed
        do {
            try check()
        } catch {
            // Its sentence names the option, and options are what these settings are called by.
            throw .unfit("\(error)".replacing("--", with: "settings."))
        }
    }

    /// As they are written, so that none is written and not read.
    private static let names = TrainingSettings(epochs: 1).json.object?.members.map(\.name) ?? []

    private static func schedule(_ fields: inout FieldReader) throws(FieldProblem) -> Schedule? {
        let warmup = try fields.number("warmup") ?? 0
        guard let name = try fields.text("schedule") else {
            guard warmup == 0 else { throw fields.missing("schedule") }
            return nil
        }
        guard Schedule.names.contains(name) else {
            throw fields.wrong("schedule", "one of \(Schedule.names.joined(separator: ", "))")
        }
        guard let schedule = Schedule(name: name, warmup: warmup) else {
            throw fields.wrong("warmup", "0 or missing for the schedule \(name), which has none")
        }
        return schedule
    }

    private static func optimizer(_ fields: inout FieldReader) throws(FieldProblem) -> Optimizer? {
        let decay = try fields.number("weight-decay")
        switch try fields.text("optimizer") {
        case nil, "adam":
            guard decay ?? 0 == 0 else { throw fields.wrong("weight-decay", "0 or missing for the optimizer adam") }
            return .adam
        case "adamw": return .adamW(weightDecay: decay ?? 0.01)
        default: throw fields.wrong("optimizer", "adam or adamw")
        }
    }
}
