import CPNG
import Files
import Foundation
import Pictures
import Testing

@Suite("Pictures as files")
struct PictureFileTests {
    private let gray = Picture(width: 3, height: 2, values: [0, 0.5, 1, 0.25, -1, .nan])
    private let color = Picture(width: 2, height: 1, channels: 3, values: [1, 0, 0, 0, 0.2, 1])

    @Test(
        "The suffix decides about the format, whatever its case and the folder's name",
        arguments: [("x.png", PictureFormat.png), ("a.b/c.NPY", .npy), ("x.tar.csv", .csv), (".x.gif", .gif)])
    func suffix(path: String, format: PictureFormat) throws {
        #expect(try PictureFormat(path: path) == format)
    }

    @Test(
        "A name without a known suffix is refused",
        arguments: ["x", "x.jpeg", "folder.png/x", "", "png", ".png", "a.b/.png"])
    func unknownSuffix(path: String) {
        #expect(throws: PictureFileError.unknownSuffix(path)) { try PictureFormat(path: path) }
    }

    @Test("A PNG reads back as the same bytes; several pictures stand in a row")
    func png() throws {
        let one = try decoded(PictureFile.bytes(of: [gray], as: .png), channels: 1)
        #expect(one.width == 3 && one.height == 2)
        #expect(one.pixels == [0, 128, 255, 64, 0, 0])
        let two = try decoded(PictureFile.bytes(of: [gray, gray], as: .png), channels: 1)
        #expect(two.width == 6)
        #expect(two.pixels == [0, 128, 255, 0, 128, 255, 64, 0, 0, 64, 0, 0])
        let colored = try decoded(PictureFile.bytes(of: [color], as: .png), channels: 3)
        #expect(colored.pixels == [255, 0, 0, 0, 51, 255])
    }

    private func decoded(
        _ bytes: [UInt8], channels: Int
    ) throws -> (width: Int, height: Int, pixels: [UInt8]) {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        try #require(png_image_begin_read_from_memory(&image, bytes, bytes.count) != 0)
        #expect(image.format == (channels == 1 ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)))
        var pixels = [UInt8](repeating: 0, count: Int(image.width * image.height) * channels)
        try #require(png_image_finish_read(&image, nil, &pixels, 0, nil) != 0)
        return (Int(image.width), Int(image.height), pixels)
    }

    @Test("NPY has NumPy's header, aligned to 64 bytes, and the values as they are")
    func npy() throws {
        let bytes = try PictureFile.bytes(of: [gray, gray], as: .npy)
        #expect(Array(bytes.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length) % 64 == 0)
        let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
        #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }"))
        #expect(header.hasSuffix("\n"))
        #expect(bytes.count == 10 + length + 2 * 6 * 4)
        #expect(Array(bytes[(10 + length + 4)...].prefix(4)) == [0, 0, 0, 0x3F])
        let colored = try PictureFile.bytes(of: [color], as: .npy)
        #expect(String(decoding: colored, as: UTF8.self).contains("(1, 1, 2, 3)"))
    }

    @Test("CSV has a line a picture")
    func csv() throws {
        let bytes = try PictureFile.bytes(of: [color, color], as: .csv)
        #expect(String(decoding: bytes, as: UTF8.self) == "1.0,0.0,0.0,0.0,0.2,1.0\n1.0,0.0,0.0,0.0,0.2,1.0\n")
    }

    @Test("Pictures of different shapes, and none, are refused")
    func mixed() {
        #expect(throws: PictureFileError.mixedShapes) { try PictureFile.bytes(of: [gray, color], as: .csv) }
        #expect(throws: PictureFileError.mixedShapes) { try PictureFile.bytes(of: [], as: .png) }
    }

    @Test("A file that cannot be written is named")
    func unwritable() {
        #expect {
            try PictureFile.write([gray], to: "/nowhere/at/all.png")
        } throws: { error in
            "\(error)".contains("/nowhere/at")
        }
    }
}
