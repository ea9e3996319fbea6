import Files

/// Names of files as people type them into the explorer.
enum FileNames {
    private static let most = 500

    /// The files and folders whose paths begin as a typed one does, folders with a slash at their end; hidden ones only
    /// where the dot was typed.
    static func completing(_ typed: String) -> [String] {
        let slash = typed.lastIndex(of: "/")
        let folder = slash.map { String(typed[...$0]) } ?? ""
        let beginning = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
        let path = HomeFolder.expanding(folder.isEmpty ? "." : folder)
        let names = (try? Folder.names(in: path)) ?? []
        return names.filter { $0.hasPrefix(beginning) && (beginning.hasPrefix(".") || !$0.hasPrefix(".")) }
            .sorted().prefix(most)
            .map { folder + $0 + (Folder.exists(path + "/" + $0) ? "/" : "") }
    }
}
