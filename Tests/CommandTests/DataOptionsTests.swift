import ArgumentParser
import Datasets
import Testing

@testable import latentwalk

@Suite("How commands read data")
struct DataOptionsTests {
    @Test(
        "--resize takes the model's size, a square, or channels, height and width",
        arguments: [
            ("model", ImageResize.model), ("28", .sizing(ImageSizing(height: 28, width: 28))),
            ("3x64x48", .sizing(ImageSizing(channels: 3, height: 64, width: 48))),
            ("1×32×32", .sizing(ImageSizing(channels: 1, height: 32, width: 32))),
        ])
    func resize(text: String, expected: ImageResize) throws {
        #expect(try EvaluateCommand.parse(["--resize", text]).images.reading.resize == expected)
    }

    @Test(
        "Other sizes are refused, and the sentence shows the right ones",
        arguments: ["", "0", "28x28", "2x28x28", "3x5000x5", "3xax5", "1x2x3x4"])
    func refused(text: String) {
        #expect {
            try EvaluateCommand.parse(["--resize", text])
        } throws: { error in
            EvaluateCommand.message(for: error).contains("3x64x48")
        }
    }
}
