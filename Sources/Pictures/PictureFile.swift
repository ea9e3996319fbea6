import CPNG
import Files

/// The formats that pictures are written in; the suffix of a file's name decides.
public enum PictureFormat: String, CaseIterable, Sendable {
    /// 8 bits a channel; several pictures are one sheet (``Picture/sheet(of:)``).
    case png
    /// 8 bits in gray, 256 colors in color; several pictures are the frames of an animation.
    case gif
    /// NumPy's: float32 `[N, height, width]`, or `[N, height, width, 3]` in color, 0…1.
    case npy
    /// A line a picture: its values row by row, channels innermost, in as few digits as read back the same.
    case csv

    /// - Throws: ``PictureFileError/unknownSuffix(_:)``
    public init(path: String) throws(PictureFileError) {
        let name = path.split(separator: "/").last ?? ""
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // `.png` alone is the name of a hidden file and has no suffix.
        guard parts.count > 1, parts.count > 2 || parts[0] != "", let suffix = parts.last,
            let format = PictureFormat(rawValue: suffix.lowercased())
        else {
            throw .unknownSuffix(path)
        }
        self = format
    }
}

/// Why pictures were not written. Each case prints one sentence.
public enum PictureFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownSuffix(String)
    /// Text that would go into a picture.
    case textOnly(String)
    /// The pictures differ in size or channels.
    case mixedShapes
    /// More pixels than anybody wants to see.
    case tooLarge(width: Int, height: Int)
    case file(FileError)
    case png(String)
    case gif(String)

    public var description: String {
        switch self {
        case .unknownSuffix(let path):
            "\(path.printable): the name must end in .png, .gif, .npy or .csv, which decides about the format"
        case .textOnly(let path): "\(path.printable): what is written is text, so the name must end in .txt"
        case .mixedShapes: "pictures of different sizes cannot go into one file"
        case .tooLarge(let width, let height):
            "the picture would be \(width)×\(height) pixels, which is too many: take fewer pictures or a smaller scale"
        case .file(let error): error.description
        case .png(let reason): "the picture could not be written as PNG: \(reason.printable)"
        case .gif(let reason): "the picture could not be written as GIF: \(reason.printable)"
        }
    }
}

/// Pictures as the bytes of a file.
public enum PictureFile {
    /// Writes pictures of one shape to a file that is whole or not there.
    ///
    /// - Throws: ``PictureFileError``
    public static func write(
        _ pictures: [Picture], to path: String, _ showing: PictureShowing = PictureShowing()
    ) throws(PictureFileError) {
        let bytes = try bytes(of: pictures, as: try PictureFormat(path: path), showing)
        do throws(FileError) {
            try AtomicFile.write(bytes, to: path)
        } catch {
            throw .file(error)
        }
    }

    /// - Throws: ``PictureFileError``, all but ``PictureFileError/file(_:)``.
    public static func bytes(
        of pictures: [Picture], as format: PictureFormat, _ showing: PictureShowing = PictureShowing()
    ) throws(PictureFileError) -> [UInt8] {
        guard let first = pictures.first else { throw .mixedShapes }
        let isUniform = pictures.allSatisfy {
            $0.width == first.width && $0.height == first.height && $0.channels == first.channels
        }
        guard isUniform else { throw .mixedShapes }
        switch format {
        case .png:
            // libpng refuses what is longer than a million pixels.
            let sheet = Picture.sheet(of: pictures, columns: showing.columns)
            let scale = try showing.scale(for: sheet.width, sheet.height, default: 1, longestSide: 1_000_000)
            return try png(sheet, scale: scale)
        case .gif:
            let side = max(1, min(first.width, first.height))
            let scale = try showing.scale(
                for: first.width, first.height, default: (PictureShowing.leastSide + side - 1) / side,
                longestSide: GIFWriting.longestSide)
            return try GIFWriting.bytes(
                of: pictures, scale: scale, delay: showing.frameDuration, repeats: showing.repeats,
                background: showing.background)
        case .npy: return npy(pictures, first)
        case .csv:
            return Array(pictures.map { $0.values.map(\.description).joined(separator: ",") + "\n" }.joined().utf8)
        }
    }

    private static func npy(_ pictures: [Picture], _ first: Picture) -> [UInt8] {
        let shape = [pictures.count, first.height, first.width] + (first.channels > 1 ? [first.channels] : [])
        return NPYHeader.file(of: pictures.flatMap(\.values), shape: shape)
    }

    private static func png(_ picture: Picture, scale: Int) throws(PictureFileError) -> [UInt8] {
        let pixels = enlarged(picture, by: scale)
        let (width, height) = (picture.width * scale, picture.height * scale)
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        // PNG_FORMAT_GRAY is 0, PNG_FORMAT_RGB is the flag for color.
        image.format =
            png_uint_32(picture.channels == 1 ? 0 : PNG_FORMAT_FLAG_COLOR)
            | png_uint_32(picture.hasOpacity ? PNG_FORMAT_FLAG_ALPHA : 0)
        defer { png_image_free(&image) }
        // Enough for any content: the raw bytes, a filter byte a row, deflate's and the chunks' own overhead.
        var size = png_alloc_size_t(pixels.count + height + pixels.count / 1000 + 4096)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard png_image_write_to_memory(&image, &bytes, &size, 0, pixels, 0, nil) != 0 else {
            throw .png(withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return Array(bytes.prefix(Int(size)))
    }

    /// The bytes of a picture whose pixels are squares of `scale` pixels a side.
    private static func enlarged(_ picture: Picture, by scale: Int) -> [UInt8] {
        let bytes = picture.values.map(byte)
        guard scale > 1 else { return bytes }
        var enlarged: [UInt8] = []
        enlarged.reserveCapacity(bytes.count * scale * scale)
        for row in 0..<picture.height {
            var line: [UInt8] = []
            for column in 0..<picture.width {
                let start = (row * picture.width + column) * picture.channels
                for _ in 0..<scale { line += bytes[start..<start + picture.channels] }
            }
            for _ in 0..<scale { enlarged += line }
        }
        return enlarged
    }
}

/// A value in 0…1 as a byte; what lies beyond, or is no number, as the nearest that can be shown.
func byte(_ value: Float) -> UInt8 { value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0 }
