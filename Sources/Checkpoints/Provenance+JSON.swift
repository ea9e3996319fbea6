import JSON
import VAE

extension Provenance {
    /// `{"dataset": "mnist", "recipe": "default", "settings": {"epochs": "30"}, "evaluation": {"data": "mnist test",
    /// "images": 10000, "reconstruction": 131.2, "kl": 6.3}}`; what isn't known is left out.
    public var json: JSONValue {
        var object = JSONObject()
        if let dataset { object.append(.string(dataset), named: "dataset") }
        if let recipe { object.append(.string(recipe), named: "recipe") }
        if !settings.isEmpty {
            var members = JSONObject()
            for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
                members.append(.string(value), named: name)
            }
            object.append(.object(members), named: "settings")
        }
        if let evaluation { object.append(evaluation.json, named: "evaluation") }
        return .object(object)
    }

    /// Reads a provenance. Keys that it doesn't know are passed over: they say nothing about how the model runs.
    ///
    /// - Throws: ``CheckpointProblem/badProvenance(_:)``.
    init(json: JSONValue) throws(CheckpointProblem) {
        guard let object = json.object else { throw .badProvenance("it is \(json.kind) where an object should be") }
        var settings: [String: String] = [:]
        if let value = object["settings"] {
            guard let members = value.object?.members else { throw .badProvenance("settings is not an object") }
            for member in members {
                guard let text = member.value.string else {
                    throw .badProvenance("the setting \(shortened(member.name)) is not text")
                }
                settings[member.name] = text
            }
        }
        self.init(
            dataset: try Provenance.text("dataset", of: object), recipe: try Provenance.text("recipe", of: object),
            settings: settings, evaluation: try object["evaluation"].map(EvaluationFigures.init(json:)))
    }

    private static func text(_ key: String, of object: JSONObject) throws(CheckpointProblem) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string else { throw .badProvenance("\(key) is not text") }
        return text
    }
}

extension EvaluationFigures {
    public var json: JSONValue {
        .object([
            "data": .string(data), "images": .integer(images), "reconstruction": .number(reconstruction),
            "kl": .number(kl),
        ])
    }

    fileprivate init(json: JSONValue) throws(CheckpointProblem) {
        guard let data = json.object?["data"]?.string, let images = json.object?["images"]?.integer, images >= 0,
            let reconstruction = json.object?["reconstruction"]?.number, let kl = json.object?["kl"]?.number
        else {
            throw .badProvenance("evaluation needs data (text), images, reconstruction and kl (numbers)")
        }
        self.init(data: data, images: images, reconstruction: reconstruction, kl: kl)
    }
}
