import Platform

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where the package's executables are built: beside the tests.
public enum BuiltProgram {
    /// The path of an executable of this package that a test target depends on.
    public static func path(_ name: String) throws -> String {
        var folder = URL(fileURLWithPath: imagePath())
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent(name).path
            var isFolder = stat()
            if access(candidate, X_OK) == 0, stat(candidate, &isFolder) == 0, isFolder.st_mode & S_IFMT == S_IFREG {
                return candidate
            }
        }
        throw PseudoTerminal.Failure(description: "\(name) is not built beside the tests")
    }

    /// The file that this very code is in: the tests' bundle, whoever runs it.
    private static func imagePath() -> String {
        #if os(Linux)
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        #else
            var information = Dl_info()
            let isFound = dladdr(#dsohandle, &information) != 0
            return isFound ? String(cString: information.dli_fname) : CommandLine.arguments[0]
        #endif
    }
}
