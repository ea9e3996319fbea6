import CPNG
import CTurboJPEG
import Files
import Numbers

/// Why a file is no picture that can be used. Each case prints the rest of a sentence that begins with the file's name.
public enum PictureProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refuses to open or read it.
    case unreadable(String)
    /// Neither PNG nor JPEG, by its first bytes.
    case unknownFormat
    /// More pixels than are unpacked: a picture of a few bytes may claim any number.
    case tooLarge(width: Int, height: Int)
    /// More bytes than a picture has.
    case fileTooLarge(Int)
    case damaged(String)

    public var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason.printable)"
        case .unknownFormat: "is neither PNG nor JPEG"
        case .tooLarge(let width, let height):
            "is \(width)×\(height) pixels, over the limit of \(PixelImage.mostPixels >> 20) megapixels"
        case .fileTooLarge(let size): "has \(size) bytes, over the limit of \(PixelImage.mostBytes >> 20) MiB"
        case .damaged(let reason): "is damaged or of an unusual kind: \(reason.printable)"
        }
    }
}

extension PixelImage {
    /// The most pixels of a picture.
    static let mostPixels = 64 << 20
    /// The most bytes of a picture's file.
    static let mostBytes = 256 << 20

    /// Reads a PNG or JPEG file; which one it is, its first bytes tell. Transparent pixels lie on black, of more than 8
    /// bits the upper ones count, and a note about the camera's orientation is passed over.
    ///
    /// - Parameters:
    ///   - size: what the picture will be reduced to. A JPEG far larger is unpacked at a half, a fourth or an eighth of its
    ///     size, at least twice of this.
    ///   - keepsOpacity: gives color and opacity, whatever the file has.
    /// - Throws: ``PictureProblem``; nothing is unpacked before its size is known to be allowed.
    public init(
        path: String, reducedTo size: (width: Int, height: Int)? = nil, keepsOpacity: Bool = false
    ) throws(PictureProblem) {
        let bytes: [UInt8]?
        let length: Int
        do throws(FileError) {
            let file = try MappedFile(path)
            length = file.size
            // Copied and not mapped: a file that is cut short meanwhile is an error, not the end of the program.
            bytes = length <= PixelImage.mostBytes ? try file.read(length, at: 0) : nil
        } catch {
            throw .unreadable(error.reason)
        }
        guard let bytes else { throw .fileTooLarge(length) }
        try self.init(bytes: bytes, reducedTo: size, keepsOpacity: keepsOpacity)
    }

    /// The same for the bytes of a file.
    public init(
        bytes: [UInt8], reducedTo size: (width: Int, height: Int)? = nil, keepsOpacity: Bool = false
    ) throws(PictureProblem) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = try PNGReading.image(of: bytes, keepsOpacity: keepsOpacity)
        } else if bytes.starts(with: [0xFF, 0xD8]) {
            let image = try JPEGReading.image(of: bytes, reducedTo: size)
            self = keepsOpacity ? image.withChannels(4) : image
        } else {
            throw .unknownFormat
        }
    }

    /// - Throws: ``PictureProblem/tooLarge(width:height:)``
    fileprivate static func check(width: Int, height: Int) throws(PictureProblem) {
        guard width > 0, height > 0, product(of: [width, height], atMost: mostPixels) != nil else {
            throw .tooLarge(width: width, height: height)
        }
    }
}

private enum PNGReading {
    static func image(of bytes: [UInt8], keepsOpacity: Bool) throws(PictureProblem) -> PixelImage {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0 else {
            throw .damaged(message(of: image))
        }
        let (width, height) = (Int(image.width), Int(image.height))
        try PixelImage.check(width: width, height: height)
        // Without this, 16 bits without a note about gamma would count as linear light.
        image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        let isColored = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
        // PNG_FORMAT_GRAY is 0, PNG_FORMAT_RGB is the flag for color; 8 bits a channel.
        image.format =
            keepsOpacity
            ? png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
            : isColored ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
        let channels = keepsOpacity ? 4 : isColored ? 3 : 1
        var pixels = [UInt8](repeating: 0, count: width * height * channels)
        var black = png_color()
        guard png_image_finish_read(&image, &black, &pixels, 0, nil) != 0 else { throw .damaged(message(of: image)) }
        return PixelImage(width: width, height: height, channels: channels, bytes: pixels)
    }

    private static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

private enum JPEGReading {
    static func image(
        of bytes: [UInt8], reducedTo size: (width: Int, height: Int)?
    ) throws(PictureProblem) -> PixelImage {
        guard let decompressor = tjInitDecompress() else { throw .unreadable("not enough memory") }
        defer { tjDestroy(decompressor) }
        func problem() -> PictureProblem {
            .damaged(tjGetErrorStr2(decompressor).map { String(cString: $0) } ?? "unknown")
        }
        var (width, height, subsampling, colorspace) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let length = UInt(bytes.count)
        guard tjDecompressHeader3(decompressor, bytes, length, &width, &height, &subsampling, &colorspace) == 0
        else { throw problem() }
        try PixelImage.check(width: Int(width), height: Int(height))
        let isColored = colorspace != TJCS_GRAY.rawValue
        let channels = isColored ? 3 : 1
        let share = size.map { JPEGReading.share(Int(width), Int(height), $0) } ?? 1
        let (columns, rows) = ((Int(width) + share - 1) / share, (Int(height) + share - 1) / share)
        var pixels = [UInt8](repeating: 0, count: columns * rows * channels)
        // A file that is cut off or damaged draws a warning only, and would be filled with gray; a progressive one of a
        // few bytes could take hours without a limit on its scans.
        let result = tjDecompress2(
            decompressor, bytes, length, &pixels, Int32(columns), 0, Int32(rows),
            Int32(isColored ? TJPF_RGB.rawValue : TJPF_GRAY.rawValue), TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
        guard result == 0 else { throw problem() }
        return PixelImage(width: columns, height: rows, channels: channels, bytes: pixels)
    }

    /// The greatest of 8, 4, 2 by which the picture may be divided and still be twice the size wanted; else 1.
    private static func share(_ width: Int, _ height: Int, _ size: (width: Int, height: Int)) -> Int {
        [8, 4, 2].first { width / $0 >= 2 * size.width && height / $0 >= 2 * size.height } ?? 1
    }
}

extension FileError {
    /// What went wrong, without the file's name.
    fileprivate var reason: String {
        switch self {
        case .cannotCreate(_, let reason), .cannotWrite(_, let reason), .cannotRead(_, let reason): reason
        case .notFound: "there is no such file"
        case .isFolder: "it is a folder"
        case .notRegular: "it is a device or a pipe"
        case .changed: "it became shorter while it was read"
        case .outside: "it is not in the folder that it must be in"
        }
    }
}
