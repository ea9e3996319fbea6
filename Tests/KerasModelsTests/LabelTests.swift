import Importing
import JSON
import Testing
import VAE

@testable import KerasModels

@Suite("Inputs of Keras's models beside the point")
struct LabelTests {
    /// A decoder without weights that joins a point of two numbers and `extra`, four, to a picture of 8×12.
    private func model(labelName: String? = nil) throws -> ImportedModel {
        let config = try JSONValue(
            parsing: #"""
                {"class_name": "Functional", "config": {"name": "decoder", "layers": [
                 {"class_name": "InputLayer", "name": "z", "config": {"batch_shape": [null, 2]}, "inbound_nodes": []},
                 {"class_name": "InputLayer", "name": "extra", "config": {"batch_shape": [null, 4]}, "inbound_nodes": []},
                 {"class_name": "Concatenate", "name": "all", "config": {},
                  "inbound_nodes": [[["z", 0, 0, {}], ["extra", 0, 0, {}]]]},
                 {"class_name": "Reshape", "name": "map", "config": {"target_shape": [2, 3, 1]},
                  "inbound_nodes": [[["all", 0, 0, {}]]]},
                 {"class_name": "UpSampling2D", "name": "picture", "config": {"size": [4, 4]},
                  "inbound_nodes": [[["map", 0, 0, {}]]]}],
                 "input_layers": [["z", 0, 0], ["extra", 0, 0]], "output_layers": [["picture", 0, 0]]}}
                """#)
        var options = ImportOptions()
        options.labelName = labelName
        return try KerasModel.model(
            KerasSource(
                model: KerasConfigReader.model(config), layout: .flat([:]), version: "3.8.0", format: ""), options)
    }

    @Test("A vector is a condition under its own name, and a label where the user says so")
    func said() throws {
        let plain = try model().model.architecture
        #expect(plain.decoderRoles == [.latent, .condition] && plain.decoder.inputNames[1] == "extra")
        #expect(try model(labelName: "extra").model.architecture.decoderRoles[1] == .label(classes: 4, .oneHot))
    }
}
