import CPNG
import Files

/// The formats that pictures are written in; the suffix of a file's name decides.
public enum PictureFormat: String, CaseIterable, Sendable {
    /// 8 bits a channel; several pictures are one sheet (``Picture/sheet(of:)``).
    case png
    /// NumPy's: float32 `[N, height, width]`, or `[N, height, width, 3]` in color, 0…1.
    case npy
    /// A line a picture: its values row by row, channels innermost, in as few digits as read back the same.
    case csv

    /// - Throws: ``PictureFileError/unknownSuffix(_:)``
    public init(path: String) throws(PictureFileError) {
        let name = path.split(separator: "/").last ?? ""
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let suffix = parts.last, let format = PictureFormat(rawValue: suffix.lowercased()) else {
            throw .unknownSuffix(path)
        }
        self = format
    }
}

/// Why pictures were not written. Each case prints one sentence.
public enum PictureFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownSuffix(String)
    /// The pictures differ in size or channels.
    case mixedShapes
    case file(FileError)
    case png(String)

    public var description: String {
        switch self {
        case .unknownSuffix(let path):
            "\(path.printable): the name must end in .png, .npy or .csv, which decides about the format"
        case .mixedShapes: "pictures of different sizes cannot go into one file"
        case .file(let error): error.description
        case .png(let reason): "the picture could not be written as PNG: \(reason.printable)"
        }
    }
}

/// Pictures as the bytes of a file.
public enum PictureFile {
    /// Writes pictures of one shape to a file that is whole or not there.
    ///
    /// - Throws: ``PictureFileError``
    public static func write(_ pictures: [Picture], to path: String) throws(PictureFileError) {
        let bytes = try bytes(of: pictures, as: try PictureFormat(path: path))
        do throws(FileError) {
            try AtomicFile.write(bytes, to: path)
        } catch {
            throw .file(error)
        }
    }

    /// - Throws: ``PictureFileError/mixedShapes``, ``PictureFileError/png(_:)``
    public static func bytes(of pictures: [Picture], as format: PictureFormat) throws(PictureFileError) -> [UInt8] {
        guard let first = pictures.first else { throw .mixedShapes }
        let isUniform = pictures.allSatisfy {
            $0.width == first.width && $0.height == first.height && $0.channels == first.channels
        }
        guard isUniform else { throw .mixedShapes }
        return switch format {
        case .png: try png(Picture.sheet(of: pictures))
        case .npy: npy(pictures, first)
        case .csv: Array(pictures.map { $0.values.map(\.description).joined(separator: ",") + "\n" }.joined().utf8)
        }
    }

    private static func npy(_ pictures: [Picture], _ first: Picture) -> [UInt8] {
        let shape = [pictures.count, first.height, first.width] + (first.channels > 1 ? [first.channels] : [])
        var bytes = NPYHeader(descriptor: "<f4", shape: shape).bytes
        for value in pictures.lazy.flatMap(\.values) {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func png(_ picture: Picture) throws(PictureFileError) -> [UInt8] {
        let pixels = picture.values.map(byte)
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(picture.width)
        image.height = png_uint_32(picture.height)
        // PNG_FORMAT_GRAY is 0, PNG_FORMAT_RGB is the flag for color.
        image.format = picture.channels == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
        defer { png_image_free(&image) }
        // Enough for any content: the raw bytes, a filter byte a row, deflate's and the chunks' own overhead.
        var size = png_alloc_size_t(pixels.count + picture.height + pixels.count / 1000 + 4096)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard png_image_write_to_memory(&image, &bytes, &size, 0, pixels, 0, nil) != 0 else {
            throw .png(withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return Array(bytes.prefix(Int(size)))
    }

    private static func byte(_ value: Float) -> UInt8 { value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0 }
}
