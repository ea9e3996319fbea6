import Files
import HDF5Files
import Importing
import JSON
import Numbers

/// TensorFlow.js layers models: `model.json` and its shards of weights, in one folder.
enum TensorFlowJSFile {
    /// Bytes of all shards.
    private static let most = 1 << 30

    static func source(_ path: String) throws(ImportProblem) -> KerasSource {
        let json = try KerasFile.json(try bytes(of: path, most: 1 << 28), "the JSON")
        guard let object = json.object, let topology = object["modelTopology"]?.object,
            let manifest = object["weightsManifest"]?.array
        else {
            throw ImportProblem(
                .badFile, "it is JSON, but not a model of TensorFlow.js",
                advice: "a Keras architecture belongs beside its weights: --architecture")
        }
        // Either the model itself, or with what Keras writes around it.
        let config = topology["model_config"] ?? .object(topology)
        guard config.object?["class_name"] != nil else {
            throw ImportProblem(
                .unsupported, "it is a graph model of TensorFlow.js, without layers",
                advice: "convert the Keras model with `tensorflowjs_converter --output_format=tfjs_layers_model`")
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var (tensors, names, left) = ([String: KerasTensor](), Set<String>(), most)
        for group in manifest {
            guard let paths = group.object?["paths"]?.array, let weights = group.object?["weights"]?.array else {
                throw ImportProblem(.badFile, "its weightsManifest cannot be read")
            }
            var data: [UInt8] = []
            for shard in paths {
                guard let name = shard.string else { throw ImportProblem(.badFile, "a shard has no name") }
                guard names.insert(name).inserted else {
                    throw ImportProblem(.badFile, "the shard \(name.shortened) is named twice")
                }
                let bytes = try self.shard(name, in: folder, left: left)
                left -= bytes.count
                data += bytes
            }
            try add(weights, data, to: &tensors)
        }
        let version = topology["keras_version"]?.string
        return KerasSource(
            model: try KerasConfigReader.model(config), layout: .flat(tensors), version: version,
            format: "TensorFlow.js layers model")
    }

    /// A shard lies beside the model's JSON and nowhere else.
    private static func shard(_ name: String, in folder: String, left: Int) throws(ImportProblem) -> [UInt8] {
        guard !name.isEmpty, !name.contains("/"), !name.contains("\\"), !name.utf8.contains(0), name != "..",
            name != "."
        else {
            throw ImportProblem(.badFile, "the shard \(name.shortened) is not in the model's own folder")
        }
        do {
            let file = try MappedFile(name, inside: folder.isEmpty ? "." : folder)
            guard file.size <= left else { throw ImportProblem(.badFile, "its shards are too large") }
            return try file.read(file.size, at: 0)
        } catch let error as ImportProblem {
            throw error
        } catch {
            throw ImportProblem(
                .badFile, "the shard \(name.shortened) is missing, or a link that leads out of the model's folder",
                advice: "put all files of the model into one folder")
        }
    }

    private static func bytes(of path: String, most: Int) throws(ImportProblem) -> [UInt8] {
        do {
            let file = try MappedFile(path)
            guard file.size <= most else { throw ImportProblem(.badFile, "\(path.shortened) is too large") }
            return try file.read(file.size, at: 0)
        } catch let error as ImportProblem {
            throw error
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }

    private static func add(
        _ weights: [JSONValue], _ data: [UInt8], to tensors: inout [String: KerasTensor]
    ) throws(ImportProblem) {
        var place = 0
        for weight in weights {
            guard let object = weight.object, let name = object["name"]?.string, let list = object["shape"]?.array,
                let dtype = object["dtype"]?.string
            else { throw ImportProblem(.badFile, "its weightsManifest cannot be read") }
            let shape = list.compactMap { KerasSettings.whole($0) }
            let quantization = object["quantization"]?.object
            guard shape.count == list.count, shape.allSatisfy({ $0 > 0 }) else {
                throw ImportProblem(
                    .badFile,
                    "the weights \(name.shortened) have the shape \(JSONValue.array(list).compactText.shortened)")
            }
            guard let count = product(of: shape, atMost: 1 << 30) else {
                throw ImportProblem(.badFile, "the weights \(name.shortened) are too large: \(shape)")
            }
            let word = quantization?["dtype"]?.string ?? dtype
            guard let stored = type(word) else {
                throw ImportProblem(
                    .unsupported, "the weights \(name.shortened) are of the type \(word.shortened), which is not read")
            }
            let size = count * stored.size
            guard size <= data.count - place else {
                throw ImportProblem(.badFile, "the shards end before the weights \(name.shortened)")
            }
            guard var values = data[place..<place + size].withUnsafeBytes({ stored.floats(from: $0) }) else {
                throw ImportProblem(.badFile, "the weights \(name.shortened) are too large")
            }
            if let quantization, stored.kind != .float {
                guard let scale = quantization["scale"]?.number, let low = quantization["min"]?.number else {
                    throw ImportProblem(.badFile, "the weights \(name.shortened) have no scale")
                }
                values = values.map { Float(Double($0) * scale + low) }
            }
            guard tensors.updateValue(KerasTensor(shape: shape, values: values), forKey: name) == nil else {
                throw ImportProblem(.badFile, "two weights are called \(name.shortened)")
            }
            place += size
        }
        guard place == data.count else {
            throw ImportProblem(
                .badFile, "its shards hold \(data.count - place) bytes more than its weights: they are another model's")
        }
    }

    private static func type(_ name: String) -> ElementType? {
        switch name {
        case "float32": .float32
        case "float16": .float16
        case "int32": .int32
        case "uint8": .uint8
        case "uint16": .uint16
        case "bool": .boolean
        default: nil
        }
    }
}
