import Files
import JSON
import Training

/// `log.jsonl`: what happened to a run, a line an event, over all the times that it was resumed. Nothing in it is needed
/// to go on, and lines that cannot be written are left out.
final class RunLog {
    private let file: AppendedFile?
    private let wallTime: () -> Double

    init(_ path: String, wallTime: @escaping () -> Double) {
        file = try? AppendedFile(path)
        self.wallTime = wallTime
    }

    func add(_ event: String, step: Int, _ more: JSONObject = [:]) {
        var object: JSONObject = [
            "time": .number(wallTime()), "event": .string(event), "step": .integer(step),
        ]
        for member in more.members { object.append(member.value, named: member.name) }
        try? file?.append(Array((JSONValue.object(object).compactText + "\n").utf8))
    }
}
