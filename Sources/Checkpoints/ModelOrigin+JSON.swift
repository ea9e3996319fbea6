import Importing
import JSON

extension ModelOrigin {
    /// `{"format": "PyTorch state dict", "findings": [{"subject": "decoder.3", "value": "stride 2", "certainty": "guessed",
    /// "half": "decoder"}, {"subject": "picture", "value": "1×28×28", "certainty": "tried", "score": 0.8, "runner_up":
    /// 0.2}]}`.
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
    /// As ``ModelOrigin`` keeps it, and whoever else writes findings down.
    public var json: JSONValue {
        var object: JSONObject = [
            "subject": .string(subject), "value": .string(value), "certainty": .string(certainty.word),
        ]
        if case .tried(let best, let runnerUp) = certainty {
            object.append(.number(best), named: "score")
            if let runnerUp { object.append(.number(runnerUp), named: "runner_up") }
        }
        if let half { object.append(.string(half.rawValue), named: "half") }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let object = json.object, let subject = object["subject"]?.string, let value = object["value"]?.string,
            let word = object["certainty"]?.string
        else { return nil }
        let certainty: Certainty
        switch word {
        case Certainty.known.word: certainty = .known
        case Certainty.inferred.word: certainty = .inferred
        case Certainty.guessed.word: certainty = .guessed
        case "tried":
            guard let score = object["score"]?.number else { return nil }
            certainty = .tried(best: score, runnerUp: object["runner_up"]?.number)
        default: return nil
        }
        self.init(subject, value, certainty, of: object["half"]?.string.flatMap(Half.init))
    }
}
