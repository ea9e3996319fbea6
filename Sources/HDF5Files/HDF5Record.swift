/// The kinds of records in the stream from the child that reads to the parent.
///
/// A record is its kind, then a path, then what the kind says; lengths are 32 bits, extents and counts 64, little-endian.
enum HDF5Record: UInt8 {
    /// Path, and where the group lies in the file.
    case group = 1
    /// Path, rank, extents, float32 values.
    case dataset
    /// Path, and why it was not read.
    case unread
    /// Path, name, count, texts with their lengths.
    case texts
    /// Path, name, count, float64 values.
    case numbers
    /// An empty path, and a sentence: nothing follows.
    case damaged, tooMuch
    /// An empty path: all is there.
    case end

    /// What the stream begins with.
    static let preamble: [UInt8] = Array("lwhdf5 1".utf8)
}
