import Platform

/// What is said to people, beside the data on standard output.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(STDERR_FILENO, $0) }
            // Where nobody can be told, there is nobody to tell it.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// The system's `write`, under a name that the methods called so do not hide.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
