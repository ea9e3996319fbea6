import CGIF

/// What stands in a GIF file, as giflib reads it.
public struct GIFReader {
    public struct Frame: Equatable {
        /// Red, green and blue of each pixel, row by row.
        public let pixels: [[UInt8]]
        /// Hundredths of a second; nil where the file says nothing.
        public let delay: Int?

        /// The red of each pixel: its value, where it is gray.
        public var grays: [UInt8] { pixels.map { $0[0] } }
    }

    public let width: Int
    public let height: Int
    public let frames: [Frame]
    /// Whether it begins anew for ever.
    public let repeats: Bool

    public struct Failure: Error {}

    public init(path: String) throws {
        guard let file = DGifOpenFileName(path, nil) else { throw Failure() }
        defer { DGifCloseFile(file, nil) }
        guard DGifSlurp(file) == GIF_OK, let map = file.pointee.SColorMap else { throw Failure() }
        (width, height) = (Int(file.pointee.SWidth), Int(file.pointee.SHeight))
        let images = UnsafeBufferPointer(start: file.pointee.SavedImages, count: Int(file.pointee.ImageCount))
        let size = width * height
        frames = images.indices.map { index in
            var control = GraphicsControlBlock()
            let hasControl = DGifSavedExtensionToGCB(file, Int32(index), &control) == GIF_OK
            let entries = UnsafeBufferPointer(start: images[index].RasterBits, count: size)
            let pixels = entries.map { entry in
                let color = map.pointee.Colors[Int(entry)]
                return [color.Red, color.Green, color.Blue]
            }
            return Frame(pixels: pixels, delay: hasControl ? Int(control.DelayTime) : nil)
        }
        repeats = images.contains { image in
            UnsafeBufferPointer(start: image.ExtensionBlocks, count: Int(image.ExtensionBlockCount)).contains { block in
                String(decoding: UnsafeBufferPointer(start: block.Bytes, count: Int(block.ByteCount)), as: UTF8.self)
                    == "NETSCAPE2.0"
            }
        }
    }
}
