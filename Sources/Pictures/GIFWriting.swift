import CGIF

/// Pictures as the frames of an animated GIF (version 89a), written by giflib.
///
/// Gray frames keep their 256 values; colored ones share one table of colors (``ColorTable``), so that nothing flickers.
enum GIFWriting {
    /// The longest side that the format can say.
    static let longestSide = 65_535

    /// - Parameters:
    ///   - pictures: one or more, all of one shape.
    ///   - scale: pixels a side that each pixel takes.
    ///   - background: the gray under pictures with opacity.
    /// - Throws: ``PictureFileError/gif(_:)``
    static func bytes(
        of pictures: [Picture], scale: Int, delay: Duration, repeats: Bool, background: Float = 0
    ) throws(PictureFileError) -> [UInt8] {
        // The format knows no opacity but all or nothing.
        let pictures = pictures.map { $0.over(background) }
        let first = pictures[0]
        let frames: [[UInt8]]
        let colors: [ColorTable.Color]
        if first.channels == 1 {
            frames = pictures.map { $0.values.map(byte) }
            colors = ColorTable.gray
        } else {
            let colored = pictures.map(\.colorBytes)
            let table = ColorTable(of: colored.flatMap { $0 })
            frames = colored.map { $0.map(table.entry) }
            colors = table.colors
        }
        let file = try GIFFile(width: first.width * scale, height: first.height * scale, colors: colors)
        if frames.count > 1, repeats { try file.repeatForEver() }
        for frame in frames {
            try file.beginFrame(delay: frames.count > 1 ? hundredths(delay) : nil)
            for row in 0..<first.height {
                let line = frame[row * first.width..<(row + 1) * first.width]
                try file.add(line.flatMap { repeatElement($0, count: scale) }, times: scale)
            }
        }
        return try file.finish()
    }

    /// Viewers take less than two hundredths of a second for a tenth.
    private static func hundredths(_ delay: Duration) -> Int {
        max(2, min(65_535, Int((delay / .milliseconds(10)).rounded())))
    }
}

/// A GIF file that giflib writes into memory, frame by frame.
private final class GIFFile {
    private let width: Int
    private let height: Int
    private let sink = ByteSink()
    /// Nil once it is closed.
    private var file: UnsafeMutablePointer<GifFileType>?

    /// - Parameter colors: at most 256; shared by all frames.
    init(width: Int, height: Int, colors: [ColorTable.Color]) throws(PictureFileError) {
        (self.width, self.height) = (width, height)
        var problem: Int32 = 0
        file = EGifOpen(
            Unmanaged.passUnretained(sink).toOpaque(),
            { file, bytes, count in
                guard let bytes, let sink = file?.pointee.UserData else { return 0 }
                Unmanaged<ByteSink>.fromOpaque(sink).takeUnretainedValue()
                    .append(UnsafeBufferPointer(start: bytes, count: Int(count)))
                return count
            }, &problem)
        guard file != nil else { throw GIFFile.failure(problem) }
        EGifSetGifVersion(file, true)
        var entries = colors.map { GifColorType(Red: $0.x, Green: $0.y, Blue: $0.z) }
        entries += Array(repeating: GifColorType(), count: ColorTable.size - entries.count)
        let map = GifMakeMapObject(Int32(ColorTable.size), entries)
        defer { GifFreeMapObject(map) }
        try check(EGifPutScreenDesc(file, Int32(width), Int32(height), 8, 0, map))
    }

    deinit {
        if let file { EGifCloseFile(file, nil) }
    }

    /// Netscape's extension, which everybody reads; without it, a film ends with its last frame.
    func repeatForEver() throws(PictureFileError) {
        try check(EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE))
        try check(EGifPutExtensionBlock(file, 11, Array("NETSCAPE2.0".utf8)))
        try check(EGifPutExtensionBlock(file, 3, [1, 0, 0] as [UInt8]))
        try check(EGifPutExtensionTrailer(file))
    }

    /// - Parameter delay: hundredths of a second; nil for a picture that is no film.
    func beginFrame(delay: Int?) throws(PictureFileError) {
        if let delay {
            let control = [4, UInt8(delay & 255), UInt8(delay >> 8), 0]
            try check(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, Int32(control.count), control))
        }
        try check(EGifPutImageDesc(file, 0, 0, Int32(width), Int32(height), false, nil))
    }

    func add(_ line: [UInt8], times: Int) throws(PictureFileError) {
        var line = line
        for _ in 0..<times { try check(EGifPutLine(file, &line, Int32(line.count))) }
    }

    func finish() throws(PictureFileError) -> [UInt8] {
        var problem: Int32 = 0
        let result = EGifCloseFile(file, &problem)
        file = nil
        guard result == GIF_OK else { throw GIFFile.failure(problem) }
        return sink.bytes
    }

    private func check(_ result: Int32) throws(PictureFileError) {
        guard result == GIF_OK else { throw GIFFile.failure(file?.pointee.Error ?? 0) }
    }

    private static func failure(_ problem: Int32) -> PictureFileError {
        .gif(GifErrorString(problem).map { String(cString: $0) } ?? "giflib gave no reason")
    }
}

/// Where giflib's bytes go.
private final class ByteSink {
    private(set) var bytes: [UInt8] = []

    func append(_ more: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: more) }
}

extension Picture {
    /// Red, green and blue of each pixel of a picture of three channels.
    fileprivate var colorBytes: [ColorTable.Color] {
        stride(from: 0, to: values.count, by: 3).map { place in
            ColorTable.Color(byte(values[place]), byte(values[place + 1]), byte(values[place + 2]))
        }
    }
}
