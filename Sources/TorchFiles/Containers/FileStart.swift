/// What a file's first bytes say of it.
enum FileStart: Hashable {
    case zip, pickle, tar
    case empty, gitPointer, webPage
    /// A format of another kind, by its name, and what to do.
    case other(String, advice: String)
    case unknown

    var isTorch: Bool { self == .zip || self == .pickle || self == .tar }

    /// - Parameter start: the first bytes, 512 or more where there are so many.
    init(_ start: [UInt8]) {
        func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
        func begins(_ bytes: UInt8...) -> Bool { start.starts(with: bytes) }
        let text = String(decoding: start.prefix(256), as: UTF8.self).trimmed.lowercased()
        if start.isEmpty {
            self = .empty
        } else if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") {
            self = .zip
        } else if start.count > 1, start[0] == 0x80, start[1] <= 5 {
            self = .pickle
        } else if begins("L119547037146038801333356L\n") || begins("(dp") || begins("}q")
            || begins("ccollections\nOrderedDict\n")
        {
            self = .pickle
        } else if start.count > 262, start[257..<262].elementsEqual("ustar".utf8) {
            self = .tar
        } else if text.hasPrefix("version https://git-lfs") {
            self = .gitPointer
        } else if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") || text.hasPrefix("<?xml") {
            self = .webPage
        } else if begins(0x1F, 0x8B) || begins("BZh") || begins(0xFD, 0x37, 0x7A) || begins("7z") || begins("Rar!") {
            self = .other("a compressed file", advice: "unpack it first")
        } else if begins(0x89, 0x48, 0x44, 0x46) {
            self = .other("an HDF5 file, as Keras writes them", advice: "give it a name that ends in .h5")
        } else if begins(0x93, 0x4E, 0x55, 0x4D) {
            self = .other("a NumPy array", advice: "name a model")
        } else {
            self = .unknown
        }
    }
}
