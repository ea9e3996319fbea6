import Files
import JSON

/// How a run of ours ended, in the words of its `log.jsonl`.
public enum RunEnding: String, Hashable, Sendable {
    case completed
    case ranOutOfPatience = "ran out of patience"
    case stopped
    case stoppedWithoutSaving = "stopped without saving"
}

/// What a run of ours does, by the newest line of its log that tells. A process that was killed could not write any.
public enum FollowedPhase: Hashable, Sendable {
    case running
    case paused
    case finished(RunEnding)
    case failed(String)
}

/// Reads a run's `log.jsonl` as it grows.
struct RunLogWatch {
    private let path: String
    private var reader: LineReader?
    private var told: FollowedPhase?

    init(_ path: String) { self.path = path }

    /// What the run does; nil where the log tells nothing else than at the last look.
    mutating func look() -> FollowedPhase? {
        if reader?.isStale ?? true { reader = try? LineReader(path) }
        var phase = told
        while let lines = try? reader?.lines(), !lines.isEmpty {
            for line in lines { phase = RunLogWatch.phase(line) ?? phase }
        }
        guard phase != told else { return nil }
        told = phase
        return phase
    }

    /// Nil for a line that does not change what the run does.
    private static func phase(_ line: String) -> FollowedPhase? {
        let limits = JSONLimits(depth: 4, values: 100)
        guard let object = (try? JSONValue(parsing: line, limits: limits))?.object else { return nil }
        let reason = object["reason"]?.string
        switch object["event"]?.string {
        case "started", "resumed", "proceeded": return .running
        case "paused": return .paused
        case "finished": return reason.flatMap(RunEnding.init).map(FollowedPhase.finished)
        case "failed": return .failed(reason?.printable ?? "the run has failed")
        default: return nil
        }
    }
}
