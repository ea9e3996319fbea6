import JSON
import Neural
import Testing
import VAE

@testable import Checkpoints

@Suite("Architecture as JSON")
struct ArchitectureJSONTests {
    /// An architecture up to the decoder's first layers, which give one feature.
    private static let start =
        #"{"version":1,"input":[1,4,4],"latent":2,"likelihood":"bernoulli","encoder":["#
        + #"{"type":"Flatten"},{"type":"Linear","in_features":16,"out_features":4}],"decoder":["#
    private static let end =
        #",{"type":"Flatten"},{"type":"Linear","in_features":1,"out_features":16},"#
        + #"{"type":"Unflatten","dim":1,"unflattened_size":[1,4,4]},{"type":"Sigmoid"}]}"#

    private static let wholeNumber = "must be a whole number from 0 to 268435456"
    private static let extent = "\(wholeNumber), or a list of two (height, width)"

    private func problem(_ json: String) throws -> ArchitectureProblem? {
        let value = try JSONValue(parsing: json)
        return #expect(throws: ArchitectureProblem.self) { try Architecture(json: value) }
    }

    @Test("Every kind of layer is written as it is read")
    func roundTrip() throws {
        let architecture = try Architecture(
            input: Shape([3, 9, 8]), latentSize: 2, likelihood: .gaussian(),
            encoder: [
                .convolution(
                    Convolution(
                        inputs: 3, outputs: 4, kernel: Extent(3, 2), stride: Extent(2, 1), padding: Extent(1, 0),
                        bias: false)),
                .batchNormalization(BatchNormalization(channels: 4, epsilon: 1e-3, momentum: 0.3)),
                .activation(.leakyReLU(slope: 0.2)),
                .maxPooling(Pooling(kernel: Extent(2), stride: Extent(1), padding: Extent(1))),
                .averagePooling(Pooling(kernel: Extent(2, 3))), .activation(.silu), .flatten,
                .linear(inputs: 24, outputs: 4, bias: false), .batchNormalization(BatchNormalization(channels: 4)),
                .activation(.tanh),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 24, bias: true), .activation(.relu), .unflatten(Shape([4, 3, 2])),
                .transposedConvolution(
                    TransposedConvolution(
                        inputs: 4, outputs: 3, kernel: Extent(3, 2), stride: Extent(2), padding: Extent(1, 0),
                        outputPadding: Extent(0, 1))),
                .activation(.softplus), .upsampling(Extent(2, 3)),
                .convolution(Convolution(inputs: 3, outputs: 3, kernel: Extent(2, 8))), .activation(.sigmoid),
            ])
        let text = architecture.json.compactText
        #expect(try Architecture(json: JSONValue(parsing: text)) == architecture)
    }

    @Test(
        "The likelihood is written as it is read, with its variance where that is not 1",
        arguments: [
            (Likelihood.bernoulli, #""likelihood":"bernoulli","encoder""#),
            (.gaussian(), #""likelihood":"gaussian","encoder""#),
            (.gaussian(.fixed(0.1)), #""likelihood":"gaussian","variance":0.1,"encoder""#),
            (.gaussian(.learned), #""likelihood":"gaussian","variance":"learned","encoder""#),
        ])
    func likelihoods(likelihood: Likelihood, json: String) throws {
        let architecture = try Architecture(
            input: Shape([1, 1, 2]), latentSize: 1, likelihood: likelihood,
            encoder: [.flatten, .linear(inputs: 2, outputs: 2, bias: true)],
            decoder: [.linear(inputs: 1, outputs: 2, bias: true), .unflatten(Shape([1, 1, 2])), .activation(.sigmoid)])
        let text = architecture.json.compactText
        #expect(text.contains(json), "\(text)")
        #expect(try Architecture(json: JSONValue(parsing: text)) == architecture)
        #expect(architecture.parameters.contains { $0.name == Likelihood.logVarianceName } == text.contains("learned"))
    }

    @Test("The JSON is PyTorch's constructors")
    func text() throws {
        let architecture = try Fixture.model().architecture
        #expect(
            architecture.json.compactText
                == #"{"version":1,"input":[1,2,2],"latent":2,"likelihood":"gaussian","encoder":["#
                + #"{"type":"BatchNorm2d","num_features":1,"eps":1e-05,"momentum":0.1},{"type":"Flatten","start_dim":1},"#
                + #"{"type":"Linear","in_features":4,"out_features":4,"bias":true}],"decoder":["#
                + #"{"type":"Linear","in_features":2,"out_features":4,"bias":false},"#
                + #"{"type":"Unflatten","dim":1,"unflattened_size":[1,2,2]}]}"#)
    }

    @Test("Keywords that mean nothing else than our layers do are accepted")
    func accepted() throws {
        let layers = [
            #"{"type":"Linear","in_features":2,"out_features":1}"#,
            #"{"type":"ReLU","inplace":true}"#, #"{"type":"Softplus","beta":1.0,"threshold":20}"#,
            #"{"type":"Unflatten","dim":1,"unflattened_size":[1,1,1]}"#,
            #"{"type":"Conv2d","in_channels":1,"out_channels":1,"kernel_size":1,"dilation":[1,1],"groups":1}"#,
            #"{"type":"Conv2d","in_channels":1,"out_channels":1,"kernel_size":1,"padding_mode":"zeros"}"#,
            #"{"type":"MaxPool2d","kernel_size":[1,1],"stride":null,"ceil_mode":false,"dilation":1}"#,
            #"{"type":"AvgPool2d","kernel_size":1,"count_include_pad":true,"divisor_override":null}"#,
            #"{"type":"Upsample","size":null,"scale_factor":1.0,"mode":"nearest","align_corners":null}"#,
        ]
        let json = Self.start + layers.joined(separator: ",") + Self.end
        let architecture = try Architecture(json: JSONValue(parsing: json))
        #expect(architecture.decoder.nodes.count == 13)
        #expect(architecture.decoder.nodes[6].operation == .maxPooling(Pooling(kernel: Extent(1))))
    }

    @Test(
        "What is wrong with a layer is said of that layer",
        arguments: [
            (#"{"type":"Conv3d"}"#, "layer decoder.0 is of the unknown type Conv3d"),
            (#"{"kernel_size":1}"#, "layer decoder.0 has no type"),
            (#"{"type":1}"#, "type of layer decoder.0 must be a string, but is a number"),
            ("3", "layer of decoder.0 must be an object with a type, but is a number"),
            (#"{"type":"Conv2d","in_channels":1,"out_channels":1}"#, "layer decoder.0 (Conv2d) has no kernel_size"),
            (#"{"type":"Sigmoid","dim":1}"#, "layer decoder.0 (Sigmoid) has the unknown key dim"),
            (
                #"{"type":"Conv2d","in_channels":2,"out_channels":2,"kernel_size":1,"padding_mode":"wrap"}"#,
                #"padding_mode of layer decoder.0 (Conv2d) must be one of zeros, reflect, replicate, circular, "#
                    + #"but is "wrap""#
            ),
            (
                #"{"type":"ConvTranspose2d","in_channels":2,"out_channels":2,"kernel_size":1,"padding_mode":"reflect"}"#,
                #"padding_mode of layer decoder.0 (ConvTranspose2d) is "reflect", and only "zeros" is supported"#
            ),
            (
                #"{"type":"MaxPool2d","kernel_size":2,"return_indices":true}"#,
                "return_indices of layer decoder.0 (MaxPool2d) is true, and only false is supported"
            ),
            (
                #"{"type":"AvgPool2d","kernel_size":2,"divisor_override":3}"#,
                "divisor_override of layer decoder.0 (AvgPool2d) is 3, and only null is supported"
            ),
            (
                #"{"type":"Upsample","scale_factor":2,"mode":"area"}"#,
                #"mode of layer decoder.0 (Upsample) must be one of nearest, bilinear, bicubic, but is "area""#
            ),
            (
                #"{"type":"Upsample","scale_factor":0}"#,
                "scale_factor of layer decoder.0 (Upsample) must be a number above 0, or a list of two (height, width),"
                    + " but is 0"
            ),
            (
                #"{"type":"Conv2d","in_channels":1,"out_channels":1,"kernel_size":[1,2,3]}"#,
                "kernel_size of layer decoder.0 (Conv2d) \(extent), but is [1,2,3]"
            ),
            (
                #"{"type":"Conv2d","in_channels":1,"out_channels":1,"kernel_size":1,"padding":"full"}"#,
                #"padding of layer decoder.0 (Conv2d) \#(extent), or "same" or "valid", but is "full""#
            ),
            (
                #"{"type":"Linear","in_features":-2,"out_features":2}"#,
                "in_features of layer decoder.0 (Linear) \(wholeNumber), but is -2"
            ),
            (
                #"{"type":"Linear","in_features":2,"out_features":2,"bias":1}"#,
                "bias of layer decoder.0 (Linear) must be true or false, but is 1"
            ),
            (
                #"{"type":"BatchNorm2d","num_features":2,"momentum":null}"#,
                "momentum of layer decoder.0 (BatchNorm2d) must be a number, but is null"
            ),
            (
                #"{"type":"BatchNorm1d","num_features":2,"track_running_stats":false}"#,
                "track_running_stats of layer decoder.0 (BatchNorm1d) is false, and only true is supported"
            ),
            (
                #"{"type":"LeakyReLU","negative_slope":1e300}"#,
                "negative_slope of layer decoder.0 (LeakyReLU) must be a number, but is 1e+300"
            ),
            (
                #"{"type":"Flatten","start_dim":2}"#,
                "start_dim of layer decoder.0 (Flatten) is 2, and only 1 is supported"
            ),
            (#"{"type":"Unflatten","unflattened_size":[1,1]}"#, "layer decoder.0 (Unflatten) has no dim"),
            (
                #"{"type":"Unflatten","dim":1,"unflattened_size":[1,0]}"#,
                "unflattened_size of layer decoder.0 (Unflatten) must be one to 6 whole numbers from 1,"
                    + " of not too many elements, but is [1,0]"
            ),
            (
                #"{"type":"Linear","in_features":3,"out_features":2}"#,
                "layer decoder.0: Linear takes 3 features, but is given 2"
            ),
            (
                #"{"type":"BatchNorm2d","num_features":2},{"type":"Linear","in_features":2,"out_features":1}"#,
                "layer decoder.0: BatchNorm2d takes channels × height × width, but is given 2"
            ),
        ])
    func layer(json: String, sentence: String) throws {
        #expect(try problem(Self.start + json + Self.end)?.description == sentence)
    }

    @Test(
        "What is wrong with the whole is said",
        arguments: [
            ("\"version\":1", "\"version\":3", "it has version 3, and this program knows versions 1 and 2"),
            ("\"version\":1", "\"version\":0", "version of the architecture is 0, and only 1 or 2 is supported"),
            ("\"version\":1,", "", "the architecture has no version"),
            (
                "\"latent\":2", "\"latent\":2.5",
                "latent of the architecture \(wholeNumber), but is 2.5"
            ),
            ("\"latent\":2", "\"latent\":3", "layer decoder.0: Linear takes 2 features, but is given 3"),
            ("\"latent\":2", "\"latent\":2,\"more\":1", "the architecture has the unknown key more"),
            ("bernoulli", "poisson", "the likelihood poisson is unknown; bernoulli and gaussian are known"),
            (
                "\"bernoulli\"", "\"gaussian\",\"variance\":-1",
                "variance of the architecture must be a number above 0, or \"learned\", but is -1"
            ),
            ("\"bernoulli\"", "\"bernoulli\",\"variance\":1", "the architecture has the unknown key variance"),
            ("[1,4,4]", "[4,4]", "the input must be channels × height × width, but is 4×4"),
            (
                "[1,4,4]", "[1,-4,4]",
                "input of the architecture must be a list of whole numbers from 0 to 268435456, but is [1,-4,4]"
            ),
            ("[{\"type\":\"Flatten\"},", "[4,", "layer of encoder.0 must be an object with a type, but is a number"),
        ])
    func whole(from: String, to: String, sentence: String) throws {
        let json = Self.start + #"{"type":"Linear","in_features":2,"out_features":1}"# + Self.end
        #expect(try problem(String(json.replacing(from, with: to, maxReplacements: 1)))?.description == sentence)
    }

    @Test("Numbers that would overflow are refused before anything is computed with them")
    func overflow() throws {
        for value in ["9223372036854775807", "4611686018427387904", "1e18", "268435457"] {
            let json =
                #"{"type":"ConvTranspose2d","in_channels":1,"out_channels":1,"kernel_size":1,"padding":\#(value)}"#
            #expect(try problem(Self.start + json + Self.end) != nil)
        }
        for key in ["kernel_size", "stride", "padding", "output_padding", "in_channels", "out_channels"] {
            var keys = ["in_channels": 1, "out_channels": 1, "kernel_size": 1]
            keys[key] = 1 << 28
            let members = keys.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
            let unflatten =
                #"{"type":"Linear","in_features":2,"out_features":4},"#
                + #"{"type":"Unflatten","dim":1,"unflattened_size":[1,2,2]}"#
            for type in ["ConvTranspose2d", "Conv2d"] {
                #expect(try problem(Self.start + unflatten + #",{"type":"\#(type)",\#(members)}"# + Self.end) != nil)
            }
        }
    }

    @Test("Too many layers are refused")
    func tooMany() throws {
        let layers = [String](repeating: #"{"type":"ReLU"}"#, count: 1000).joined(separator: ",")
        #expect(try problem(Self.start + layers + Self.end) == .tooManyLayers("decoder", 1004))
    }
}
