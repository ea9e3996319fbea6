import Files
import Importing
import Neural

/// A module that was pickled as a whole and is a plain chain: a `torch.nn.Sequential` of PyTorch's own layers alone, so that
/// the file says all of its `forward`.
public struct ModuleChain: Sendable {
    private struct Link: Sendable {
        let record: ModuleRecord
        let tensors: [String: Tensor]
    }

    private static let container = "torch.nn.modules.container.Sequential"
    private static let tensorNames: Set<String> = [
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked",
    ]

    private let links: [Link]
    private let format: String

    /// - Parameters:
    ///   - modules: in their order, the whole first.
    ///   - entries: under their full names.
    /// - Returns: nil for any other module.
    init?(_ modules: [ModuleRecord], _ entries: [TorchFile.Entry], format: String) {
        guard modules.first?.className == Self.container, modules.first?.path == "" else { return nil }
        var tensors: [String: [String: Tensor]] = [:]
        for entry in entries {
            let (path, word) = Self.parts(of: entry.name)
            // Others are what hooks compute a layer's weights of.
            guard Self.tensorNames.contains(word) else { return nil }
            tensors[path, default: [:]][word] = entry.tensor
        }
        let containers = Set(modules.filter { $0.className == Self.container }.map(\.path))
        var links: [Link] = []
        for module in modules where module.className != Self.container {
            guard module.className.hasPrefix("torch.nn.modules."), containers.contains(Self.parts(of: module.path).path)
            else { return nil }
            links.append(Link(record: module, tensors: tensors.removeValue(forKey: module.path) ?? [:]))
        }
        guard tensors.isEmpty else { return nil }
        self.links = links
        self.format = format
    }

    private static func parts(of name: String) -> (path: String, word: String) {
        guard let dot = name.lastIndex(of: ".") else { return ("", name) }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    /// The shape that the first layer takes, where it says one.
    private var input: [Int]? {
        for link in links {
            switch link.record.kind {
            case "Linear": return link.record.whole("in_features").map { [$0] }
            case "Unflatten":
                guard case .integers(let sizes)? = link.record.settings["unflattened_size"] else { return nil }
                return [sizes.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }]
            case "BatchNorm1d": return link.record.whole("num_features").map { [$0] }
            case "Identity", "Dropout": continue
            default: return nil
            }
        }
        return nil
    }

    /// Whether options say nothing of the layers: with others they are found out as if they were not all.
    private static func allows(_ options: ImportOptions) -> Bool {
        var rest = options
        (rest.imageShape, rest.latentShape, rest.layout, rest.pixelRange) = (nil, nil, nil, nil)
        return rest == ImportOptions()
    }

    /// The decoder that the chain is.
    ///
    /// - Returns: nil where it is none, or where its first layer leaves open what it takes.
    /// - Throws: ``ImportProblem`` that names a layer, or a setting of one, that is not supported.
    public func model(options: ImportOptions = ImportOptions()) throws(ImportProblem) -> ImportedModel? {
        guard Self.allows(options), let extents = options.latentShape ?? input, let shape = try? Shape(extents) else {
            return nil
        }
        var follower = ScriptFollower(ScriptedProgram(ScriptedCode(modules: [:]), [], []))
        let latent = follower.assembly.input("z", shape)
        var value = latent
        for link in links {
            do throws(ImportProblem) {
                value = try ModuleCall(link.record, link.tensors).added(to: &follower, value)
            } catch {
                // Layers that do not fit together are used in another way than one after the other.
                guard error.kind == .unsupported else { return nil }
                throw ImportProblem(
                    .unsupported,
                    "its layer \(link.record.path.printable), \(link.record.kind.printable): \(error.reason)",
                    advice: ImportProblem.exportAdvice)
            }
        }
        let graph = ScriptedProgram.Graph(
            assembly: follower.assembly, inputs: [("z", latent)], outputs: [value], noise: [])
        let picture = graph.assembly.shape(of: value)
        guard picture.count > shape.count else { return nil }
        // Another size than that of the chain's own pictures is made behind it.
        if let wanted = options.imageShape, picture.image != nil, picture.extents.suffix(wanted.count) != wanted[...] {
            return nil
        }
        do {
            return try ScriptedModel(graph, value, options: options).imported(
                format: format, computation: "as the Sequential's layers compute it")
        } catch let problem as ImportProblem {
            throw problem
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }
}
