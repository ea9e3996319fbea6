import ArgumentParser
import Foundation
import GIFReader
import Latent
import Neural
import Pictures
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk render")
struct RenderCommandTests {
    private let scratch: Scratch
    private let model: String
    private let images: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(to: scratch.path)
        images = try SmallModel.writeImages(to: scratch.path)
    }

    private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

    private func run(_ arguments: [String]) throws { try RenderCommand.parse(arguments).run() }

    private func byte(_ value: Float) -> UInt8 { UInt8((value * 255).rounded()) }

    /// Whether numbers are the same but for the last bits, which depend on how many points are decoded together.
    private func near(_ some: some Sequence<Float>, _ others: some Sequence<Float>) -> Bool {
        let (some, others) = (Array(some), Array(others))
        return some.count == others.count && zip(some, others).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    // MARK: What is drawn

    @Test("A manifold's tiles divide the range, the first one at the upper left")
    func manifold() throws {
        try run([model, "manifold", "--latent-range", "-3,3", "--tiles", "3x2", "--output", path("m.npy")])
        let (shape, numbers) = try readNPY(path("m.npy"))
        #expect(shape == [6, 3, 4])
        #expect(near(numbers, try SmallModel.decoded([-2, 1.5, 0, 1.5, 2, 1.5, -2, -1.5, 0, -1.5, 2, -1.5])))
        try run([
            model, "manifold", "--latent-range", "-3,3", "--tiles", "3x2", "--output", path("m.png"), "--scale", "2",
        ])
        let sheet = try PixelImage(path: path("m.png"))
        #expect(sheet.width == 2 * 3 * 4 && sheet.height == 2 * 2 * 3)
        #expect(sheet.bytes[0] == byte(numbers[0]) && sheet.bytes[8] == byte(numbers[12]))
    }

    @Test("Without a range it reaches as far as the middle of the encoded data; without data as far as the prior")
    func range() throws {
        try run([model, "manifold", "--tiles", "1", "--output", path("prior.npy")])
        #expect(near(try readNPY(path("prior.npy")).numbers, try SmallModel.decoded([0, 0])))
        try run([model, "manifold", "--tiles", "1", "--data", images, "--output", path("data.npy")])
        let codes = try classFiles.map { try SmallModel.posterior(of: $0).means }
        let middle = [0, 1].map { axis -> Float in
            let sorted = codes.map { $0[axis] }.sorted()
            // The quantiles at 0.5 % and 99.5 % of five.
            return (sorted[0] + 0.02 * (sorted[1] - sorted[0]) + sorted[4] - 0.02 * (sorted[4] - sorted[3])) / 2
        }
        #expect(near(try readNPY(path("data.npy")).numbers, try SmallModel.decoded(middle)))
        #expect(abs(middle[0]) > 0.05)
    }

    @Test("Quantiles spread the tiles evenly in the prior's probability")
    func quantiles() throws {
        try run([model, "manifold", "--quantiles", "--tiles", "2", "--output", path("q.npy")])
        let q: Float = 0.674_489_75
        let expected = try SmallModel.decoded([-q, q, q, q, -q, -q, q, -q])
        #expect(near(try readNPY(path("q.npy")).numbers, expected))
    }

    @Test("With class rows each row is a class of a conditional model, along the first latent")
    func classRows() throws {
        let model = try SmallModel.conditional()
        let path = try SmallModel.write(model, to: scratch.path)
        func drawn(_ options: String...) throws -> [Float] {
            let file = self.path("rows.npy")
            try run([path, "manifold", "--latent-range", "-3,3", "--class-rows", "--output", file] + options)
            return try readNPY(file).numbers
        }
        var expected: [Float] = []
        for label in 0..<2 {
            var asked = model
            asked.condition.label = label
            expected += VAE.Decoder(asked, pool: WorkerPool(threads: 1)).decode([-2, 0, 0, 0, 2, 0], count: 3)
        }
        #expect(near(try drawn("--tiles", "3"), expected))
        #expect(near(try drawn("--tiles", "3x1"), expected.prefix(3 * 12)))
        #expect(expected.prefix(3 * 12) != expected.suffix(3 * 12))
    }

    private var classFiles: [String] {
        ["cat/0", "cat/1", "cat/2", "dog: big/0", "dog: big/1"].map { "\(images)/\($0).png" }
    }

    @Test(
        "A walk begins and ends with what its ends decode to, on every path",
        arguments: [["straight"], ["spherical"], ["geodesic", "--metric", "plain"], ["geodesic"]])
    func walk(path arguments: [String]) throws {
        let output = path("walk.npy")
        try run(
            [
                model, "walk", "--data", images, "--from", "cat:1", "--to", "dog: big:0", "--frames", "5", "--output",
                output,
            ]
                + ["--path"] + arguments)
        let (shape, numbers) = try readNPY(output)
        #expect(shape == [5, 3, 4])
        let (from, to) = (try SmallModel.posterior(of: classFiles[1]), try SmallModel.posterior(of: classFiles[3]))
        #expect(near(numbers.prefix(12), try SmallModel.decoded(from.means)))
        #expect(near(numbers.suffix(12), try SmallModel.decoded(to.means)))
        let middle = zip(from.means, to.means).map { ($0 + $1) / 2 }
        #expect(near(numbers[24..<36], try SmallModel.decoded(middle)) == (arguments == ["straight"]))
    }

    @Test("An end may be a point, or an image by its number; classes may be named by their labels")
    func ends() throws {
        try run([
            model, "walk", "--data", images, "--from", "z:-1,0.5", "--to", "1:1", "--frames", "2", "--output",
            path("a.npy"),
        ])
        let numbers = try readNPY(path("a.npy")).numbers
        #expect(near(numbers.prefix(12), try SmallModel.decoded([-1, 0.5])))
        #expect(near(numbers.suffix(12), try SmallModel.decoded(try SmallModel.posterior(of: classFiles[4]).means)))
        // Classes are mixed evenly: cat 0, dog 0, cat 1, dog 1, cat 2.
        try run([
            model, "walk", "--data", images, "--from", "#3", "--to", "2", "--frames", "2", "--output", path("b.npy"),
        ])
        let others = try readNPY(path("b.npy")).numbers
        #expect(near(others.prefix(12), numbers.suffix(12)))
        #expect(near(others.suffix(12), try SmallModel.decoded(try SmallModel.posterior(of: classFiles[1]).means)))
    }

    @Test(
        "A walk's GIF has its frames, once, over and over, or there and back",
        arguments: [([], 4, true), (["--loop", "once"], 4, false), (["--loop", "ping-pong"], 6, true)])
    func film(options: [String], frames: Int, repeats: Bool) throws {
        let ends = [model, "walk", "--from", "z:-2,0", "--to", "z:2,1", "--frames", "4"]
        try run(ends + ["--output", path("w.gif"), "--scale", "1"] + options)
        let film = try GIFReader(path: path("w.gif"))
        #expect(film.frames.count == frames && film.repeats == repeats)
        #expect(film.width == 4 && film.height == 3)
        #expect(film.frames[0].grays == (try SmallModel.decoded([-2, 0])).map(byte))
        #expect(film.frames[3].grays == (try SmallModel.decoded([2, 1])).map(byte))
        if frames == 6 { #expect(film.frames[4] == film.frames[2] && film.frames[5] == film.frames[1]) }
        try run(ends + ["--output", path("w.png")])
        let strip = try PixelImage(path: path("w.png"))
        #expect(strip.width == 16 && strip.height == 3)
        #expect(Array(strip.bytes[12..<16]) == Array(film.frames[3].grays[0..<4]))
    }

    @Test("A traversal shows images, their reconstructions, and each latent through its range, the most used first")
    func traverse() throws {
        try run([model, "traverse", "--data", images, "--tiles", "5", "--output", path("t.npy")])
        let (shape, numbers) = try readNPY(path("t.npy"))
        #expect(shape == [20, 3, 4])
        let files = [0, 3, 1, 4, 2].map { classFiles[$0] }
        let originals = try files.flatMap { try PixelImage(path: $0).bytes.map { Float($0) / 255 } }
        #expect(near(numbers[0..<60], originals))
        let posteriors = try files.map { try SmallModel.posterior(of: $0) }
        #expect(near(numbers[60..<120], try SmallModel.decoded(posteriors.flatMap(\.means))))
        let divergences = [0, 1].map { latent in
            posteriors.reduce(Float(0)) { sum, posterior in
                let (mean, log) = (posterior.means[latent], posterior.logVariances[latent])
                return sum + mean * mean + Float(exp(Double(log))) - log - 1
            }
        }
        let most = divergences[0] > divergences[1] ? 0 : 1
        let sorted = posteriors.map { $0.means[most] }.sorted()
        var first = posteriors[0].means
        first[most] = sorted[0] + 0.02 * (sorted[1] - sorted[0])
        #expect(near(numbers[120..<132], try SmallModel.decoded(first)))
        try run([model, "traverse", "--data", images, "--tiles", "5x1", "--output", path("t.png")])
        let sheet = try PixelImage(path: path("t.png"))
        #expect(sheet.width == 5 * 4 && sheet.height == 3 * 3)
    }

    @Test("A traversal of a decoder alone is a row for each latent in their order, around the prior's mean")
    func traverseOfDecoder() throws {
        let decoder = try SmallModel.write(try SmallModel.decoderAlone(), to: scratch.path)
        try run([decoder, "traverse", "--tiles", "3", "--output", path("t.npy")])
        let (shape, numbers) = try readNPY(path("t.npy"))
        #expect(shape == [6, 3, 4])
        let end: Float = 2.575_829_3
        #expect(near(numbers, try SmallModel.decoded([-end, 0, 0, 0, end, 0, 0, -end, 0, 0, 0, end])))
        try run([decoder, "traverse", "--output", path("t.png")])
        let sheet = try PixelImage(path: path("t.png"))
        #expect(sheet.width == 10 * 4 && sheet.height == 2 * 3)
    }

    @Test("A walk and a traversal begin where the answer that is asked for puts the images")
    func inference() throws {
        let end = ["--from", "#0", "--to", "#1", "--frames", "2", "--data", images]
        func first(_ method: String, _ arguments: [String], _ range: Range<Int>) throws -> [Float] {
            try run([model] + arguments + ["--inference", method, "--output", path("\(method).npy")])
            return Array(try readNPY(path("\(method).npy")).numbers[range])
        }
        for (arguments, range) in [(["walk"] + end, 0..<12), (["traverse", "--data", images], 60..<72)] {
            let answers = try InferenceMethod.allCases.map { try first($0.rawValue, arguments, range) }
            #expect(near(answers[0], try SmallModel.decoded(try SmallModel.posterior(of: classFiles[0]).means)))
            #expect(!near(answers[1], answers[0]))
            #expect(zip(answers[1], answers[2]).allSatisfy { abs($0 - $1) < 0.01 })
        }
        for kind in ["manifold", "point"] {
            let arguments = [kind, "--inference", "exact"] + (kind == "point" ? ["--z", "0,0"] : [])
            #expect(throws: (any Error).self) { try RenderCommand.parse(arguments) }
        }
    }

    @Test("Points are a sheet in PNG, and frames in GIF and NPY")
    func point() throws {
        let points = [model, "point", "--z", "-1,0.4", "--z", "2,1"]
        try run(points + ["--output", path("p.npy")])
        #expect(near(try readNPY(path("p.npy")).numbers, try SmallModel.decoded([-1, 0.4, 2, 1])))
        try run(points + ["--output", path("p.gif")])
        let film = try GIFReader(path: path("p.gif"))
        // The shorter side has 256 pixels or more.
        #expect(film.frames.count == 2 && film.height == 258 && film.width == 344)
        try run(points + ["--output", path("p.txt"), "--width", "4"])
        #expect(try String(contentsOfFile: path("p.txt"), encoding: .utf8).contains("\n\n"))
    }

    // MARK: As users type it

    @Test("Without a file the picture is all that is on standard output")
    func text() throws {
        let range = ["--latent-range", "-3,3"]
        let manifold = try CommandProcess(["render", model, "manifold", "--tiles", "4x3", "--width", "40"] + range)
        #expect(manifold.status == 0 && manifold.errors == "")
        // Ten columns a tile of 4×3 pixels, in cells twice as high as wide.
        #expect(manifold.output.split(separator: "\n", omittingEmptySubsequences: false).count == 3 * 4 + 1)
        #expect(manifold.output.split(separator: "\n").allSatisfy { $0.count <= 40 })
        let ascii = try CommandProcess([
            "render", model, "walk", "--from", "z:-2,0", "--to", "z:2,1", "--frames", "3", "--shading", "ascii",
        ])
        #expect(ascii.status == 0 && ascii.errors == "")
        #expect(!ascii.output.isEmpty && ascii.output.allSatisfy { $0.isASCII })
    }

    @Test("A file is named from ~ on where the shell leaves that to the program")
    func homeFolder() throws {
        let point = try CommandProcess(
            ["render", model, "point", "--z", "0,0", "--output=~/home.csv"], environment: ["HOME": scratch.path])
        #expect(point.status == 0 && point.errors == "")
        #expect(FileManager.default.fileExists(atPath: path("home.csv")))
    }

    @Test("Without a model the shipped one is drawn, with the sample that ships")
    func shipped() throws {
        let walk = try CommandProcess([
            "render", "walk", "--from", "3:2", "--to", "8:1", "--limit", "60", "--frames", "3", "--output",
            path("w.gif"),
        ])
        #expect(walk.status == 0 && walk.output == "" && walk.errors == "")
        let film = try GIFReader(path: path("w.gif"))
        #expect(film.frames.count == 3 && film.width == 280 && film.height == 280)
    }
}
