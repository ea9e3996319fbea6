import Platform

/// The locale that curses will write in.
enum CharacterEncoding {
    /// Puts the environment's locale into force, with a way out where it names UTF-8 but is not installed here (as
    /// when ssh carried it over): curses would then print blanks for everything beyond ASCII.
    ///
    /// - Returns: whether characters are encoded as UTF-8 now.
    static func activate(_ environment: [String: String]) -> Bool {
        if setlocale(LC_ALL, "") != nil, isUTF8 { return true }
        guard namesUTF8(environment) else { return false }
        let fallbacks: [String] = ["C.UTF-8", "en_US.UTF-8", "UTF-8"]
        return fallbacks.contains { name in setlocale(LC_CTYPE, name) != nil && isUTF8 }
    }

    /// Whether the variable that decides about characters (POSIX: the first of the three that is set) names UTF-8.
    static func namesUTF8(_ environment: [String: String]) -> Bool {
        let effective = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let name = effective?.lowercased() else { return false }
        return name.contains("utf-8") || name.contains("utf8")
    }

    private static var isUTF8: Bool {
        guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
        return String(cString: name).lowercased() == "utf-8"
    }
}
