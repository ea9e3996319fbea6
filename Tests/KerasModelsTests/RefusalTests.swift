import Foundation
import HDF5Files
import Importing
import JSON
import Testing

@testable import KerasModels

/// Models written down in the tests: what would be another picture is refused, by name.
@Suite("What Keras's files say that is not read")
struct RefusalTests {
    /// A layer of a configuration.
    ///
    /// - Parameters:
    ///   - reads: the layers whose values it is called with, in a list where they are several.
    ///   - more: what else the newer files say of it: `"registered_name": "mine>ReLU"`.
    private func layer(
        _ className: String, _ name: String, _ config: String = "", reads: [String], keywords: String = "",
        more: String = #""module": "keras.layers""#
    ) -> String {
        let values = reads.map {
            #"{"class_name": "__keras_tensor__", "config": {"keras_history": ["\#($0)", 0, 0]}}"#
        }.joined(separator: ",")
        return """
            {"class_name": "\(className)", "name": "\(name)", "config": {\(config)}, \(more), "inbound_nodes":
             [{"args": [\(reads.count > 1 ? "[\(values)]" : values)], "kwargs": {\(keywords)}}]}
            """
    }

    private func image(_ name: String, _ reads: String) -> [String] {
        [
            layer("Dense", name + "_d", #""units": 64"#, reads: [reads]),
            layer("Reshape", name, #""target_shape": [8, 8, 1]"#, reads: [name + "_d"]),
        ]
    }

    private func read(
        _ layers: [String], input: String = "[null, 2]", outputs: [String], tensors: [String: KerasTensor] = [:]
    ) throws -> ImportedModel {
        let first =
            #"{"class_name": "InputLayer", "name": "z", "config": {"batch_shape": \#(input)}, "inbound_nodes": []}"#
        let ends = outputs.map { #"["\#($0)", 0, 0]"# }.joined(separator: ",")
        let config = try JSONValue(
            parsing: """
                {"class_name": "Functional", "config": {"name": "m", "layers": [\(([first] + layers).joined(separator: ","))],
                 "input_layers": [["z", 0, 0]], "output_layers": [\(ends)]}}
                """)
        let source = KerasSource(
            model: try KerasConfigReader.model(config), layout: .flat(tensors), version: "3.0", format: "")
        return try KerasModel.model(source, ImportOptions())
    }

    /// Weights of dense layers.
    private func dense(_ sizes: [String: (Int, Int)]) -> [String: KerasTensor] {
        var tensors: [String: KerasTensor] = [:]
        for (name, (inputs, outputs)) in sizes {
            let values = (0..<inputs * outputs).map { Float($0 % 7) / 7 }
            tensors["\(name)/kernel"] = KerasTensor(shape: [inputs, outputs], values: values)
            tensors["\(name)/bias"] = KerasTensor(shape: [outputs], values: Array(repeating: 0, count: outputs))
        }
        return tensors
    }

    private func reason(_ body: () throws -> ImportedModel) -> String {
        do {
            _ = try body()
            return "it opened"
        } catch {
            return "\(error)"
        }
    }

    private func reason(after last: String, more tensors: [String: KerasTensor] = [:]) -> String {
        reason {
            try read(
                image("i", "z") + [last], outputs: ["a"],
                tensors: dense(["i_d": (2, 64)]).merging(tensors) { $1 })
        }
    }

    @Test("A setting that nobody reads, and one of another type, are refused by name")
    func settings() {
        func said(_ className: String, _ config: String) -> String {
            reason(after: layer(className, "a", config, reads: ["i"]))
        }
        #expect(said("ReLU", #""max_value": 1.0, "floor": 0.5"#).contains("its setting floor, 0.5, is not supported"))
        #expect(said("ReLU", #""max_value": 1.0, "floor": null, "trainable": true"#) == "it opened")
        #expect(said("UpSampling2D", #""interpolation": 2"#).contains("interpolation that cannot be read"))
        #expect(said("Masking", #""mask_value": 1.0"#).contains("mask_value"))
        #expect(said("Dense", #""units": 1, "use_bias": "no""#).contains("use_bias that cannot be read"))
        #expect(said("Resizing", #""height": 134217728, "width": 1"#).contains("makes an image of 134217728×1"))
    }

    @Test("An argument that nobody reads is refused by name")
    func arguments() {
        let rows = layer("Reshape", "r", #""target_shape": [8, 8]"#, reads: ["i"])
        func said(_ keywords: String) -> String {
            let attention = layer("Attention", "a", reads: ["r", "r"], keywords: keywords)
            return reason {
                try read(image("i", "z") + [rows, attention], outputs: ["a"], tensors: dense(["i_d": (2, 64)]))
            }
        }
        #expect(said("") == "it opened")
        #expect(said(#""use_causal_mask": false, "training": true"#) == "it opened")
        #expect(said(#""use_causal_mask": true"#).contains("called with use_causal_mask"))
        let batch = layer("BatchNormalization", "a", reads: ["i"], keywords: #""training": true"#)
        #expect(reason(after: batch).contains("called with training"))
    }

    @Test("Numbers become whole ones as their type says")
    func casts() throws {
        func said(_ type: String) -> String {
            reason(
                after: layer("Cast", "a", #""dtype": "\#(type)""#, reads: ["i"], more: #""module": "keras.src.ops""#))
        }
        #expect(said("uint8").contains("numbers of type uint8 are not supported"))
        #expect(said("float16") == "it opened")
        let model = try read(
            image("i", "z") + [layer("Cast", "a", #""dtype": "int32""#, reads: ["i"])], outputs: ["a"],
            tensors: dense(["i_d": (2, 64)]))
        let made = evaluate(model.model.architecture.decoder, model.model.tensors, [[3, 4]])[0]
        #expect(made.contains { $0 >= 1 } && made.allSatisfy { $0 == $0.rounded() })
    }

    @Test("A class of an author's own is not taken for Keras's of the same name")
    func classes() {
        for more in [
            #""module": null, "registered_name": "mine>ReLU""#, #""module": "my.layers", "registered_name": "ReLU""#,
        ] {
            #expect(reason(after: layer("ReLU", "a", reads: ["i"], more: more)).contains("ReLU a is not supported"))
        }
        for more in [
            #""module": "keras.layers", "registered_name": null"#,
            #""module": "keras.src.ops.nn", "registered_name": "ReLU""#, #""module": null"#,
        ] {
            #expect(reason(after: layer("ReLU", "a", reads: ["i"], more: more)) == "it opened")
        }
    }

    @Test("Two values of a decoder are not taken for a posterior, whatever reads them is called")
    func decoderMerges() {
        for className in ["UpsampleMerge", "LatentGate", "Sampling", "Lambda"] {
            let layers =
                image("i", "z") + image("j", "z") + [
                    layer(className, "a", reads: ["i", "j"], more: #""module": null"#)
                ]
            let vectors =
                ["e", "f"].map { layer("Dense", $0, #""units": 8"#, reads: ["z"]) }
                + [layer(className, "g", reads: ["e", "f"], more: #""module": null"#)] + image("i", "g")
            let tensors = dense(["i_d": (2, 64), "j_d": (2, 64)])
            let word = className == "Lambda" ? "Lambda a holds Python code" : "\(className) a is not supported"
            #expect(reason { try read(layers, outputs: ["a"], tensors: tensors) }.contains(word))
            let others = dense(["e": (2, 8), "f": (2, 8), "i_d": (8, 64)])
            let inner = className == "Lambda" ? "Lambda g holds Python code" : "\(className) g is not supported"
            #expect(reason { try read(vectors, outputs: ["i"], tensors: others) }.contains(inner))
        }
    }

    @Test("Between two heads of an encoder a sample is drawn, which is a guess where no name says so")
    func heads() throws {
        func model(_ className: String, _ names: [String], _ point: String) throws -> ImportedModel {
            let layers =
                names.map { layer("Dense", $0, #""units": 2"#, reads: ["z"]) }
                + [layer(className, point, reads: names, more: #""module": null"#)] + image("i", point)
            return try read(
                layers, input: "[null, 64]", outputs: ["i"],
                tensors: dense([names[0]: (64, 2), names[1]: (64, 2), "i_d": (2, 64)]))
        }
        let told = try model("Sampling", ["z_mean", "z_log_var"], "p")
        #expect(told.model.architecture.encoder != nil && told.model.architecture.latentSize == 2 && !told.isGuessed)
        let guessed = try model("Lambda", ["dense_1", "dense_2"], "lambda")
        #expect(guessed.model.architecture.latentSize == 2)
        #expect(guessed.findings.contains { $0.subject == "the latents" && $0.certainty == .guessed })
        #expect(try model("Lambda", ["mu", "logvar"], "lambda").findings.allSatisfy { $0.certainty != .guessed })
    }

    @Test("Only what is called a divergence and has no weights is passed over, as a guess")
    func divergences() throws {
        func said(_ className: String, _ tensors: [String: KerasTensor] = [:]) -> String {
            reason(after: layer(className, "a", reads: ["i"], more: #""module": null"#), more: tensors)
        }
        #expect(said("KLinear").contains("KLinear a is not supported"))
        #expect(said("KLDivergenceLayer", ["a/scale": KerasTensor(shape: [1], values: [2])]).contains("not supported"))
        let model = try read(
            image("i", "z") + [layer("KLDivergenceLayer", "a", reads: ["i"], more: #""module": null"#)], outputs: ["a"],
            tensors: dense(["i_d": (2, 64)]))
        #expect(model.findings.contains { $0.subject == "KLDivergenceLayer a" && $0.certainty == .guessed })
    }

    @Test("Settings that the weights contradict are refused")
    func contradictions() {
        func said(_ config: String) -> String {
            reason(after: layer("Dense", "a", config, reads: ["i"]), more: dense(["a": (1, 3)]))
        }
        #expect(said(#""units": 3"#) == "it opened")
        #expect(said(#""units": 4"#).contains("has units 4, but weights for 3"))
        #expect(said(#""units": -3"#).contains("has units -3, but weights for 3"))
        #expect(said(#""units": 3, "use_bias": false"#).contains("says that it has no bias, but the file has one"))
    }

    @Test("A point of an impossible size is not one of any size")
    func inputs() {
        for size in ["1099511627776", "-3"] {
            let said = reason {
                try read(image("i", "z"), input: "[null, \(size)]", outputs: ["i"], tensors: dense(["i_d": (2, 64)]))
            }
            #expect(said.contains("the input z has the shape [null,\(size)]"))
        }
    }
}
