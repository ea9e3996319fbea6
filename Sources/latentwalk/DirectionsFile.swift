import Explorer
import Files
import JSON
import Latent

/// The directions with names that the explorer keeps: `latentwalk/directions.json`, beside the preferences.
///
/// `{"directions": [{"name": "slant", "vector": [0.8, -0.6]}]}`. A file that is missing or damaged means none.
enum DirectionsFile {
    private static let mostBytes = 1 << 20
    private static let most = 500
    private static let longestName = 64

    static func read() -> [LatentDirection] {
        guard let path, let file = try? MappedFile(path), file.size <= mostBytes,
            let bytes = try? file.read(file.size, at: 0), let object = (try? JSONValue(parsing: bytes))?.object
        else { return [] }
        return (object["directions"]?.array ?? []).prefix(most).compactMap { entry in
            guard let name = entry.object?["name"]?.string, (1...longestName).contains(name.count),
                let numbers = entry.object?["vector"]?.array
            else { return nil }
            let vector = numbers.compactMap { $0.number.map { Float($0) } }
            return vector.count == numbers.count ? LatentDirection(name: name.printable, vector: vector) : nil
        }
    }

    /// Keeps these, and those that another explorer has kept meanwhile under other names, but for one that is forgotten.
    static func write(_ directions: [LatentDirection], forgetting forgotten: LatentDirection? = nil) {
        guard let path, let folder = PreferencesFile.folder else { return }
        let others = read().filter { other in
            !(directions + [forgotten].compactMap { $0 })
                .contains { $0.name == other.name && $0.vector.count == other.vector.count }
        }
        let entries = (others + directions).suffix(most).map { direction in
            JSONValue.object([
                "name": .string(direction.name), "vector": .array(direction.vector.map { JSONValue.float($0) }),
            ])
        }
        let object: JSONObject = ["directions": .array(Array(entries))]
        // Where they cannot be kept, they hold for this time.
        try? Folder.make(folder)
        try? AtomicFile.write(Array((JSONValue.object(object).indentedText + "\n").utf8), to: path)
    }

    private static var path: String? { PreferencesFile.folder.map { "\($0)/directions.json" } }
}
