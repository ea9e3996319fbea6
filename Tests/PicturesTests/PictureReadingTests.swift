import Foundation
import Testing

@testable import Pictures

@Suite("Reading PNG and JPEG")
struct PictureReadingTests {
    private struct Expected: Decodable {
        let width: Int
        let height: Int
        let channels: Int
        let bytes: [UInt8]
    }

    private static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.folder.appendingPathComponent("pictures/\(name)")))
    }

    @Test(
        "The pixels are those that Pillow reads",
        arguments: [
            "gray.png", "color.png", "palette.png", "bits.png", "transparent.png", "deep.png", "gray.jpg", "color.jpg",
            "progressive.jpg",
        ])
    func pixels(name: String) throws {
        let all = try JSONDecoder().decode(
            [String: Expected].self, from: Data(contentsOf: Self.folder.appendingPathComponent("pictures.json")))
        let expected = try #require(all[name])
        let found = try PixelImage(path: Self.folder.appendingPathComponent("pictures/\(name)").path)
        #expect(found.width == expected.width && found.height == expected.height)
        #expect(found.channels == expected.channels)
        // Two builds of a JPEG library may round differently.
        let tolerance = name.hasSuffix("jpg") ? 2 : 0
        #expect(found.bytes.count == expected.bytes.count)
        #expect(zip(found.bytes, expected.bytes).allSatisfy { abs(Int($0) - Int($1)) <= tolerance })
    }

    @Test("What is cut off anywhere is refused, never read as half a picture", arguments: ["color.png", "color.jpg"])
    func cutOff(name: String) throws {
        let whole = try bytes(name)
        for length in stride(from: 0, to: whole.count - 14, by: 7) {
            #expect(throws: PictureProblem.self) { try PixelImage(bytes: Array(whole.prefix(length))) }
        }
    }

    @Test("Twisted bytes give a picture or a problem, and nothing worse", arguments: ["color.png", "progressive.jpg"])
    func twisted(name: String) throws {
        let whole = try bytes(name)
        for place in whole.indices {
            var twisted = whole
            twisted[place] ^= 0xA5
            if let picture = try? PixelImage(bytes: twisted) {
                #expect(picture.bytes.count == picture.width * picture.height * picture.channels)
            }
        }
    }

    @Test("A header that claims a gigantic picture is refused before memory is taken")
    func bombs() throws {
        var jpeg = try bytes("gray.jpg")
        // Height and width stand after the frame's marker, length and precision.
        let frame = try #require(jpeg.indices.first { $0 + 1 < jpeg.count && jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(throws: PictureProblem.tooLarge(width: 65500, height: 65500)) { try PixelImage(bytes: jpeg) }
        var png = try bytes("gray.png")
        png.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
        // The header's checksum no longer holds, or the size is over the limit: refused either way.
        #expect(throws: PictureProblem.self) { try PixelImage(bytes: png) }
    }

    @Test("Files of another kind, missing ones and unusual colors have their sentence")
    func problems() throws {
        #expect(throws: PictureProblem.unknownFormat) { try PixelImage(bytes: Array("GIF89a".utf8)) }
        #expect(throws: PictureProblem.unreadable("there is no such file")) { try PixelImage(path: "/nonexistent.png") }
        #expect(throws: PictureProblem.self) { try PixelImage(bytes: bytes("cmyk.jpg")) }
        #expect("\(PictureProblem.tooLarge(width: 9, height: 8))" == "is 9×8 pixels, over the limit of 64 megapixels")
    }

    @Test("A JPEG far larger than wanted is unpacked smaller, but never below twice the size")
    func reduced() throws {
        let jpeg = try bytes("color.jpg")
        let quarter = try PixelImage(bytes: jpeg, reducedTo: (1, 1))
        #expect(quarter.width == 3 && quarter.height == 3)
        let whole = try PixelImage(bytes: jpeg, reducedTo: (8, 8))
        #expect(whole.width == 12 && whole.height == 9)
    }
}

