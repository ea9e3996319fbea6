import Importing
import JSON
import Neural

/// What the layers of Keras are in the engine's language: one function a class.
enum KerasLayers {
    /// Makes a call's values of those that it reads.
    typealias Make = @Sendable (KerasOperands, inout KerasBuilder) throws(ImportProblem) -> [KerasValue]

    /// By the class's name.
    static let table: [String: Make] = [
        dense, convolutions, sizes, pools, normalizations, activations, merges, shapes, nothing, arithmetic, functions,
        attention,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    /// The values that a call needs; a sampling layer needs the mean alone.
    static func values(
        that call: KerasGraph.Call, _ graph: KerasGraph, _ builder: KerasBuilder, reads output: KerasGraph.Value
    ) throws(ImportProblem) -> [KerasGraph.Value] {
        if let sampling = KerasSampling(output.call, graph) { return [sampling.mean] }
        if KerasSampling.isPassedThrough(call, builder.weights) {
            let values = call.values
            return values.indices.contains(output.output) ? [values[output.output]] : Array(values.prefix(1))
        }
        return call.values
    }

    /// - Parameter place: of the call in the graph.
    static func make(_ place: Int, _ builder: inout KerasBuilder) throws(ImportProblem) -> [KerasValue] {
        let call = builder.graph.calls[place]
        let layer = call.layer
        if let sampling = KerasSampling(place, builder.graph), let mean = builder.knownValue(sampling.mean) {
            builder.remarks.append("\(layer.title) draws a sample; it is replaced by the mean")
            builder.samplings.append(sampling)
            return [mean]
        }
        if KerasSampling.isPassedThrough(call, builder.weights) {
            let known = call.values.map { builder.knownValue($0) }
            guard let first = known.compactMap(\.self).first else { throw unknown(layer) }
            builder.remarks.append("\(layer.title) is taken for a layer that only adds to the loss, and passed over")
            builder.findings.append(Finding("\(layer.title)", "only adds to the loss, and is passed over", .guessed))
            return known.map { $0 ?? first }
        }
        guard let make = table[layer.className] else { throw unknown(layer) }
        try checkPrecision(layer)
        try KerasVocabulary.check(layer)
        try KerasVocabulary.check(call)
        return try make(KerasOperands(call, builder), &builder)
    }

    static func unknown(_ layer: KerasLayer) -> ImportProblem {
        switch layer.className {
        case "InputLayer":
            ImportProblem(
                .unsupported, "the image depends on the input \(layer.name.shortened) too", advice: KerasAdvice.decoder)
        case "Lambda":
            ImportProblem(
                .unsupported, "\(layer.title) holds Python code, which is not run", advice: KerasAdvice.export)
        default:
            ImportProblem(.unsupported, "the layer \(layer.title) is not supported", advice: KerasAdvice.export)
        }
    }

    private static func checkPrecision(_ layer: KerasLayer) throws(ImportProblem) {
        guard let policy = layer.config["dtype"]?.object, policy["class_name"]?.string?.contains("Quantized") == true
        else { return }
        throw ImportProblem(
            .unsupported, "\(layer.title) has quantized weights, which are not supported",
            advice: "save the model as it was before `quantize`")
    }

    /// Layers that do nothing outside of training.
    private static let nothing: [String: Make] = Dictionary(
        uniqueKeysWithValues: [
            "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
            "ActivityRegularization", "Identity", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation",
            "RandomContrast", "RandomBrightness",
        ].map { name in (name, pass) }
            + [("Masking", mask)])

    private static let pass: Make = { (operands, builder) throws(ImportProblem) in [try operands.single()] }

    /// Rows that are nothing but a number become 0: with 0 they are that already.
    private static let mask: Make = { (operands, builder) throws(ImportProblem) in
        guard try operands.settings.number("mask_value", 0) == 0 else {
            throw operands.settings.unsupported("a mask_value other than 0 is not supported")
        }
        return [try operands.single()]
    }
}

/// What a call gives to its layer.
struct KerasOperands {
    let layer: KerasLayer
    /// The values that it reads, in order.
    let values: [KerasValue]
    /// Which value of the graph comes first.
    let source: KerasGraph.Value?
    private let arguments: [KerasGraph.Argument]
    private let keywords: [String: KerasGraph.Argument]
    private let known: [KerasGraph.Value: KerasValue]
    private let call: KerasGraph.Call?

