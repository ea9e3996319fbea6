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

    private func attribute(_ name: String) -> AttributeMessage? {
        read.insert(name)
        return attributes[name]
    }

    func has(_ name: String) -> Bool { attributes[name] != nil }

    /// Attributes that change nothing here.
    func ignore(_ names: String...) { read.formUnion(names) }

    func integer(_ name: String, _ standard: Int) throws(ImportProblem) -> Int {
        try integer(name) ?? standard
    }

    func integer(_ name: String) throws(ImportProblem) -> Int? {
        guard let attribute = attribute(name) else { return nil }
        return try small(attribute.integer, name)
    }

    func flag(_ name: String, _ standard: Bool = false) -> Bool {
        attribute(name).map { $0.integer != 0 } ?? standard
    }

    func integers(_ name: String) throws(ImportProblem) -> [Int]? {
        guard let attribute = attribute(name) else { return nil }
        var list: [Int] = []
        for number in attribute.integers { list.append(try small(number, name)) }
        return list
    }

    /// Numbers with which one may calculate.
    private func small(_ number: Int64, _ name: String) throws(ImportProblem) -> Int {
        guard number.magnitude <= 1 << 40 else { throw wrong("\(name) is \(number), which cannot be meant") }
        return Int(number)
    }

    func number(_ name: String, _ standard: Float) -> Float { attribute(name)?.number ?? standard }
    func number(_ name: String) -> Float? { attribute(name)?.number }
    func numbers(_ name: String) -> [Float]? { attribute(name)?.numbers }

    func text(_ name: String, _ standard: String) -> String {
        attribute(name).map { String(decoding: $0.text, as: UTF8.self) } ?? standard
    }

    func tensor(_ name: String) -> TensorMessage? { attribute(name).flatMap { $0.hasTensor ? $0.tensor : nil } }
    func graph(_ name: String) -> GraphMessage? { attribute(name).flatMap { $0.hasGraph ? $0.graph : nil } }

    /// Attributes that nobody has asked for mean something that isn't known here.
    func refuseUnread() throws(ImportProblem) {
        if let name = attributes.keys.filter({ !read.contains($0) }).min() {
            throw unsupported("attribute \(name) of \(node.operatorName) is not supported")
        }
    }

    // MARK: Inputs

    func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// The constant at an input; nil where the input is left out.
    func constant(_ index: Int, _ what: String) throws(ImportProblem) -> ConstantTensor? {
        guard index < inputs.count, let input = inputs[index] else { return nil }
        guard case .constant(let tensor) = input else {
            throw unsupported("\(what) that \(what.hasSuffix("s") ? "are" : "is") computed from the inputs")
        }
        return tensor
    }

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
            guard tensor.count > 0 else { throw unsupported("a tensor without elements") }
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
        guard (0..<rank).contains(axis) else { throw wrong("axis \(number) of a value of \(rank) axes") }
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
        do {
            return try translation.assembly.add(kind, list: settings, inputs, name: layerName, tensors: tensors)
        } catch {
            throw ImportProblem(error.kind, "\(title): \(error.reason)", advice: error.advice)
        }
    }

    /// Names of tensors in a native file are dotted.
    private var layerName: String {
        let dotted = name.split(whereSeparator: { "/:.".contains($0) }).joined(separator: ".")
        return String(
            String.UnicodeScalarView(dotted.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }).prefix(200))
    }
}