@Suite("Bringing pictures to a size")
struct PixelImageTests {
    @Test("Gray is luma, white stays white, and gray becomes three equal channels")
    func channels() {
        let color = PixelImage(width: 3, height: 1, channels: 3, bytes: [255, 255, 255, 255, 0, 0, 0, 255, 0])
        #expect(color.withChannels(1).bytes == [255, 76, 150])
        let gray = PixelImage(width: 2, height: 1, channels: 1, bytes: [7, 200])
        #expect(gray.withChannels(3).bytes == [7, 7, 7, 200, 200, 200])
        #expect(gray.withChannels(1) == gray)
    }

    @Test("The longer side is cut off at both ends, and the rest keeps its proportions")
    func cropped() {
        // Ten columns: 1 and 2 at the left, 3 in the middle six, 4 and 5 at the right.
        let row: [UInt8] = [1, 2, 3, 3, 3, 3, 3, 3, 4, 5]
        let wide = PixelImage(width: 10, height: 6, channels: 1, bytes: (0..<6).flatMap { _ in row })
        let square = wide.filling(width: 6, height: 6, by: Resampler())
        #expect(square.bytes == Array(repeating: 3, count: 36))
        let tall = PixelImage(width: 2, height: 8, channels: 1, bytes: (0..<8).flatMap { [UInt8($0), UInt8($0)] })
        #expect(tall.filling(width: 2, height: 2, by: Resampler()).bytes == [3, 3, 4, 4])
    }

    @Test("Reducing averages: fine stripes become gray, not a pattern")
    func antialiased() {
        let stripes = PixelImage(
            width: 64, height: 64, channels: 1, bytes: (0..<4096).map { $0 % 2 == 0 ? 0 : 255 })
        let small = stripes.filling(width: 8, height: 8, by: Resampler())
        #expect(small.bytes.allSatisfy { abs(Int($0) - 128) <= 8 })
        let color = stripes.withChannels(3).filling(width: 8, height: 8, by: Resampler())
        #expect(color.withChannels(1).bytes == small.bytes)
    }
}

@Suite("NumPy's headers")
struct NPYHeaderTests {
    private func read(_ text: String) throws -> NPYHeader { try NPYHeader(dictionary: Array(text.utf8)) }

    @Test("What is written reads back", arguments: [[], [7], [2, 3], [60000, 28, 28]])
    func roundTrip(shape: [Int]) throws {
        let header = NPYHeader(descriptor: "<f4", shape: shape)
        let bytes = header.bytes
        #expect(bytes.count.isMultiple(of: 64))
        let (start, length) = try NPYHeader.dictionary(preamble: Array(bytes.prefix(12)))
        #expect(start + length == bytes.count)
        #expect(try NPYHeader(dictionary: Array(bytes[start...])) == header)
    }

    @Test("Other quotes, orders and Python 2's long numbers are read")
    func spellings() throws {
        let header = try read("{\"shape\": (3L, 4), 'fortran_order': True, 'descr': '>u2'}  \n")
        #expect(header == NPYHeader(descriptor: ">u2", isFortranOrder: true, shape: [3, 4]))
    }

    @Test(
        "What is no such dictionary is refused",
        arguments: [
            "", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (3, -4), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } x", "import os",
        ])
    func refused(text: String) {
        #expect(throws: NPYProblem.header) { try read(text) }
    }

    @Test("Records are refused with their own sentence")
    func records() {
        #expect(throws: NPYProblem.structured) {
            try read("{'descr': [('a', '<f4'), ('b', '<i4', (2,))], 'fortran_order': False, 'shape': (3,), }")
        }
    }

    @Test("A preamble of something else, another version, or an endless header is refused")
    func preambles() {
        let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
        #expect(throws: NPYProblem.notNPY) { try NPYHeader.dictionary(preamble: Array("PK".utf8)) }
        #expect(throws: NPYProblem.version(9)) {
            try NPYHeader.dictionary(preamble: magic + [9, 0, 118, 0, 0, 0])
        }
        #expect(throws: NPYProblem.header) {
            try NPYHeader.dictionary(preamble: magic + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F])
        }
    }
}
