import Checkpoints
import Files
import Importing
import JSON
import KerasModels
import VAE

/// A file of JSON that may say what a model's file does not, told by its content.
enum ArchitectureDocument {
    /// Ours: options, or the whole architecture with where its tensors are.
    case ours(GivenArchitecture)
    /// What Keras's `to_json` gives.
    case keras(JSONValue)
    /// Anything else.
    case other

    private static let largestSize = 64 << 20
    private static let limits = JSONLimits(depth: 128, values: 4_000_000)

    /// Reads the file that was named.
    ///
    /// - Throws: ``ImportProblem`` with the place in the file, also for what is neither.
    static func named(_ path: String) throws(ImportProblem) -> ArchitectureDocument {
        let name = Folder.name(of: path).printable
        let bytes: [UInt8]
        do {
            bytes = try GrowingFile.contents(of: path, atMost: largestSize)
        } catch {
            let isMissing = if case .notFound = error { true } else { false }
            throw ImportProblem(isMissing ? .noInput : .badFile, "--architecture: \(error)")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw ImportProblem(.badFile, "\(name) cannot be read as JSON: \(error)")
        }
        let found = try ArchitectureDocument(document, name: name, isNamed: true)
        if case .other = found {
            throw ImportProblem(
                .badFile, "\(name) holds neither an architecture nor options",
                advice: "latentwalk inspect MODEL --write-architecture FILE.json shows the form")
        }
        return found
    }

    /// Whether there is a file of JSON beside a model's.
    static func mayBeBeside(_ path: String) -> Bool {
        name(beside: path).map { GrowingFile.identity(of: $0) != nil } ?? false
    }

    /// Looks for a file beside a model's: `vae.json` beside `vae.pth`.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: ``ImportProblem`` for one that is ours and wrong.
    static func beside(_ path: String) throws(ImportProblem) -> (document: ArchitectureDocument, name: String)? {
        guard let beside = name(beside: path), GrowingFile.identity(of: beside) != nil else { return nil }
        let name = Folder.name(of: beside).printable
        guard let bytes = try? GrowingFile.contents(of: beside, atMost: largestSize),
            let document = try? JSONValue(parsing: bytes, limits: limits)
        else { return (.other, name) }
        return (try ArchitectureDocument(document, name: name, isNamed: false), name)
    }

    private static func name(beside path: String) -> String? {
        let name = Folder.name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let ending = name[dot...].count
        var stem = String(path.dropLast(ending))
        if name[..<dot].hasSuffix(".weights") { stem = String(stem.dropLast(".weights".count)) }
        return stem + ".json"
    }

    private init(_ document: JSONValue, name: String, isNamed: Bool) throws(ImportProblem) {
        if KerasModel.recognizes(architecture: document) {
            self = .keras(document)
        } else if let object = document.object, isNamed || GivenArchitecture.isMarked(object) {
            self = try GivenArchitecture(object, name: name).map(ArchitectureDocument.ours) ?? .other
        } else {
            self = .other
        }
    }
}
