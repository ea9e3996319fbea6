import Importing
import JSON

/// Reads how layers were called, as Keras 2 and Keras 3 write it.
enum KerasCallReader {
    /// Lists within each other.
    private static let depth = 8

    /// One of a layer's `inbound_nodes`.
    static func call(_ json: JSONValue) throws(ImportProblem) -> KerasCall {
        if let object = json.object {
            var call = KerasCall()
            for argument in object["args"]?.array ?? [] { call.arguments.append(try modern(argument, 0)) }
            for member in object["kwargs"]?.object?.members ?? [] {
                call.keywords[member.name] = try modern(member.value, 0)
            }
            return call
        }
        guard let list = json.array else { throw ImportProblem(.badFile, "a layer's inbound_nodes cannot be read") }
        var call = KerasCall()
        // A layer that was called with one value may stand without a list around it.
        let entries = list.first?.string != nil ? [json] : list
        for entry in entries { try add(entry, to: &call, 0) }
        return call
    }

    private static func add(_ entry: JSONValue, to call: inout KerasCall, _ level: Int) throws(ImportProblem) {
        guard level <= depth, let list = entry.array else {
            throw ImportProblem(.badFile, "a layer's inbound_nodes cannot be read")
        }
        guard let name = list.first?.string else {
            for inner in list { try add(inner, to: &call, level + 1) }
            return
        }
        if name == "_CONSTANT_VALUE" {
            call.arguments.append(.constant(list.count > 2 ? list[2] : .null))
        } else {
            call.arguments.append(.value(try reference(list)))
        }
        for member in list.count > 3 ? list[3].object?.members ?? [] : [] {
            call.keywords[member.name] = old(member.value, level)
        }
    }

    private static func reference(_ list: [JSONValue]) throws(ImportProblem) -> KerasReference {
        guard list.count >= 3, let name = list[0].string, let call = list[1].integer, let output = list[2].integer,
            call >= 0, output >= 0
        else { throw ImportProblem(.badFile, "a layer's inbound_nodes cannot be read") }
        return KerasReference(layer: name, call: call, output: output)
    }

    /// A keyword's value in Keras 2: `["dense", 0, 0]` is a value.
    private static func old(_ json: JSONValue, _ level: Int) -> KerasArgument {
        guard level <= depth, let list = json.array else { return .constant(json) }
        if list.count == 3, let reference = try? reference(list) { return .value(reference) }
        if list.contains(where: { $0.array != nil }) { return .list(list.map { old($0, level + 1) }) }
        return .constant(json)
    }

    private static func modern(_ json: JSONValue, _ level: Int) throws(ImportProblem) -> KerasArgument {
        guard level <= depth else { throw ImportProblem(.badFile, "a layer's inbound_nodes cannot be read") }
        if let object = json.object, object["class_name"]?.string == "__keras_tensor__" {
            return .value(try reference(object["config"]?.object?["keras_history"]?.array ?? []))
        }
        guard let list = json.array, list.contains(where: { $0.object != nil || $0.array != nil }) else {
            return .constant(json)
        }
        var inner: [KerasArgument] = []
        for element in list { inner.append(try modern(element, level + 1)) }
        return .list(inner)
    }

    /// A model's `input_layers` or `output_layers`: one value, a list of them, or a dictionary.
    static func ends(_ json: JSONValue?, level: Int = 0) -> [KerasReference] {
        guard level <= depth else { return [] }
        if let list = json?.array {
            if list.first?.string != nil { return (try? [reference(list)]) ?? [] }
            return list.flatMap { ends($0, level: level + 1) }
        }
        return json?.object?.members.flatMap { ends($0.value, level: level + 1) } ?? []
    }
}
