import Files
import Importing

/// What a pickle holds that is no model, in a sentence.
enum Contents {
    static func problem(of graph: PickleGraph, candidates: [Candidate]) -> ImportProblem {
        if let training = candidates.first(where: { PathWords.isTraining($0.path) }) {
            return ImportProblem(
                .badFile, "it holds the state of a training alone (\(training.label.printable)), not a model",
                advice: Advice.stateDict)
        }
        if let candidate = candidates.first {
            let names = candidate.entries.prefix(3).map(\.name.printable).joined(separator: ", ")
            return ImportProblem(.badFile, "it holds tensors, but no weights (\(names))", advice: Advice.stateDict)
        }
        return ImportProblem(.badFile, "it holds \(word(for: graph)), not a model's tensors", advice: Advice.stateDict)
    }

    private static func word(for graph: PickleGraph) -> String {
        if graph.tensor(graph.root) != nil { return "one tensor" }
        if let pairs = graph.pairs(graph.root) {
            let names = graph.named(pairs).prefix(4).map(\.name.printable)
            return pairs.isEmpty
                ? "an empty dictionary"
                : "a dictionary of \(pairs.count) (\(names.joined(separator: ", "))\(pairs.count > 4 ? " …" : ""))"
        }
        if let elements = graph.elements(graph.root) {
            let areTensors = !elements.isEmpty && elements.prefix(16).allSatisfy { graph.tensor($0) != nil }
            return "a list of \(elements.count) \(areTensors ? "tensors without names" : "values")"
        }
        switch graph[graph.root] {
        case .none: return "nothing"
        case .boolean, .integer, .longInteger, .number: return "a number"
        case .text: return "a text"
        case .bytes: return "bytes"
        case .symbol(let name): return "the name of a class (\(name.prefix(80).printable))"
        case .persistent: return "a storage"
        default:
            let name = graph.record(graph.root).map(graph.className) ?? ""
            return "an object of the class \(name.prefix(80).printable)"
        }
    }
}
