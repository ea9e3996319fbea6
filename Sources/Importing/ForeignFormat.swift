/// A kind of file that people have in place of a native model, recognized by its first bytes.
public enum ForeignFormat: Hashable, Sendable, CaseIterable {
    case zip, pickle, tar, hdf5, onnx
    case compressed, numPy, picture, largeFilePointer, webPage, zeros, text

    /// How many of a file's first bytes are enough to recognize any of them.
    public static let startLength = 512

    /// How many of them tell text from other bytes.
    private static let textLength = 16

    /// - Parameter start: The file's first bytes, ``startLength`` where it has so many.
    public init?(start: [UInt8]) {
        guard !start.isEmpty, !Self.beginsAsSafetensors(start),
            let format = Self.framework(start) ?? Self.other(start)
        else { return nil }
        self = format
    }

    /// Whether a file begins with a length that a header may claim, and then an object of JSON, as safetensors do. Such a
    /// length may look like the first bytes of a pickle.
    public static func beginsAsSafetensors(_ start: [UInt8]) -> Bool {
        start.count > 8 && start[8] == UInt8(ascii: "{") && start[6] == 0 && start[7] == 0
    }

    private static func framework(_ start: [UInt8]) -> ForeignFormat? {
        func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
        if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") { return .zip }
        // Opcode PROTO and the protocol's number; protocol 0 is text.
        if start.count > 1, start[0] == 0x80, start[1] <= 5 { return .pickle }
        if begins("L119547037146038801333356L\n") || begins("(dp") || begins("}q")
            || begins("ccollections\nOrderedDict\n")
        {
            return .pickle
        }
        if start.count >= 262, start[257..<262].elementsEqual("ustar".utf8) { return .tar }
        // Behind it stand line ends of all kinds, which may have been converted.
        if start.starts(with: [0x89] + "HDF".utf8) { return .hdf5 }
        // A protobuf message whose first field is a small number (ir_version), then the producer's name, the graph or the
        // opset. Version 10 is a line feed, which may have been converted.
        let isONNX = start.count > 2 && start[0] == 0x08 && start[1] < 32 && [0x12, 0x3A, 0x42].contains(start[2])
        return isONNX || start.starts(with: [0x08, 0x0D, 0x0A]) ? .onnx : nil
    }

    private static func other(_ start: [UInt8]) -> ForeignFormat? {
        func begins(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
        let compressed = [[0x1F, 0x8B], Array("BZh".utf8), [0xFD, 0x37, 0x7A], Array("7z".utf8), Array("Rar!".utf8)]
        if compressed.contains(where: begins) { return .compressed }
        if begins([0x93] + "NUMPY".utf8) { return .numPy }
        if [[0x89] + "PNG".utf8, [0xFF, 0xD8, 0xFF], Array("GIF8".utf8)].contains(where: begins) { return .picture }
        let text = String(decoding: start.prefix(256).drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
        if text.hasPrefix("version https://git-lfs.github.com/spec/") { return .largeFilePointer }
        if ["<!doctype html", "<html", "<?xml"].contains(where: text.hasPrefix) { return .webPage }
        if start.count > textLength, start.allSatisfy({ $0 == 0 }) { return .zeros }
        return start.prefix(textLength).allSatisfy(isText) ? .text : nil
    }

    private static func isText(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) || (0x09...0x0D).contains(byte) }

    /// `a web page`.
    public var name: String {
        switch self {
        case .zip: "a PyTorch archive (.pt, .pth) or another zip file"
        case .pickle: "a PyTorch file (.pt, .pth) of the older kind, or another Python pickle"
        case .tar: "a tar archive, as PyTorch wrote them before 0.1.10"
        case .hdf5: "a Keras or other HDF5 file (.h5)"
        case .onnx: "an ONNX model"
        case .compressed: "a compressed file"
        case .numPy: "a NumPy array"
        case .picture: "a picture"
        case .largeFilePointer: "a Git LFS pointer, which stands for the model and does not hold it"
        case .webPage: "a web page"
        case .zeros: "a file of zeros, as a copy leaves it that did not end"
        case .text: "a text file"
        }
    }

    /// What to do about it.
    public var advice: String {
        switch self {
        case .zip, .pickle, .hdf5, .onnx:
            "a native checkpoint is wanted here, which “latentwalk convert” makes"
        case .tar: "load it with torch.load in Python and save its state_dict() again"
        case .compressed: "unpack it first"
        case .largeFilePointer: "run “git lfs pull” where the file lies"
        case .webPage: "download the file itself, not the page that shows it"
        case .zeros: "download or copy it again"
        case .numPy, .picture, .text: "name a model's file"
        }
    }
}
