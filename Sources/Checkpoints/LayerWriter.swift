import JSON
import Neural

extension Operation {
    /// The operation as its type with its keywords; those of version 1 of the format are all written, also where they have
    /// their default.
    ///
    /// - Parameter inputs: the shapes of what it reads, which tell batch normalization of images from that of features.
    func json(inputs: [Shape]) -> JSONObject {
        var object: JSONObject = ["type": .string(kind(of: inputs))]
        for (name, value) in settings(of: inputs) { object.append(value.json, named: name) }
        return object
    }
}
