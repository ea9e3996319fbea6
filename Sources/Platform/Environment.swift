/// What a variable of the environment holds; nil where it is not set.
public func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Where temporary files go: what `TMPDIR` names, else `/tmp`.
public var temporaryFolder: String {
    environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
}
