import Importing
import Neural

/// A TorchScript archive as a program that can be followed: its modules, their tensors, and the code of their classes.
public struct ScriptedProgram: Sendable {
    /// A module of the program.
    struct Module: Sendable {
        /// As the code names it.
        let className: String
        let record: ModuleRecord
    }

    /// Shapes that are tried.
    private static let mostShapes = 200

    /// By their paths.
    let modules: [String: Module]
    /// By their full names.
    let tensors: [String: Tensor]
    let code: ScriptedCode

    init(_ code: ScriptedCode, _ records: [ModuleRecord], _ entries: [TorchFile.Entry]) {
        self.code = code
        let named = records.compactMap { record in
            record.scriptedName.map { (record.path, Module(className: $0, record: record)) }
        }
        modules = Dictionary(named) { first, _ in first }
        tensors = Dictionary(entries.map { ($0.name, $0.tensor) }) { first, _ in first }
    }

    /// The forward call as a graph of layers.
    public struct Graph: Sendable {
        public let assembly: GraphAssembly
        /// The arguments of `forward`, in order.
        public let inputs: [(name: String, value: GraphAssembly.Value)]
        /// What it returns, in order; the elements of a tuple one by one.
        public let outputs: [GraphAssembly.Value]
        /// Inputs that stand for noise that the code draws.
        public let noise: [GraphAssembly.Value]
    }

    /// The names of `forward`'s arguments.
    public var inputNames: [String] {
        (modules[""].flatMap { code.method("forward", of: $0.className) }?.parameters ?? []).dropFirst().map(\.name)
    }

    /// Follows `forward` from inputs of these shapes, which are without the batch.
    ///
    /// - Throws: ``ImportProblem`` that names the function or the statement that is not supported, or the layer whose shape
    ///   does not fit.
    /// - Parameter picture: the shape in which the first input goes in, where it is a picture that `forward` has as a vector.
    public func graph(inputs shapes: [Shape], ofPicture picture: Shape? = nil) throws(ImportProblem) -> Graph {
        var follower = ScriptFollower(self)
        return try follower.graph(shapes, ofPicture: picture)
    }

    /// Shapes that the only input may have, the likeliest first: what the layers say that take it.
    public var likelyInputs: [Shape] {
        let weights = Array(tensors.filter { $0.key.hasSuffix("weight") }.values) + Array(code.constants.values)
        var shapes: [[Int]] = []
        func add(_ extents: [Int]) { if !shapes.contains(extents) { shapes.append(extents) } }
        let vectors = weights.filter { $0.extents.count == 2 }.flatMap(\.extents)
        for count in Set(vectors).sorted() {
            add([count])
            for channels in [1, 3] where count.isMultiple(of: channels) {
                let side = Int(Double(count / channels).squareRoot().rounded())
                if side > 1, side * side * channels == count { add([channels, side, side]) }
            }
        }
        let channels = weights.filter { $0.extents.count == 4 }
        for count in Set(channels.flatMap { $0.extents.prefix(2) }).sorted() {
            for side in [28, 32, 64, 128, 256, 96, 48, 16, 8, 7, 4, 1] { add([count, side, side]) }
        }
        return shapes.compactMap { try? Shape($0) }
    }

    /// The graph for the first likely shape that all layers accept; for a program of one input.
    ///
    /// - Throws: ``ImportProblem`` of the shape that came furthest.
    public func likelyGraph(options: ImportOptions = ImportOptions()) throws(ImportProblem) -> Graph {
        guard inputNames.count == 1 else {
            throw ImportProblem(
                .unsupported, "its forward takes \(inputNames.count) arguments (\(inputNames.joined(separator: ", ")))")
        }
        var (furthest, problem): (Int, ImportProblem?) = (-1, nil)
        let told = [options.latentShape, options.imageShape].compactMap { $0.flatMap { try? Shape($0) } }
        for shape in told + likelyInputs.prefix(Self.mostShapes) {
            var follower = ScriptFollower(self)
            do throws(ImportProblem) { return try follower.graph([shape]) } catch {
                if follower.steps > furthest { (furthest, problem) = (follower.steps, error) }
            }
        }
        throw problem ?? ImportProblem(.unsupported, "it has no weights that say what its forward takes")
    }
}