    var settings: KerasSettings { KerasSettings(layer) }

    init(_ call: KerasGraph.Call, _ builder: KerasBuilder) {
        layer = call.layer
        arguments = KerasOperands.arguments(of: call)
        keywords = call.keywords
        known = Dictionary(
            call.values.compactMap { value in builder.knownValue(value).map { (value, $0) } },
            uniquingKeysWith: { a, _ in a })
        values = call.values.compactMap { builder.knownValue($0) }
        source = call.values.first
        self.call = call
    }

    /// Refuses arguments of a function that nobody reads.
    ///
    /// - Parameter kind: what the function is called by here.
    func check(as kind: String) throws(ImportProblem) {
        if let call { try KerasVocabulary.check(call, as: kind) }
    }

    /// Of a layer that was not called by itself, but is what another one ends with.
    init(_ layer: KerasLayer, _ value: KerasValue) {
        self.layer = layer
        values = [value]
        (source, call) = (nil, nil)
        (arguments, keywords, known) = ([], [:], [:])
    }

    /// How many lists of values it was called with, where a newer file says so: a second one holds masks.
    var listCount: Int { arguments.filter { if case .list = $0 { true } else { false } }.count }

    /// Functions of TensorFlow 2.0 to 2.3 keep the operands that are numbers apart, by their places.
    private static func arguments(of call: KerasGraph.Call) -> [KerasGraph.Argument] {
        guard call.layer.className == "TensorFlowOpLayer", let numbers = call.layer.config["constants"]?.object else {
            return call.arguments
        }
        var arguments = call.values.map { KerasGraph.Argument.value($0) }
        for (place, json) in numbers.members.compactMap({ member in Int(member.name).map { ($0, member.value) } })
            .sorted(by: { $0.0 < $1.0 }) where place >= 0 && place <= arguments.count
        {
            arguments.insert(.constant(json), at: place)
        }
        return arguments
    }

    /// The only value.
    func single() throws(ImportProblem) -> KerasValue {
        guard let first = values.first else { throw settings.problem("is called without a value") }
        return first
    }

    /// An operand of arithmetic, by its place or its name: a value or a number.
    enum Operand {
        case value(KerasValue)
        case number(Float)
        case json(JSONValue)
    }

    func operand(_ place: Int, _ names: String...) -> Operand? {
        let argument =
            arguments.indices.contains(place) ? arguments[place] : names.lazy.compactMap { keywords[$0] }.first
        switch argument {
        case .value(let value): return known[value].map { .value($0) }
        case .list(let list):
            guard list.count == 1, case .value(let value) = list[0] else { return nil }
            return known[value].map { .value($0) }
        case .constant(let json):
            guard let number = json.number, Float(number).isFinite else { return json == .null ? nil : .json(json) }
            return .number(Float(number))
        case nil: return nil
        }
    }

    /// What stands in the configuration at an argument's place or under its name.
    func json(_ place: Int, _ names: String...) -> JSONValue? {
        let argument =
            arguments.indices.contains(place) ? arguments[place] : names.lazy.compactMap { keywords[$0] }.first
        return argument?.json
    }

    func number(_ place: Int, _ names: String...) -> Float? {
        let argument =
            arguments.indices.contains(place) ? arguments[place] : names.lazy.compactMap { keywords[$0] }.first
        return argument?.json?.number.flatMap { Float($0).isFinite ? Float($0) : nil }
    }

    /// A value at an argument's place or under its name.
    func value(_ place: Int, _ name: String) -> KerasValue? {
        let argument = arguments.indices.contains(place) ? arguments[place] : keywords[name]
        guard case .value(let value)? = argument else { return nil }
        return known[value]
    }

    /// A keyword that stands in the configuration.
    func keyword(_ name: String) -> JSONValue? {
        guard case .constant(let json)? = keywords[name], json != .null else { return nil }
        return json
    }
}
