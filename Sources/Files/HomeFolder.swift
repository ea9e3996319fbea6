import Platform

/// The folder that `HOME` names, as people write it: `~`.
public enum HomeFolder {
    /// `HOME`; nil where it is not set.
    public static var path: String? {
        environmentVariable("HOME").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A path whose first part is `~` with the home folder in its place; all others as they are, `~user` too.
    ///
    /// Shells do that only at the beginning of a word, and what is typed into the explorer passes no shell. A folder that
    /// is really called `~` can be named as `./~`.
    public static func expanding(_ path: String, home: String? = HomeFolder.path) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }

    /// A long option of a command line with its value, `--output=~/x.png`, whose value is expanded; all else as it is.
    public static func expanding(option: String, home: String? = HomeFolder.path) -> String {
        guard option.hasPrefix("--"), let sign = option.firstIndex(of: "=") else { return option }
        return option[...sign] + expanding(String(option[option.index(after: sign)...]), home: home)
    }
}
