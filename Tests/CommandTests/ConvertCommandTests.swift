import Checkpoints
import Foundation
import Importing
import ModelFiles
import Neural
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk convert")
struct ConvertCommandTests {
    @Test("A model of our own comes out as it went in: likelihood, provenance, values")
    func native() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(try SmallModel.model(dataset: "mnist"), to: scratch.path)
        let copy = "\(scratch.path)/copy.safetensors"
        try ConvertCommand.parse([model, copy]).run()
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: URL(filePath: model)))
    }

    @Test("The decoder as ONNX, and the encoder, decode and encode the same when they are opened")
    func onnx() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(to: scratch.path)
        let (decoder, encoder) = ("\(scratch.path)/decoder.onnx", "\(scratch.path)/encoder.onnx")
        try ConvertCommand.parse([model, decoder]).run()
        try ConvertCommand.parse([model, encoder, "--part", "encoder"]).run()
        let read = try ModelFile.read(decoder, ModelRequest(encoder: encoder))
        let pool = WorkerPool(threads: 1)
        let points: [Float] = [-1, 0.4, 2, 1]
        let images = try SmallModel.decoded(points)
        let found = Decoder(read, pool: pool).decode(points, count: 2)
        #expect(zip(found, images).allSatisfy { abs($0 - $1) < 1e-5 })
        let codes = try Encoder(SmallModel.model(), pool: pool).encode(images, count: 2)
        let others = try Encoder(read, pool: pool).encode(images, count: 2)
        #expect(
            zip(codes.means + codes.logVariances, others.means + others.logVariances).allSatisfy { abs($0 - $1) < 1e-5 }
        )
    }

    @Test("A conditional model keeps its classes in both formats")
    func conditional() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(try SmallModel.conditional(), to: scratch.path)
        for name in ["copy.safetensors", "encoder.onnx"] {
            let output = "\(scratch.path)/\(name)"
            try ConvertCommand.parse([model, output] + (name.hasSuffix("onnx") ? ["--part", "encoder"] : [])).run()
            let request =
                name.hasSuffix("onnx") ? ModelRequest(decoder: "\(scratch.path)/decoder.onnx") : ModelRequest()
            try ConvertCommand.parse([model, "\(scratch.path)/decoder.onnx"]).run()
            #expect(try ModelFile.read(output, request).architecture.classCount == 2)
        }
    }

    @Test("What was guessed of a model is kept in the file that it becomes, and in the next one")
    func guesses() throws {
        let scratch = try Scratch()
        let origin = ModelOrigin(
            format: "PyTorch state dict",
            findings: [
                Finding("decoder.3", "stride 2", .guessed),
                Finding("the mean", "first", .tried(best: 0.75, runnerUp: 0.5)),
                Finding("latents", "2", .known),
            ])
        let first = "\(scratch.path)/first.safetensors"
        try Checkpoint.write(SmallModel.model(), origin: origin, to: first)
        let second = "\(scratch.path)/second.safetensors"
        let run = try CommandProcess(["convert", first, second])
        #expect(run.status == 0 && run.output.isEmpty)
        #expect(run.errors.contains("converted with guesses") && run.errors.contains("decoder.3: stride 2"))
        let contents = try ModelFile.contents(of: second)
        #expect(contents.origin == origin)
        #expect(contents.guessed == "decoder.3: stride 2")
        #expect(contents.remarks == ["converted from: PyTorch state dict"])
        let decoder = "\(scratch.path)/decoder.onnx"
        try ConvertCommand.parse([second, decoder]).run()
        #expect(try ModelFile.contents(of: decoder).guessed?.contains("decoder.3: stride 2") == true)
    }

    @Test(
        "What cannot be asked for is refused by its name",
        arguments: [
            (["a.pth", "b.txt"], ".safetensors or .onnx"), (["a.pth", "b.safetensors", "--part", "decoder"], "--part"),
            (["a.pth", "b.onnx", "--class", "1"], "--class"),
        ])
    func refusals(_ arguments: [String], _ word: String) {
        #expect {
            try ConvertCommand.parse(arguments)
        } throws: { error in
            ConvertCommand.message(for: error).contains(word) && ConvertCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test("An encoder that is not there is a usage error, and a folder that is not there one of creation")
    func exits() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(try SmallModel.decoderAlone(), to: scratch.path)
        #expect(try CommandProcess(["convert", model, "\(scratch.path)/e.onnx", "--part", "encoder"]).status == 64)
        #expect(try CommandProcess(["convert", model, "\(scratch.path)/no/e.onnx"]).status == 73)
        #expect(try CommandProcess(["convert", "\(scratch.path)/none.pth", "\(scratch.path)/e.onnx"]).status == 66)
    }
}
