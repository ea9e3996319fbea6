/// How much is taken of a file that nobody vouches for; the child keeps to it, and the parent does not trust the child.
enum HDF5Limits {
    /// Groups, datasets and links together.
    static let objects = 100_000
    /// Groups within each other.
    static let depth = 64
    /// A path's bytes.
    static let path = 4096
    static let attributes = 200_000
    /// All attributes' bytes: the description of a network is one.
    static let attributeBytes = 1 << 26
    static let rank = 8
    /// Seconds of processor time that the child may take: enough to unpack the file.
    static func processorSeconds(ofFile size: Int) -> Int { 5 + (size >> 24) }
    /// Seconds that the parent waits, on a machine that does other things too.
    static func seconds(ofFile size: Int) -> Int { 2 * processorSeconds(ofFile: size) + 10 }
    /// Bytes of a dataset that are read at once.
    static let slab = 1 << 26

    /// Bytes that all datasets may have as float32: 2 GiB, and a hundred times the file where that is more than 64 MiB, as
    /// of an archive's entries.
    static func bytes(ofFile size: Int) -> Int { min(1 << 31, max(1 << 26, min(size, 1 << 31) * 100)) }

    /// Bytes of memory that the child may take beside what it has when it starts.
    static func memory(ofFile size: Int) -> Int { (1 << 29) + min(1 << 32, size * 4) }
}
