import Checkpoints
import Importing
import JSON
import Neural
import VAE

/// What a file of JSON says of a model: options by their names, or the architecture with where its tensors are.
struct GivenArchitecture {
    /// Keys of the document.
    enum Key {
        static let mark = "latentwalk"
        static let architecture = "architecture"
        static let tensors = "tensors"
        static let options = "options"
        static let found = "found"
        static let all = [mark, architecture, tensors, options, found]
    }

    /// The version of the document, under ``Key/mark``.
    static let version = 1

    /// The file's name, for sentences.
    let name: String
    let options: ImportOptions
    let architecture: Architecture?
    /// Where the architecture's tensors come from, by their names; one that is missing has its own name in the file.
    let sources: [String: TensorSource]

    /// Whether a document that nobody named is ours.
    static func isMarked(_ object: JSONObject) -> Bool {
        object[Key.mark]?.integer != nil || isArchitecture(object)
            || object[Key.architecture]?.object.map(isArchitecture) ?? false
    }

    private static func isArchitecture(_ object: JSONObject) -> Bool {
        object["version"] != nil && object["decoder"] != nil
    }

    /// - Returns: nil for a document without any of our keys.
    /// - Throws: ``ImportProblem`` with the place.
    init?(_ object: JSONObject, name: String) throws(ImportProblem) {
        self.name = name
        if GivenArchitecture.isArchitecture(object) {
            architecture = try GivenArchitecture.architecture(.object(object), name)
            (options, sources) = (ImportOptions(), [:])
            return
        }
        let known = [Key.architecture, Key.options].contains { object[$0] != nil }
        guard known || object[Key.mark] != nil else { return nil }
        if let mark = object[Key.mark], mark.integer != GivenArchitecture.version {
            throw ImportProblem(
                .badFile,
                "\(name) is of version \(mark.compactText.prefix(20)), and this latentwalk reads version "
                    + "\(GivenArchitecture.version)")
        }
        if let unknown = object.members.first(where: { !Key.all.contains($0.name) }) {
            throw ImportProblem(.badFile, "\(name) has the unknown key \(unknown.name.prefix(60))")
        }
        architecture = try object[Key.architecture].map { json throws(ImportProblem) in
            try GivenArchitecture.architecture(json, name)
        }
        options = try GivenArchitecture.options(object[Key.options], name)
        sources = try GivenArchitecture.sources(object[Key.tensors], name)
        guard architecture == nil || options == ImportOptions() else {
            throw ImportProblem(
                .badFile, "\(name) has an architecture, which says all, and options beside it",
                advice: "leave one of them out")
        }
    }

    private static func architecture(_ json: JSONValue, _ name: String) throws(ImportProblem) -> Architecture {
        do {
            return try Architecture(json: json)
        } catch {
            throw ImportProblem(.badFile, "\(name): \(error)")
        }
    }

    private static func options(_ json: JSONValue?, _ name: String) throws(ImportProblem) -> ImportOptions {
        var options = ImportOptions()
        guard let json else { return options }
        guard let object = json.object else { throw ImportProblem(.badFile, "\(name): options must be an object") }
        for member in object.members {
            let option = member.name.replacing("_", with: "-")
            guard let text = text(member.value, of: ImportOptions.Name(rawValue: option)) else {
                throw ImportProblem(
                    .badFile,
                    "\(name): \(member.name.prefix(60)) of options cannot be \(member.value.compactText.prefix(60))",
                    advice: "numbers are written [2, 2, 1], true and false bare, and anything else \"in quotes\"")
            }
            do {
                try options.set(option, to: text)
            } catch {
                throw ImportProblem(.badFile, "\(name): \(member.name.prefix(60)) of options: \(error)")
            }
        }
        return options
    }

    /// As the command line would have it: `2,2,1` of a list.
    ///
    /// - Returns: nil for a value of another type than the option has.
    private static func text(_ value: JSONValue, of option: ImportOptions.Name?) -> String? {
        switch option {
        case .stride, .padding, .outputPadding, .imageShape, .latentShape: numbers(value)
        case .pixelRange: value.string ?? numbers(value)
        case .swapHeads: value.boolean.map { "\($0)" }
        case nil: value.compactText
        default: value.string
        }
    }

    private static func numbers(_ value: JSONValue) -> String? {
        let list = value.array ?? [value]
        return list.allSatisfy { $0.number != nil } ? list.map(\.compactText).joined(separator: ",") : nil
    }

    private static func sources(_ json: JSONValue?, _ name: String) throws(ImportProblem) -> [String: TensorSource] {
        guard let json else { return [:] }
        guard let object = json.object else { throw ImportProblem(.badFile, "\(name): tensors must be an object") }
        var sources: [String: TensorSource] = [:]
        for member in object.members {
            guard let source = TensorSource(member.value) else {
                throw ImportProblem(
                    .badFile,
                    "\(name): \(member.name.prefix(60)) of tensors must be a tensor's name, an object with of, shape and "
                        + "permute, or one with values")
            }
            sources[member.name] = source
        }
        return sources
    }

    // MARK: Making the model

    /// The architecture with a file's tensors.
    ///
    /// - Throws: ``ImportProblem`` that names the tensor which is missing or does not fit.
    func model(_ stored: [(name: String, tensor: Tensor)], format: String) throws(ImportProblem) -> ImportedModel {
        guard let architecture else { throw ImportProblem(.badFile, "\(name) has no architecture") }
        let parameters = architecture.parameters
        if let unknown = Set(sources.keys).subtracting(parameters.map(\.name)).min() {
            throw ImportProblem(.badFile, "\(name): \(unknown.prefix(60)) of tensors belongs to no layer")
        }
        let file = Dictionary(stored.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        var tensors: [String: Tensor] = [:]
        for parameter in parameters {
            let source = sources[parameter.name] ?? TensorSource(parameter.name)
            tensors[parameter.name] = try source.tensor(of: file, for: parameter.name, extents: parameter.extents, name)
        }
        do {
            let model = try Model(architecture: architecture, tensors: tensors)
            return ImportedModel(
                model, format: format, findings: [Finding("architecture", "given by \(name)", .known)])
        } catch {
            throw ImportProblem(.badFile, "\(name): \(error)")
        }
    }
}
