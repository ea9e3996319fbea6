/// A kind of file that is often taken for a model of ours, recognized by its first bytes.
public enum ForeignFormat: Hashable, Sendable, CaseIterable {
    case zip, pickle, hdf5, onnx, gzip, numPy, largeFilePointer, webPage, text

    /// How many of a file's first bytes are enough to recognize any of them.
    public static let startLength = 64

    /// How many of them tell text from other bytes.
    private static let textLength = 16

    /// - Parameter start: The file's first bytes, ``startLength`` where it has so many.
    public init?(start: [UInt8]) {
        func begins(with bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
        if begins(with: Array("PK\u{3}\u{4}".utf8)) {
            self = .zip
        } else if begins(with: [0x80]), start.count > 1, (2...5).contains(start[1]) {
            // Opcode PROTO and the protocol's number.
            self = .pickle
        } else if begins(with: [0x89] + "HDF".utf8) {
            // Behind it stand line ends of all kinds, which may have been converted.
            self = .hdf5
        } else if begins(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if begins(with: [0x93] + "NUMPY".utf8) {
            self = .numPy
        } else if start.count > 2, start[0] == 0x08, start[1] < 32,
            [0x12, 0x3A, 0x42].contains(start[2])
                || start.starts(with: [0x08, 0x0D, 0x0A])
        {
            // A protobuf message whose first field is a small number (ir_version), then the producer's name, the graph
            // or the opset. Version 10 is a line feed, which may have been converted.
            self = .onnx
        } else if begins(with: Array("version https://git-lfs.github.com/spec/".utf8)) {
            self = .largeFilePointer
        } else if Self.beginsWebPage(start) {
            self = .webPage
        } else if !start.isEmpty, start.prefix(Self.textLength).allSatisfy(Self.isText) {
            self = .text
        } else {
            return nil
        }
    }

    private static func beginsWebPage(_ start: [UInt8]) -> Bool {
        let text = String(decoding: start.drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }

    private static func isText(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) || (0x09...0x0D).contains(byte) }

    var name: String {
        switch self {
        case .zip: "a PyTorch archive (.pt, .pth) or another zip file"
        case .pickle: "a PyTorch file (.pt, .pth) of the older kind, or another Python pickle"
        case .hdf5: "a Keras or other HDF5 file (.h5)"
        case .onnx: "an ONNX model"
        case .gzip: "a gzipped file"
        case .numPy: "a NumPy array"
        case .largeFilePointer: "a Git LFS pointer, which stands for the model and does not hold it"
        case .webPage: "a web page"
        case .text: "a text file"
        }
    }

    var advice: String {
        switch self {
        case .zip, .pickle, .hdf5, .onnx:
            "a native checkpoint is wanted here, which “latentwalk convert” makes"
        case .gzip: "unpack it first"
        case .largeFilePointer: "run “git lfs pull” where the file lies"
        case .webPage: "download the file itself, not the page that shows it"
        case .numPy, .text: "name a model's file"
        }
    }
}
