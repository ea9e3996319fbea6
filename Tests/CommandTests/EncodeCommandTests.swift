import ArgumentParser
import Datasets
import Foundation
import Latent
import Pictures
import Testing

@testable import latentwalk

@Suite("latentwalk encode")
struct EncodeCommandTests {
    private let scratch: Scratch
    private let model: String
    private let images: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(to: scratch.path)
        images = try SmallModel.writeImages(to: scratch.path)
    }

    private func codes(_ file: String) throws -> [Float] {
        let posterior = try SmallModel.posterior(of: "\(images)/\(file)")
        return posterior.means + posterior.logVariances.map { Float(exp(0.5 * Double($0))) }
    }

    private func near(_ some: [Float], _ others: [Float]) -> Bool {
        some.count == others.count && zip(some, others).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    }

    @Test("A data set gives a line an image: its number, its label, the means, the deviations")
    func dataset() throws {
        let encoded = try CommandProcess(["encode", model, "--data", images])
        #expect(encoded.status == 0 && encoded.errors == "")
        let lines = encoded.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(lines[0] == ["image", "label", "mu_0", "mu_1", "sigma_0", "sigma_1"])
        #expect(lines.dropFirst().map { $0[0] } == ["0", "1", "2", "3", "4"])
        #expect(lines.dropFirst().map { $0[1] } == ["cat", "dog: big", "cat", "dog: big", "cat"])
        #expect(near(lines[2].dropFirst(2).compactMap(Float.init), try codes("dog: big/0.png")))
        let named = try CommandProcess(["encode", model, images, "--limit", "2"])
        #expect(named.output == encoded.output.split(separator: "\n").prefix(3).map { $0 + "\n" }.joined())
    }

    @Test("--looks-like names the class of the nearest other images and its share, beside the label")
    func looksLike() throws {
        let arguments = ["encode", model, images, "--looks-like", "--reference", images]
        let encoded = try CommandProcess(arguments)
        #expect(encoded.status == 0 && encoded.errors == "")
        let lines = encoded.output.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(lines[0] == ["image", "label", "looks_like", "share", "mu_0", "mu_1", "sigma_0", "sigma_1"])
        for line in lines.dropFirst() {
            #expect(["cat", "dog: big"].contains(line[2]))
            #expect(Float(line[3]).map { $0 > 0 && $0 <= 1 } == true)
        }
        let first = try CommandProcess(["encode", model, images]).output.split(separator: "\n")[1].split(separator: ",")
        #expect(lines[1].suffix(4) == first.suffix(4).map(String.init)[...])
    }

    @Test("An image never counts itself, whatever its number in the reference is")
    func leavesItselfOut() throws {
        let reference = "\(scratch.path)/reference"
        for (name, file) in [("a", "dog: big/0.png"), ("b", "cat/0.png")] {
            try FileManager.default.createDirectory(
                atPath: "\(reference)/\(name)", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "\(images)/\(file)", toPath: "\(reference)/\(name)/0.png")
        }
        let encoded = try CommandProcess(
            ["encode", model, "\(images)/dog: big/0.png", "--looks-like", "--reference", reference])
        #expect(encoded.status == 0 && encoded.errors == "")
        let line = try #require(encoded.output.split(separator: "\n").last).split(separator: ",")
        #expect(line[1] == "b" && line[2] == "1.0")
    }

    @Test("A refined or the exact answer takes the encoder's place, and a wrong one is refused")
    func inference() throws {
        func lines(_ method: InferenceMethod) throws -> [[Float]] {
            let encoded = try CommandProcess(["encode", model, images, "--inference", method.rawValue])
            #expect(encoded.status == 0 && encoded.errors == "")
            return encoded.output.split(separator: "\n").dropFirst().map {
                $0.split(separator: ",").dropFirst(2).compactMap { Float($0) }
            }
        }
        let all = try InferenceMethod.allCases.map(lines)
        #expect(near(all[0][1], try codes("dog: big/0.png")))
        #expect(!near(all[1][1], all[0][1]))
        // This decoder bends so little that three steps end at the mode.
        for (refined, exact) in zip(all[1], all[2]) {
            #expect(zip(refined.prefix(2), exact.prefix(2)).allSatisfy { abs($0 - $1) < 0.01 })
        }
        #expect(throws: (any Error).self) { try EncodeCommand.parse([model, images, "--inference", "best"]) }
    }

    @Test("Files are called by their names, which are quoted where they must be, and have no labels")
    func files() throws {
        let (one, other) = ("\(images)/cat/2.png", "\(scratch.path)/a,b.png")
        try FileManager.default.copyItem(atPath: "\(images)/cat/1.png", toPath: other)
        let encoded = try CommandProcess(["encode", model, one, other])
        #expect(encoded.status == 0 && encoded.errors == "")
        let lines = encoded.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "image,mu_0,mu_1,sigma_0,sigma_1" && lines.count == 3)
        #expect(lines[1].hasPrefix("\(one),") && lines[2].hasPrefix("\"\(other)\","))
        #expect(near(lines[1].split(separator: ",").dropFirst().compactMap { Float($0) }, try codes("cat/2.png")))
    }

    @Test("NPY holds the means, then the deviations, an image a row")
    func npy() throws {
        let output = "\(scratch.path)/codes.npy"
        try EncodeCommand.parse([model, "\(images)/cat/0.png", "\(images)/cat/1.png", "--output", output]).run()
        let (shape, numbers) = try readNPY(output)
        #expect(shape == [2, 4])
        #expect(near(numbers, try codes("cat/0.png") + codes("cat/1.png")))
        let table = "\(scratch.path)/codes.csv"
        try EncodeCommand.parse([model, "\(images)/cat/0.png", "--output", table]).run()
        let text = try String(contentsOfFile: table, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test("A picture of another size or color is brought to the model's where that is asked for")
    func resize() throws {
        let path = "\(scratch.path)/large.png"
        try PictureFile.write(
            [Picture(width: 8, height: 6, channels: 3, values: Array(repeating: 0.5, count: 144))], to: path)
        #expect {
            try EncodeCommand.parse([model, path]).run()
        } throws: { error in
            (error as? any CommandError)?.exit == .dataError && "\(error)".contains("--resize model")
        }
        let output = "\(scratch.path)/large.npy"
        try EncodeCommand.parse([model, path, "--resize", "model", "--output", output]).run()
        #expect(try readNPY(output).shape == [1, 4])
    }

    @Test("Without a model's file the images are the shipped model's")
    func names() {
        #expect(ImageNames(["a.safetensors", "b.png"]) == ImageNames(["a.safetensors", "b.png"]))
        #expect(ImageNames(["a.safetensors", "b.png"]).model == "a.safetensors")
        #expect(ImageNames(["a.safetensors", "b.png"]).images == ["b.png"])
        #expect(ImageNames(["b.png", "c.JPG"]).model == nil)
        #expect(ImageNames(["b.png", "c.JPG"]).images == ["b.png", "c.JPG"])
        #expect(ImageNames(["a.safetensors"]).images.isEmpty)
    }

    @Test("What cannot be encoded is named in one sentence")
    func refused() throws {
        for arguments in [
            [model], [model, "a.png", "--data", "mnist"], [model, "a.png", "--output", "x.png"],
            [model, "a.png", "--output", ".csv"], [model, "a.png", "--output", "a/.npy"],
            [model, "a.png", "--output", "a.npy", "--looks-like"], [model, "a.png", "--reference", "sample"],
        ] {
            #expect {
                try EncodeCommand.parse(arguments)
            } throws: { error in
                EncodeCommand.exitCode(for: error).rawValue == 64
            }
        }
        func failure(_ images: [String]) -> (sentence: String, exit: SystemExit?) {
            do {
                try EncodeCommand.parse([model] + images).run()
            } catch {
                return ("\(error)", (error as? any CommandError)?.exit)
            }
            return ("", nil)
        }
        #expect(failure(["/nowhere.png"]).exit == .noInput)
        #expect(failure([images, "\(images)/cat/0.png"]).exit == .usage)
        #expect(failure(["\(images)/cat/0.png", images]).exit == .usage)
        #expect(failure(["/nowhere"]).exit == .noInput)
        // Pictures that lie in no class's folder.
        let unlabeled = failure(["\(images)/cat/0.png", "--looks-like", "--reference", "\(images)/cat"])
        #expect(unlabeled.exit == .usage && unlabeled.sentence.contains("no classes"))
        let small = "\(scratch.path)/small.png"
        try PictureFile.write([Picture(width: 1, height: 1, values: [1])], to: small)
        let mixed = failure(["\(images)/cat/0.png", small])
        #expect(mixed.exit == .dataError && mixed.sentence.contains("is 1×1×1 and"))
    }
}
