import Files

/// The commands typed in the explorer: `latentwalk/history`, beside the preferences, a line each.
enum HistoryFile {
    private static let mostBytes = 1 << 16
    private static let most = 100

    static func read() -> [String] {
        guard let path, let file = try? MappedFile(path), file.size <= mostBytes,
            let bytes = try? file.read(file.size, at: 0)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(most).map { String($0).printable }
    }

    static func write(_ lines: [String]) {
        guard let path, let folder = PreferencesFile.folder else { return }
        // Where it cannot be kept, it holds for this time.
        try? Folder.make(folder)
        try? AtomicFile.write(Array(lines.suffix(most).map { $0 + "\n" }.joined().utf8), to: path)
    }

    private static var path: String? { PreferencesFile.folder.map { "\($0)/history" } }
}
