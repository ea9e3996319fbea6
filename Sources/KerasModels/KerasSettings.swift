import Importing
import JSON

/// A layer's settings, with the layer's name in what is said of wrong ones.
struct KerasSettings {
    let layer: KerasLayer
    private var config: JSONObject { layer.config }

    init(_ layer: KerasLayer) { self.layer = layer }

    subscript(name: String) -> JSONValue? {
        let value = config[name]
        return value == .null ? nil : value
    }

    func flag(_ name: String, _ standard: Bool) -> Bool { self[name]?.boolean ?? standard }

    func text(_ name: String, _ standard: String) -> String { self[name]?.string ?? standard }

    func number(_ name: String, _ standard: Float) throws(ImportProblem) -> Float {
        guard let value = self[name] else { return standard }
        // Arrays of one number are written as such by some versions.
        guard
            let number = value.number ?? value.array?.first?.number ?? value.object?["config"]?.object?["value"]?.number
        else { throw wrong(name) }
        guard Float(number).isFinite else { throw wrong(name) }
        return Float(number)
    }

    /// A whole number within what layers take.
    func integer(_ name: String, _ standard: Int? = nil) throws(ImportProblem) -> Int {
        guard let value = self[name] else {
            guard let standard else { throw problem("has no \(name)") }
            return standard
        }
        guard let integer = KerasSettings.whole(value) else { throw wrong(name) }
        return integer
    }

    /// A number for both sides, or one each for height and width.
    func pair(_ name: String, _ standard: Int? = nil) throws(ImportProblem) -> (height: Int, width: Int) {
        guard let list = self[name]?.array else {
            let both = try integer(name, standard)
            return (both, both)
        }
        let numbers = list.compactMap(KerasSettings.whole)
        guard numbers.count == 2, list.count == 2 else { throw wrong(name) }
        return (numbers[0], numbers[1])
    }

    /// Refuses a number that the weights contradict.
    func check(_ name: String, _ found: Int) throws(ImportProblem) {
        guard try integer(name, found) == found else {
            throw problem("has \(name) \((config[name]?.compactText ?? "").shortened), but weights for \(found)")
        }
    }

    /// Whole numbers; one alone is a list.
    func integers(_ name: String) throws(ImportProblem) -> [Int]? {
        guard let value = self[name] else { return nil }
        let list = value.array ?? [value]
        let numbers = list.compactMap(KerasSettings.whole)
        guard numbers.count == list.count else { throw wrong(name) }
        return numbers
    }

    /// Numbers at the top and the bottom, at the left and the right.
    func sides(_ name: String) throws(ImportProblem) -> [Int] {
        guard let value = self[name] else { return [1, 1, 1, 1] }
        if let both = KerasSettings.whole(value) { return [both, both, both, both] }
        let sides = (value.array ?? []).flatMap { side -> [Int] in
            if let both = KerasSettings.whole(side) { return [both, both] }
            return (side.array ?? []).compactMap(KerasSettings.whole)
        }
        guard sides.count == 4, sides.allSatisfy({ $0 >= 0 }) else { throw wrong(name) }
        return sides
    }

    /// What a node of TensorFlow's graph says beside its name, in JSON within the JSON.
    var attributes: JSONObject {
        let node = self["node_def"]?.string.flatMap { try? KerasFile.json(Array($0.utf8), "node_def") }
        return node?.object?["attr"]?.object ?? [:]
    }

    var isChannelsFirst: Bool { text("data_format", "channels_last") == "channels_first" }

    func problem(_ what: String) -> ImportProblem { ImportProblem(.badFile, "\(layer.title) \(what)") }

    func unsupported(_ what: String) -> ImportProblem {
        ImportProblem(.unsupported, "\(layer.title): \(what)", advice: KerasAdvice.export)
    }

    func wrong(_ name: String) -> ImportProblem {
        problem("has a setting \(name) that cannot be read: \((config[name]?.compactText ?? "").shortened)")
    }

    /// A whole number of at most 2²⁸, also where it is written as 2.0.
    static func whole(_ value: JSONValue) -> Int? {
        let integer = value.integer ?? value.number.flatMap { Int(exactly: $0) }
        return integer.flatMap { $0.magnitude <= 1 << 28 ? $0 : nil }
    }
}

/// The lines that help where a file does not open.
enum KerasAdvice {
    static let decoder = "save the decoder alone, `vae.decoder.save(\"decoder.keras\")`"
    /// Where the decoder itself has what is not supported.
    static let export =
        "export the decoder to ONNX, `decoder.export(\"decoder.onnx\", format=\"onnx\")` in Keras 3, with tf2onnx in Keras 2"
    static let whole =
        "save the whole model, `model.save(\"decoder.keras\")`, or give its `to_json` text with --architecture"
}
