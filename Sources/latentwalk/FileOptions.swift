import ArgumentParser
import Files

/// Where pictures go, the same for all commands that make some.
struct FileOptions: ParsableArguments {
    @Option(
        help: """
            Write to a file instead: .png (one sheet, or a strip), .gif (an animation), .txt (shaded text), .npy \
            (float32, [N, height, width] or [N, height, width, 3], 0…1) or .csv (a line a picture).
            """,
        completion: .file())
    var output: String?

    @Option(
        parsing: .unconditional,
        help: """
            Enlarge the pixels of .png and .gif by a whole number. (default: 1; for .gif, as much as makes the shorter \
            side at least 256 pixels)
            """)
    var scale: Int?

    func validate() throws {
        if let scale, !(1...64).contains(scale) { throw ValidationError("--scale must lie between 1 and 64.") }
    }

    /// What the file is written as; nil where the pictures go to standard output.
    ///
    /// - Parameter width: what `--width` says.
    /// - Throws: ``OutputError``, `ValidationError`, or `FileError` where the file cannot be made. To be asked before any work.
    func format(_ drawing: DrawingOptions, width: Int?) throws -> OutputFormat? {
        let format = try output.map { try OutputFormat(path: $0) }
        if scale != nil, format?.isShown != true {
            throw ValidationError("--scale enlarges .png and .gif files: name one with --output.")
        }
        try format?.check(drawing, width: width)
        if let output { try AtomicFile.check(output) }
        return format
    }
}
