import Datasets
import Inference
import Latent
import Testing
import VAE

@testable import latentwalk

@Suite("Whose answer the commands ask for, and as which class")
struct InferenceOptionsTests {
    private let scratch: Scratch
    private let model: String
    private let images: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(try SmallModel.conditional(), to: scratch.path)
        images = try SmallModel.writeImages(to: scratch.path)
    }

    /// The codes of some images, `[count, latents]`.
    private func codes(_ images: [String], _ options: String...) throws -> [Float] {
        let output = "\(scratch.path)/codes.npy"
        try EncodeCommand.parse([model] + images + options + ["--output", output]).run()
        let array = try readNPY(output)
        return (0..<array.shape[0]).flatMap { array.numbers[$0 * 4..<$0 * 4 + 2] }
    }

    @Test("Images are asked for their own classes, by every answer", arguments: InferenceMethod.allCases)
    func own(method: InferenceMethod) throws {
        let own = try codes([images], "--inference", method.rawValue)
        let first = try codes([images], "--inference", method.rawValue, "--class", "0")
        let second = try codes([images], "--inference", method.rawValue, "--class", "1")
        let labels = try labels()
        #expect(own.count == 10 && labels.count(where: { $0 == 0 }) == 3)
        for (index, value) in own.enumerated() {
            #expect(abs(value - (labels[index / 2] == 0 ? first : second)[index]) < 1e-4)
        }
        #expect(zip(first, second).allSatisfy { abs($0 - $1) > 1e-3 })
    }

    /// The images' labels in their order, in which classes take turns.
    private func labels() throws -> [Int] {
        let dataset = try DatasetLibrary.current.load(images, DatasetRequest())
        return (0..<dataset.count).compactMap(dataset.label)
    }

    @Test("Pictures without labels want --class, and say so")
    func unlabelled() throws {
        let picture = "\(images)/cat/0.png"
        #expect {
            try codes([picture])
        } throws: {
            ($0 as? any CommandError)?.exit == .usage && "\($0)".contains("--class")
        }
        #expect(try codes([picture], "--class", "1").count == 2)
    }

    @Test("More classes in the data than the model has are told in one sentence, unless one is named")
    func outside() throws {
        for extra in ["eel", "fox"] { try SmallModel.writeImage(of: extra, to: images) }
        #expect(throws: EvaluationError.labelOutside(2, classes: 2)) { try codes([images]) }
        #expect(throws: EvaluationError.labelOutside(2, classes: 2)) {
            try EvaluateCommand.parse([model, "--data", images]).run()
        }
        #expect(try codes([images], "--class", "0").count == 14)
    }

    @Test("A walk leads from class to class at the same point, evenly")
    func walk() throws {
        func frames(_ options: String...) throws -> [Float] {
            let output = "\(scratch.path)/walk.npy"
            try RenderCommand.parse([model] + options + ["--output", output]).run()
            return try readNPY(output).numbers
        }
        let walk = try frames("walk", "--from", "z:0.2,1@0", "--to", "z:0.2,1@1", "--frames", "3")
        let first = try frames("point", "--z", "0.2,1")
        let second = try frames("point", "--z", "0.2,1", "--class", "1")
        #expect(walk.count == 36 && Array(walk[..<12]) == first && Array(walk[24...]) == second && first != second)
        let middle = Array(walk[12..<24])
        #expect(middle != first && middle != second)
        #expect(throws: RenderError.geodesicBetweenClasses) {
            try frames("walk", "--from", "z:0,1@0", "--to", "z:1,1@1", "--path", "geodesic")
        }
        #expect(throws: RenderError.noModelClass("--to", "2", 2)) {
            try frames("walk", "--from", "z:0,1", "--to", "z:1,1@2")
        }
    }

    @Test("A walk's end that is an image is of the image's class")
    func imageEnds() throws {
        let output = "\(scratch.path)/walk.npy"
        let ends = ["--from", "cat:0", "--to", "dog: big:1", "--frames", "2"]
        try RenderCommand.parse([model, "walk", "--data", images] + ends + ["--output", output]).run()
        let values = try readNPY(output).numbers
        let (codes, labels) = (try codes([images]), try labels())
        let cat = try #require(labels.firstIndex(of: 0))
        let dog = try #require(labels.lastIndex(of: 1))
        let decoder = Decoder(try SmallModel.conditional(), pool: .init(threads: 1))
        let expected = decoder.decode(
            Array(codes[2 * cat..<2 * cat + 2]) + codes[2 * dog..<2 * dog + 2], labels: [ClassMix(0), ClassMix(1)],
            count: 2)
        #expect(zip(values, expected).allSatisfy { abs($0 - min(1, max(0, $1))) < 1e-4 })
    }
}
