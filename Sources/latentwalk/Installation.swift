import Files
import Platform

/// Where the program's own models and data lie: a folder with `Models` and `Resources`, found from the program's place
/// and never from the current folder.
struct Installation: Equatable {
    /// The variable that names the folder where the program cannot find it by itself.
    static let variable = "LATENTWALK_HOME"

    let folder: String

    /// The model that opens where none is named.
    var shippedModel: String { "\(folder)/Models/mnist-2d.safetensors" }
    var resources: String { "\(folder)/Resources" }

    /// A model's file: the one that is named, be it by its path or by its name among those that ship; else the one that
    /// opens where none is named.
    ///
    /// - Throws: ``InstallationError`` where none is named.
    static func model(_ name: String?) throws(InstallationError) -> String {
        guard let name else { return try current().shippedModel }
        return shippedModel(named: name) ?? name
    }

    /// Whether a name is that of a model that ships, and no file has it.
    static func ships(_ name: String) -> Bool { shippedModel(named: name) != nil }

    private static func shippedModel(named name: String) -> String? {
        guard !name.isEmpty, !name.contains("/"), !name.contains("."),
            GrowingFile.identity(of: name) == nil,
            let folder = try? current().folder
        else { return nil }
        let path = "\(folder)/Models/\(name).safetensors"
        return GrowingFile.identity(of: path) == nil ? nil : path
    }

    /// The installation that this program belongs to.
    static func current() throws(InstallationError) -> Installation {
        try find(home: environmentVariable(variable), executable: executablePath())
    }

    /// Looks, in this order, in the folder that the user names; in `share/latentwalk` beside the program's `bin`, as
    /// `make install` lays it out; and in the folders above the program, as the build tree has it.
    ///
    /// - Parameters:
    ///   - home: What `LATENTWALK_HOME` holds, if it is set.
    ///   - executable: The program's real path, without symbolic links.
    static func find(home: String?, executable: String?) throws(InstallationError) -> Installation {
        if let home, !home.isEmpty {
            guard isInstallation(home) else { throw .wrongHome(home) }
            return Installation(folder: home)
        }
        guard let executable else { throw .notFound(near: nil) }
        let folders = parents(of: executable)
        if let bin = folders.first, bin.hasSuffix("/bin") {
            let share = "\(bin.dropLast("bin".count))share/latentwalk"
            if isInstallation(share) { return Installation(folder: share) }
        }
        guard let folder = folders.first(where: isInstallation) else { throw .notFound(near: executable) }
        return Installation(folder: folder)
    }

    private static func isInstallation(_ folder: String) -> Bool {
        let marks = ["Models/mnist-2d.safetensors", "Resources/mnist-sample"]
        return marks.contains { access("\(folder)/\($0)", F_OK) == 0 }
    }

    /// The folders above a file, the nearest first: `/a/b`, `/a` for `/a/b/c`.
    private static func parents(of path: String) -> [String] {
        var parents: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash > rest.startIndex {
            rest = rest[..<slash]
            parents.append(String(rest))
        }
        return parents
    }

    /// The program's own file, symbolic links resolved.
    private static func executablePath() -> String? {
        #if canImport(Darwin)
            var size: UInt32 = 0
            _ = _NSGetExecutablePath(nil, &size)
            var buffer = [CChar](repeating: 0, count: Int(size))
            guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
            let path = buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
            return path.flatMap(resolvedPath)
        #else
            return resolvedPath("/proc/self/exe")
        #endif
    }
}

/// Why the program's own models and data were not found. Each case prints one sentence.
enum InstallationError: Error, Equatable, CustomStringConvertible {
    case wrongHome(String)
    case notFound(near: String?)

    var description: String {
        switch self {
        case .wrongHome(let folder):
            "\(Installation.variable) is \(folder.printable), where there is neither Models/mnist-2d.safetensors nor"
                + " Resources/mnist-sample: correct it or unset it"
        case .notFound(let executable):
            "the program's Models and Resources are not \(executable.map { "near \($0.printable)" } ?? "known"):"
                + " install it with make install, or name their folder in \(Installation.variable)"
        }
    }
}
