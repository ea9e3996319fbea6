import Checkpoints
import Datasets
import Files
import JSON
import Training
import VAE

/// What a run was begun with: `config.json`. All that decides the weights is in it, so that the run can go on, or be
/// made again, from it alone.
public struct RunConfiguration: Hashable, Sendable {
    /// The images that a run learns from.
    public struct Data: Hashable, Sendable {
        /// What `--data` was: a known name, or an absolute path.
        public var source: String
        /// Which part of them, where they are divided.
        public var split: Dataset.Split
        /// What the data set calls itself.
        public var name: String
        /// Only so many of the first images; nil: all.
        public var limit: Int?
        public var images: Int
        /// SHA-256: see ``Dataset/checksum``.
        public var checksum: String

        public init(
            source: String, split: Dataset.Split = .train, name: String, limit: Int?, images: Int, checksum: String
        ) {
            self.source = source
            self.split = split
            self.name = name
            self.limit = limit
            self.images = images
            self.checksum = checksum
        }

        public init(source: String, split: Dataset.Split = .train, limit: Int?, _ dataset: Dataset) {
            self.init(
                source: source, split: split, name: dataset.name, limit: limit, images: dataset.count,
                checksum: dataset.checksum)
        }
    }

    static let version = 1

    /// `latentwalk 0.1.0`
    public var program: String
    /// The recipe's name.
    public var recipe: String
    public var settings: TrainingSettings
    public var architecture: Architecture
    public var data: Data

    public init(
        program: String, recipe: String, settings: TrainingSettings, architecture: Architecture, data: Data
    ) {
        self.program = program
        self.recipe = recipe
        self.settings = settings
        self.architecture = architecture
        self.data = data
    }

    var json: JSONValue {
        .object([
            "version": .integer(RunConfiguration.version), "program": .string(program), "recipe": .string(recipe),
            "settings": settings.json,
            "data": .object([
                "source": .string(data.source), "name": .string(data.name),
                "limit": data.limit.map(JSONValue.integer) ?? .null, "images": .integer(data.images),
                "checksum": .string(data.checksum),
                "split": data.split == .train ? .null : .string(data.split.rawValue),
            ]),
            "architecture": architecture.json,
        ])
    }

    /// - Throws: ``RunError``.
    static func read(_ path: String) throws(RunError) -> RunConfiguration {
        let document = try RunDocument.read(path)
        do throws(FieldProblem) {
            return try RunConfiguration(document)
        } catch {
            throw .badFile(path: path, error)
        }
    }

    private init(_ document: JSONValue) throws(FieldProblem) {
        var fields = try FieldReader(document)
        try RunDocument.checkVersion(&fields, RunConfiguration.version)
        guard let program = try fields.text("program") else { throw fields.missing("program") }
        guard let recipe = try fields.text("recipe") else { throw fields.missing("recipe") }
        let settings = try TrainingSettings(try fields.fields("settings"))
        var data = try fields.fields("data")
        guard let source = try data.text("source") else { throw data.missing("source") }
        guard let name = try data.text("name") else { throw data.missing("name") }
        guard let images = try data.integer("images") else { throw data.missing("images") }
        guard let checksum = try data.text("checksum") else { throw data.missing("checksum") }
        let limit = try data.integer("limit")
        // Runs that were begun before there was a choice learn from the training images.
        let split = try data.convert("split", "train or test") { $0.string.flatMap { Dataset.Split(rawValue: $0) } }
        // Others may say more of their data; what decides the run is the checksum.
        let architecture = try RunDocument.architecture(&fields)
        self.init(
            program: program, recipe: recipe, settings: settings, architecture: architecture,
            data: Data(
                source: source, split: split ?? .train, name: name, limit: limit, images: images, checksum: checksum))
    }
}
