import Importing
import JSON
import Neural
import Numbers

/// Where a model's tensor comes from: one of its file's under another name, perhaps with its axes in another order.
struct TensorSource: Hashable {
    /// The name in the file; nil where the values stand in the document itself.
    var stored: String?
    /// What the file's elements are taken as first.
    var shape: [Int]?
    /// The order of the axes then, as `torch.permute` takes it.
    var permutation: [Int]?
    var values: [Float] = []

    init(_ stored: String, shape: [Int]? = nil, permutation: [Int]? = nil) {
        self.stored = stored
        self.shape = shape
        self.permutation = permutation
    }

    init(values: [Float]) { self.values = values }

    // MARK: JSON

    /// - Returns: nil for what is none.
    init?(_ json: JSONValue) {
        if let name = json.string {
            self.init(name)
            return
        }
        guard let object = json.object else { return nil }
        if let list = object["values"]?.array, object.members.count == 1 {
            let values = list.compactMap(\.number).map { Float($0) }
            guard values.count == list.count else { return nil }
            self.init(values: values)
            return
        }
        guard let name = object["of"]?.string,
            object.members.allSatisfy({ ["of", "shape", "permute"].contains($0.name) })
        else { return nil }
        func whole(_ key: String) -> [Int]?? {
            guard let value = object[key] else { return .some(nil) }
            let list = value.array?.compactMap(\.integer)
            guard let list, list.count == value.array?.count, list.allSatisfy({ $0 >= 0 }) else { return nil }
            return list
        }
        guard let shape = whole("shape"), let permutation = whole("permute") else { return nil }
        self.init(name, shape: shape, permutation: permutation)
    }

    var json: JSONValue {
        guard let stored else { return .object(["values": .array(values.map(JSONValue.float))]) }
        guard shape != nil || permutation != nil else { return .string(stored) }
        var object: JSONObject = ["of": .string(stored)]
        if let shape { object.append(.array(shape.map(JSONValue.integer)), named: "shape") }
        if let permutation { object.append(.array(permutation.map(JSONValue.integer)), named: "permute") }
        return .object(object)
    }

    // MARK: Taking

    /// Takes the tensor out of a file's.
    ///
    /// - Parameters:
    ///   - parameter: the model's name for it.
    ///   - document: for sentences.
    func tensor(
        of file: [String: Tensor], for parameter: String, extents: [Int], _ document: String
    ) throws(ImportProblem) -> Tensor {
        func problem(_ text: String) -> ImportProblem {
            ImportProblem(.badFile, "\(document): \(parameter.prefix(60)) of tensors \(text)")
        }
        let wanted = Shape.text(of: extents)
        guard let stored else {
            guard values.count == extents.reduce(1, *) else {
                throw problem("has \(values.count) values, and its layer needs \(wanted)")
            }
            return Tensor(extents: extents, values: values)
        }
        guard var tensor = file[stored] else {
            throw problem("is \(stored.prefix(60)), which the model's file does not have")
        }
        if let shape {
            guard product(of: shape) == tensor.values.count else {
                throw problem(
                    "takes \(stored.prefix(60)) as \(Shape.text(of: shape)), and it has \(tensor.values.count) elements"
                )
            }
            tensor = Tensor(extents: shape, values: tensor.values)
        }
        if let permutation {
            guard permutation.sorted() == Array(tensor.extents.indices) else {
                throw problem("has an order of axes that \(Shape.text(of: tensor.extents)) does not have")
            }
            tensor = tensor.permuted(permutation)
        }
        guard tensor.extents == extents || (shape != nil && tensor.values.count == product(of: extents)) else {
            throw problem(
                "is \(stored.prefix(60)), which is \(Shape.text(of: tensor.extents)), and its layer needs \(wanted)")
        }
        return Tensor(extents: extents, values: tensor.values)
    }
}

extension Tensor {
    /// The same elements with the axes in another order, as `torch.permute`.
    ///
    /// - Precondition: every axis occurs once.
    func permuted(_ order: [Int]) -> Tensor {
        var values: [Float] = []
        values.reserveCapacity(self.values.count)
        visit(order) { value in
            values.append(value)
            return true
        }
        return Tensor(extents: order.map { extents[$0] }, values: values)
    }

    /// Visits the elements as they lie with the axes in another order, until the body says that it is enough.
    func visit(_ order: [Int], _ body: (Float) -> Bool) {
        let strides = extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
        let (made, steps) = (order.map { extents[$0] }, order.map { strides[$0] })
        var counter = [Int](repeating: 0, count: order.count)
        var place = 0
        for _ in 0..<values.count {
            guard body(values[place]) else { return }
            var axis = order.count - 1
            while axis >= 0 {
                counter[axis] += 1
                place += steps[axis]
                if counter[axis] < made[axis] { break }
                place -= steps[axis] * made[axis]
                counter[axis] = 0
                axis -= 1
            }
        }
    }
}
