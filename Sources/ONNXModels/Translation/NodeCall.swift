import Importing
import Neural

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A node of ONNX's graph while its operator is translated: what it reads, its attributes, and the network that grows.
final class NodeCall {
    let node: NodeMessage
    /// How errors call it.
    let title: String
    /// The version of the operators.
    let version: Int
    /// Nil: left out.
    let inputs: [TranslatedValue?]
    let translation: GraphTranslation
    private let attributes: [String: AttributeMessage]
    private var read: Set<String> = []
    private var mistyped: (name: String, wanted: AttributeType)?

    init(
        _ node: NodeMessage, title: String, version: Int, inputs: [TranslatedValue?], in translation: GraphTranslation
    ) throws(ImportProblem) {
        self.node = node
        self.title = title
        self.version = version
        self.inputs = inputs
        self.translation = translation
        var attributes: [String: AttributeMessage] = [:]
        for attribute in node.attributes {
            guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
                throw ImportProblem(.badFile, "\(title): attribute \(attribute.name) is there twice")
            }
        }
        self.attributes = attributes
    }

    var name: String { node.name.isEmpty ? node.operatorName.lowercased() : node.name }

    func unsupported(_ what: String) -> ImportProblem {
        ImportProblem(.unsupported, "\(title): \(what)", advice: translation.exportAdvice)
    }
    func wrong(_ what: String) -> ImportProblem { ImportProblem(.badFile, "\(title): \(what)") }

    // MARK: Attributes

    /// The types of attributes, by the numbers that files have for them.
    private enum AttributeType: Int32 {
        case number = 1
        case integer, text, tensor, graph, numbers, integers
    }

    /// One of another type is refused in the end; files of the first version leave the type out.
    private func attribute(_ name: String, _ type: AttributeType) -> AttributeMessage? {
        read.insert(name)
        guard let attribute = attributes[name] else { return nil }
        if attribute.kind != 0, attribute.kind != type.rawValue { mistyped = mistyped ?? (name, type) }
        return attribute
    }

    func has(_ name: String) -> Bool { attributes[name] != nil }

    /// Attributes that change nothing here.
    func ignore(_ names: String...) { read.formUnion(names) }

    func integer(_ name: String, _ standard: Int) throws(ImportProblem) -> Int {
        try integer(name) ?? standard
    }

    func integer(_ name: String) throws(ImportProblem) -> Int? {
        guard let attribute = attribute(name, .integer) else { return nil }
        return try small(attribute.integer, name)
    }

    func flag(_ name: String, _ standard: Bool = false) -> Bool {
        attribute(name, .integer).map { $0.integer != 0 } ?? standard
    }

    func integers(_ name: String) throws(ImportProblem) -> [Int]? {
        guard let attribute = attribute(name, .integers) else { return nil }
        var list: [Int] = []
        for number in attribute.integers { list.append(try small(number, name)) }
        return list
    }

    /// Whole numbers of any size, of which some stand for infinity.
    func anyIntegers(_ name: String) -> [Int]? { attribute(name, .integers)?.integers.map { Int($0) } }
    func anyInteger(_ name: String) -> Int? { attribute(name, .integer).map { Int($0.integer) } }

    /// Numbers with which one may calculate.
    private func small(_ number: Int64, _ name: String) throws(ImportProblem) -> Int {
        guard number.magnitude <= 1 << 40 else { throw wrong("its \(name) is \(number), which is not possible") }
        return Int(number)
    }

    func number(_ name: String, _ standard: Float) -> Float { number(name) ?? standard }
    func number(_ name: String) -> Float? { attribute(name, .number)?.number }
    func numbers(_ name: String) -> [Float]? { attribute(name, .numbers)?.numbers }

    func text(_ name: String, _ standard: String) -> String {
        attribute(name, .text).map { String(decoding: $0.text, as: UTF8.self) } ?? standard
    }

    func tensor(_ name: String) -> TensorMessage? {
        attribute(name, .tensor).flatMap { $0.hasTensor ? $0.tensor : nil }
    }

    func graph(_ name: String) -> GraphMessage? {
        attribute(name, .graph).flatMap { $0.hasGraph ? $0.graph : nil }
    }

    /// What is added to a variance before its root is taken.
    func epsilon() throws(ImportProblem) -> Float {
        let epsilon = number("epsilon", 1e-5)
        guard epsilon >= 0, epsilon.isFinite else { throw wrong("its epsilon is \(epsilon), and must not be below 0") }
        return max(epsilon, 1e-12)
    }

    /// Refuses attributes of another type than was asked for, and those that nobody has asked for: they mean something that
    /// isn't known here.
    func refuseStrangeAttributes() throws(ImportProblem) {
        if let mistyped {
            let wanted =
                switch mistyped.wanted {
                case .number: "a float"
                case .integer: "a whole number"
                case .text: "a text"
                case .tensor: "a tensor"
                case .graph: "a graph"
                case .numbers: "a list of floats"
                case .integers: "a list of whole numbers"
                }
            throw wrong("its attribute \(mistyped.name) must be \(wanted), and is of another type")
        }
        if let name = attributes.keys.filter({ !read.contains($0) }).min() {
            throw unsupported("its attribute \(name) is not supported")
        }
    }

    // MARK: Inputs

    func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// The constant at an input; nil where the input is left out.
    func constant(_ index: Int, _ what: String) throws(ImportProblem) -> ConstantTensor? {
        guard index < inputs.count, let input = inputs[index] else { return nil }
        guard case .constant(let tensor) = input else {
            throw unsupported(
                "its \(what) \(what.hasSuffix("s") && what != "bias" ? "are" : "is") computed from the inputs, which is not supported"
            )
        }
        return tensor
    }

    /// The one number at an input; nil where the input is left out.
    func scalar(_ index: Int, _ what: String) throws(ImportProblem) -> Float? {
        guard let tensor = try constant(index, what) else { return nil }
        guard let number = tensor.scalar, !number.isNaN else { throw wrong("its \(what) must be one number") }
        return number
    }

    /// The two values that an operator takes.
    func pair(atMost most: Int = 2) throws(ImportProblem) -> (TranslatedValue, TranslatedValue) {
        let found = inputs.compactMap(\.self)
        guard inputs.count <= most, inputs.count >= 2, let left = inputs[0], let right = inputs[1] else {
            throw wrong("it needs 2 inputs, and has \(found.count)")
        }
        return (left, right)
    }

    /// The values of an operator that takes any number of them, within a bound.
    func several() throws(ImportProblem) -> [TranslatedValue] {
        guard inputs.count <= NodeCall.mostInputs else {
            throw unsupported("it has \(inputs.count) inputs, and at most \(NodeCall.mostInputs) are supported")
        }
        return inputs.compactMap(\.self)
    }

    private static let mostInputs = 1024

    func needed(_ index: Int, _ what: String) throws(ImportProblem) -> ConstantTensor {
        guard let tensor = try constant(index, what) else { throw wrong("its \(what) is missing") }
        return tensor
    }

    /// Whole numbers at an input, with which one may calculate.
    func indices(_ index: Int, _ what: String) throws(ImportProblem) -> [Int]? {
        guard let tensor = try constant(index, what) else { return nil }
        guard let list = tensor.integers else { throw wrong("its \(what) must be whole numbers") }
        return list.map { min(1 << 40, max(-1 << 40, $0)) }
    }

    /// The value at an input, a constant as a layer of the network.
    func value(_ index: Int) throws(ImportProblem) -> Handle {
        guard index < inputs.count, let input = inputs[index] else { throw wrong("its input \(index) is missing") }
        return try computed(input)
    }

    func computed(_ input: TranslatedValue) throws(ImportProblem) -> Handle {
        switch input {
        case .computed(let handle): return handle
        case .failed(let problem): throw problem
        case .constant(let tensor):
            guard tensor.count > 0 else { throw unsupported("one of its inputs has no elements") }
            let extents = tensor.extents.isEmpty ? [1] : tensor.extents
            let value = try add(
                "constant", ["shape": .integers(try fewAxes(extents))], [],
                ["value": tensor.tensor(try fewAxes(extents))])
            return Handle(value, tensor.extents, batchAxis: nil, isInteger: tensor.isInteger)
        }
    }

    /// A value with its axes where the node sees them.
    func settled(_ index: Int) throws(ImportProblem) -> Handle { try settle(value(index)) }

    /// An axis that may count from the end.
    func axis(_ number: Int, of rank: Int) throws(ImportProblem) -> Int {
        let axis = number < 0 ? number + rank : number
        guard (0..<rank).contains(axis) else {
            throw wrong("its axis \(number) does not exist in a value of \(rank) axes")
        }
        return axis
    }

    // MARK: Layers

    func add(
        _ kind: String, _ settings: KeyValuePairs<String, Setting> = [:], _ inputs: [GraphAssembly.Value],
        _ tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> GraphAssembly.Value {
        try add(kind, list: settings.map { (name: $0.key, value: $0.value) }, inputs, tensors)
    }

    func add(
        _ kind: String, list settings: [(name: String, value: Setting)], _ inputs: [GraphAssembly.Value],
        _ tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> GraphAssembly.Value {
        let name = layerName
        do {
            return try translation.assembly.add(kind, list: settings, inputs, name: name, tensors: tensors)
        } catch {
            // The node's own name comes first already.
            let reason =
                error.reason.hasPrefix("\(name): ") ? error.reason.dropFirst(name.count + 2) : error.reason[...]
            throw ImportProblem(error.kind, "\(title): \(reason)", advice: error.advice)
        }
    }

    /// Names of tensors in a native file are dotted.
    private var layerName: String {
        let dotted = name.split(whereSeparator: { "/:.".contains($0) }).joined(separator: ".")
        return String(
            String.UnicodeScalarView(dotted.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }).prefix(200))
    }
}
