import JSON
import Neural
import Testing
import VAE

@testable import Checkpoints

@Suite("Graphs as JSON")
struct GraphJSONTests {
    /// A decoder of one latent that makes 1×1×2 pixels, with its inputs and layers put in.
    private func problem(inputs: String, layers: String, more: String = "") -> String? {
        let json = """
            {"version":2,"image":[1,1,2],"latent":1,\(more)"decoder":{"inputs":[\(inputs)],"layers":[\(layers)]}}
            """
        do {
            _ = try Architecture(json: JSONValue(parsing: json))
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static let point = #"{"name":"z","role":"latent"}"#
    private static let layers =
        #"{"name":"a","type":"Linear","in_features":1,"out_features":2},"#
        + #"{"name":"b","type":"Unflatten","dim":1,"unflattened_size":[1,1,2]}"#

    @Test("A sound graph is read")
    func sound() { #expect(problem(inputs: Self.point, layers: Self.layers) == nil) }

    @Test(
        "What is wrong with inputs is said",
        arguments: [
            ("", "inputs of the decoder must be a list of inputs"),
            (#"{"name":"z","role":"image"}"#, "role of input 0 of the decoder must be"),
            (#"{"name":"","role":"latent"}"#, "name of input 0 of the decoder must be a text"),
            (#"{"name":"\u001b[31m","role":"latent"}"#, "name of input 0 of the decoder must be a text"),
            (#"{"name":"z","role":"latent"},{"name":"z","role":"noise","shape":[1]}"#, "two inputs called z"),
            (
                #"{"name":"y","role":"noise","shape":[1]},{"name":"z","role":"latent"}"#,
                "first input must be the latent"
            ),
            (#"{"name":"z","role":"latent"},{"name":"k","role":"label","classes":0}"#, "at least one class"),
            (#"{"name":"z","role":"latent"},{"name":"k","role":"label","classes":3,"coding":5}"#, "one_hot or index"),
            (
                #"{"name":"z","role":"latent"},{"name":"c","role":"condition","shape":[2]},"#
                    + #"{"name":"d","role":"condition","shape":[3]}"#, "one condition"
            ),
        ])
    func inputs(inputs: String, sentence: String) {
        #expect(problem(inputs: inputs, layers: Self.layers)?.contains(sentence) == true)
    }

    @Test(
        "What is wrong with layers is said",
        arguments: [
            (#"{"name":5,"type":"ReLU"}"#, "name of layer 0 of the decoder must be a text"),
            (#"{"name":"z","type":"ReLU"}"#, "the name z occurs twice"),
            (#"{"name":"a","type":"ReLU"},{"name":"a","type":"ReLU"}"#, "the name a occurs twice"),
            (#"{"name":"a","type":"ReLU","inputs":["b"]},{"name":"b","type":"ReLU"}"#, "reads b, which is no input"),
            (#"{"name":"a","type":"ReLU","inputs":"z"}"#, "inputs of layer decoder.a must be a list of names"),
            (#"{"type":"pad","pad":[-9223372036854775808,0]}"#, "pad of layer decoder.0 (pad) must be"),
            (#"{"type":"flip","dims":[-9223372036854775808]}"#, "dims of layer decoder.0 (flip) must be"),
            (#"{"type":"narrow","dim":1,"start":-9223372036854775808,"length":1}"#, "start of layer decoder.0"),
            ("", "should end in 1×1×2"),
        ])
    func layers(layers: String, sentence: String) {
        #expect(problem(inputs: Self.point, layers: layers)?.contains(sentence) == true)
    }

    @Test(
        "What is wrong with the whole is said",
        arguments: [
            (#""pixel_range":[0,"a",1],"#, "pixel_range of the architecture must be"),
            (#""pixel_range":[1,0],"#, "a lower end below its upper one"),
            (#""second_head":"sigma","#, "second_head says something of an encoder"),
            (#""likelihood":"bernoulli","#, "must end in a Sigmoid"),
        ])
    func whole(more: String, sentence: String) {
        #expect(problem(inputs: Self.point, layers: Self.layers, more: more)?.contains(sentence) == true)
    }

    @Test("Values that no memory holds are refused")
    func room() throws {
        let doubled = (0..<40).map { #"{"name":"r\#($0)","type":"ReLU"}"# }.joined(separator: ",")
        let layers =
            #"{"type":"Unflatten","dim":1,"unflattened_size":[1,1,1]},{"type":"tile","dims":[1,1,8000,8000]},"#
            + doubled
        let json = """
            {"version":2,"image":[1,8000,8000],"latent":1,"decoder":[\(layers.replacing(/"name":"r[0-9]+",/, with: ""))]}
            """
        #expect {
            try Architecture(json: JSONValue(parsing: json))
        } throws: { error in
            "\(error)".contains("at most 512 pixels") || "\(error)".contains("values of one sample")
        }
    }
}
