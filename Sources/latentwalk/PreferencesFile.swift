import Cells
import Explorer
import Files
import JSON
import Platform
import Shading

/// What the explorer remembers from one start to the next: `latentwalk/explorer.json` in the user's configuration
/// folder. A file that is missing or damaged means the defaults: nobody shall be kept from the explorer by it.
enum PreferencesFile {
    static func read() -> Preferences? {
        guard let path, let file = try? MappedFile(path), file.size <= 4096,
            let bytes = try? file.read(file.size, at: 0), let object = (try? JSONValue(parsing: bytes))?.object
        else { return nil }
        var preferences = Preferences()
        preferences.shading = object["shading"]?.string.flatMap(ShadingMode.init)
        preferences.palette = object["palette"]?.string.flatMap(Palette.init) ?? preferences.palette
        preferences.plane = object["plane"]?.string.flatMap(PlaneBackground.init) ?? preferences.plane
        preferences.background = object["background"]?.string.flatMap(TerminalBackground.init)
        preferences.hasSeenHint = object["has_seen_hint"] == .boolean(true)
        return preferences
    }

    static func write(_ preferences: Preferences) {
        guard let path, let folder else { return }
        let object: JSONObject = [
            "shading": preferences.shading.map { .string($0.rawValue) } ?? .null,
            "palette": .string(preferences.palette.rawValue), "plane": .string(preferences.plane.rawValue),
            "background": preferences.background.map { .string($0.rawValue) } ?? .null,
            "has_seen_hint": .boolean(preferences.hasSeenHint),
        ]
        // Where it cannot be kept, the choice holds for this time.
        try? Folder.make(folder)
        try? AtomicFile.write(Array((JSONValue.object(object).indentedText + "\n").utf8), to: path)
    }

    /// `$XDG_CONFIG_HOME/latentwalk`, else `~/.config/latentwalk`.
    static var folder: String? {
        if let value = environmentVariable("XDG_CONFIG_HOME"), value.hasPrefix("/") {
            return "\(value)/latentwalk"
        }
        return environmentVariable("HOME").map { "\($0)/.config/latentwalk" }
    }

    private static var path: String? { folder.map { "\($0)/explorer.json" } }
}
