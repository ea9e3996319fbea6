import Platform

/// What the system says about the call that has just failed, as the end of a sentence.
public func lastErrorReason() -> String {
    String(cString: strerror(errno)).lowercasedFirstLetter
}

extension String {
    /// "No such file or directory" as part of a sentence.
    fileprivate var lowercasedFirstLetter: String { prefix(1).lowercased() + dropFirst() }
}
