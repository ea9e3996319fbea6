import Importing
import JSON

extension ModelOrigin {
    /// `{"format": "PyTorch state dict", "findings": [{"subject": "decoder.3", "value": "stride 2", "certainty": "guessed"},
    /// {"subject": "the mean", "value": "the first head", "certainty": "tried", "score": 0.8, "runner_up": 0.2}]}`.
    var json: JSONValue {
        .object(["format": .string(format), "findings": .array(findings.map(\.json))])
    }

    /// - Throws: ``CheckpointProblem/badOrigin(_:)``.
    init(json: JSONValue) throws(CheckpointProblem) {
        guard let format = json.object?["format"]?.string, let list = json.object?["findings"]?.array else {
            throw .badOrigin("it needs a format (text) and findings (a list)")
        }
        var findings: [Finding] = []
        for finding in list {
            guard let read = Finding(json: finding) else {
                throw .badOrigin(
                    "a finding needs a subject, a value and a certainty: known, inferred, tried (with a score) or guessed"
                )
            }
            findings.append(read)
        }
        self.init(format: format, findings: findings)
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "subject": .string(subject), "value": .string(value), "certainty": .string(certainty.word),
        ]
        if case .tried(let best, let runnerUp) = certainty {
            object.append(.number(best), named: "score")
            if let runnerUp { object.append(.number(runnerUp), named: "runner_up") }
        }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let object = json.object, let subject = object["subject"]?.string, let value = object["value"]?.string,
            let word = object["certainty"]?.string
        else { return nil }
        switch word {
        case Certainty.known.word: self.init(subject, value, .known)
        case Certainty.inferred.word: self.init(subject, value, .inferred)
        case Certainty.guessed.word: self.init(subject, value, .guessed)
        case "tried":
            guard let score = object["score"]?.number else { return nil }
            self.init(subject, value, .tried(best: score, runnerUp: object["runner_up"]?.number))
        default: return nil
        }
    }
}
