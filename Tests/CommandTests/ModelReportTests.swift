import Checkpoints
import Foundation
import JSON
import Neural
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk inspect")
struct ModelReportTests {
    /// The report of a small model, written to a file that is removed afterwards.
    ///
    /// - Parameter damaged: the tensor that gets two values that are not finite.
    private func report(damaged: String? = nil) throws -> ModelReport {
        let architecture = try Architecture(
            input: Shape([1, 4, 4]), latentSize: 2, likelihood: .gaussian(),
            encoder: [
                .convolution(
                    Convolution(inputs: 1, outputs: 3, kernel: Extent(3), stride: Extent(2), padding: Extent(1))),
                .batchNormalization(BatchNormalization(channels: 3)), .activation(.leakyReLU(slope: 0.2)), .flatten,
                .linear(inputs: 12, outputs: 4, bias: false),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 4, bias: true), .unflatten(Shape([1, 2, 2])), .upsampling(Extent(2)),
            ])
        var tensors: [String: Tensor] = [:]
        for parameter in architecture.parameters {
            var values = [Float](repeating: 1, count: parameter.count)
            if parameter.name == damaged { values.replaceSubrange(0..<2, with: [.nan, .infinity]) }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        let provenance = Provenance(
            dataset: "m\u{1B}[31mnist", recipe: "small", settings: ["epochs": "3"],
            evaluation: EvaluationFigures(data: "mnist test", images: 10000, reconstruction: 131.204, kl: 6.3))
        let url = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try Checkpoint.write(Model(architecture: architecture, tensors: tensors, provenance: provenance), to: url.path)
        return try ModelReport(path: url.path, ModelOptions.parse([]).contents(url.path))
    }

    @Test("Tensors with values that are not finite are named, with how many; of others nothing is said")
    func notFinite() throws {
        let damaged = try report(damaged: "decoder.0.weight")
        #expect(damaged.text.contains("\n  decoder.0.weight: 2 values\n"))
        #expect(damaged.json.object?["values_not_finite"]?.object?["decoder.0.weight"]?.integer == 2)
        let sound = try report()
        #expect(!sound.text.contains("not finite"))
        #expect(sound.json.object?["values_not_finite"]?.object?.members.isEmpty == true)
    }

    @Test("The text has aligned columns of layers and tensors, totals, and where the model comes from")
    func text() throws {
        let report = try report()
        let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        #expect(
            lines.joined(separator: "\n") == """
                images      1×4×4
                latents     2
                likelihood  gaussian, variance 1
                parameters  96: encoder 84, decoder 12

                   encoder                               output  parameters
                0  Conv2d(1, 3, 3, stride=2, padding=1)  3×2×2           30
                1  BatchNorm2d(3)                        3×2×2            6
                2  LeakyReLU(negative_slope=0.2)         3×2×2
                3  Flatten                               12
                4  Linear(12, 4, bias=False)             4               48

                   decoder                   output  parameters
                0  Linear(2, 4)              4               12
                1  Unflatten(1, (1, 2, 2))   1×2×2
                2  Upsample(scale_factor=2)  1×4×4

                tensor                  type  shape    bytes
                encoder.0.weight        F32   3×1×3×3    108
                encoder.0.bias          F32   3           12
                encoder.1.weight        F32   3           12
                encoder.1.bias          F32   3           12
                encoder.1.running_mean  F32   3           12
                encoder.1.running_var   F32   3           12
                encoder.4.weight        F32   4×12       192
                decoder.0.weight        F32   4×2         32
                decoder.0.bias          F32   4           16

                data set        m[31mnist
                recipe          small
                epochs          3
                evaluated on    mnist test, 10,000 images
                −ELBO           137.50 nats an image
                reconstruction  131.20 nats
                KL              6.30 nats

                """)
    }

    @Test("The JSON says the same in numbers, and reads back")
    func json() throws {
        let json = try JSONValue(parsing: report().json.indentedText)
        #expect(json.object?["parameters"]?.integer == 96)
        #expect(json.object?["encoder"]?.array?.count == 5)
        #expect(
            json.object?["decoder"]?.array?.last?.object?["output"] == .array([.integer(1), .integer(4), .integer(4)]))
        #expect(json.object?["tensors"]?.array?.first?.object?["dtype"]?.string == "F32")
        #expect(json.object?["provenance"]?.object?["recipe"]?.string == "small")
        #expect(json.object?["negative_elbo"]?.number == 131.204 + 6.3)
    }

    @Test("Errors have the exit codes of sysexits.h")
    func exitCodes() {
        #expect(CheckpointError.invalid(path: "x", .empty).exit == .dataError)
        #expect(CheckpointError.file(.notFound(path: "x")).exit == .noInput)
        #expect(CheckpointError.file(.cannotCreate(path: "x", reason: "no")).exit == .cannotCreate)
        #expect(InstallationError.notFound(near: nil).exit == .noInput)
    }
}
