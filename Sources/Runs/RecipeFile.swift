import Checkpoints
import Files
import JSON
import Training
import VAE

/// A recipe as a JSON file: a name, settings and a network, to be written down, changed and read back.
public enum RecipeFile {
    static let version = 1

    /// The recipe as a document for people; its network as it is for what is asked for.
    public static func document(
        of recipe: Recipe, settings: TrainingSettings, architecture: Architecture
    ) -> String {
        JSONValue.object([
            "version": .integer(version), "name": .string(recipe.name), "summary": .string(recipe.summary),
            "settings": settings.json, "architecture": architecture.json,
        ]).indentedText + "\n"
    }

    /// Reads a recipe: `name`, `settings.epochs` and `architecture` must be there.
    ///
    /// - Throws: ``RunError/file(_:)`` or ``RunError/badFile(path:_:)``, naming the field that is wrong.
    public static func read(_ path: String) throws(RunError) -> Recipe {
        let document = try RunDocument.read(path)
        do throws(FieldProblem) {
            var fields = try FieldReader(document)
            try RunDocument.checkVersion(&fields, version)
            try fields.check(names: ["version", "name", "summary", "settings", "architecture"])
            guard let name = try fields.text("name") else { throw fields.missing("name") }
            guard !name.isEmpty, name.count <= 60, name.printable == name else {
                throw fields.wrong("name", "a text of 1 to 60 letters")
            }
            let summary = try fields.text("summary") ?? ""
            let settings = try TrainingSettings(try fields.fields("settings"))
            let architecture = try RunDocument.architecture(&fields)
            if let problem = architecture.trainingProblem {
                throw .unfit("architecture cannot be trained: \(problem)")
            }
            return Recipe(name: name, summary: summary.printable, settings: settings, architecture: architecture)
        } catch {
            throw .badFile(path: path, error)
        }
    }
}

/// What the JSON documents of runs have in common.
enum RunDocument {
    /// Bytes of a file that is read at all.
    static let largestSize = 4 << 20

    static func read(_ path: String) throws(RunError) -> JSONValue {
        let bytes: [UInt8]
        do {
            bytes = try GrowingFile.contents(of: path, atMost: largestSize)
        } catch {
            throw .file(error)
        }
        do {
            return try JSONValue(parsing: bytes, limits: JSONLimits(depth: 12, values: 200_000))
        } catch {
            throw .badFile(path: path, .notJSON("\(error)"))
        }
    }

    static func checkVersion(_ fields: inout FieldReader, _ version: Int) throws(FieldProblem) {
        guard let found = try fields.integer("version") else { throw fields.missing("version") }
        guard found <= version else { throw .newerVersion(found) }
        guard found == version else { throw fields.wrong("version", "\(version)") }
    }

    static func architecture(_ fields: inout FieldReader) throws(FieldProblem) -> Architecture {
        let value = try fields.required("architecture")
        do {
            return try Architecture(json: value)
        } catch {
            throw .unfit("architecture cannot be used: \(error)")
        }
    }
}
