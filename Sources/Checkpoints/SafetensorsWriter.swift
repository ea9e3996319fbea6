import Files
import JSON
import Neural
import Numbers

/// Writes safetensors files: float32 tensors in the order in which they are given, text by name.
public enum SafetensorsWriter {
    /// Writes a file in one step: a reader of the path meanwhile sees the old file or the new one.
    ///
    /// - Parameters:
    ///   - tensors: With names that occur once.
    ///   - metadata: In the order in which it is to be written.
    /// - Throws: ``CheckpointError/file(_:)``; the path is then as it was.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [(name: String, text: String)], to path: String
    ) throws(CheckpointError) {
        let header = header(tensors, metadata: metadata)
        do {
            try AtomicFile.write(to: path) { (file: borrowing FileWriter) throws(FileError) in
                try file.write(header)
                for (_, tensor) in tensors { try file.write(littleEndianBytes(of: tensor)) }
            }
        } catch {
            throw .file(error)
        }
    }

    /// The length and the JSON, filled up with spaces so that the data begins at a multiple of eight.
    static func header(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [(name: String, text: String)]
    ) -> [UInt8] {
        var object = JSONObject()
        if !metadata.isEmpty {
            var texts = JSONObject()
            for (name, text) in metadata { texts.append(.string(text), named: name) }
            object.append(.object(texts), named: "__metadata__")
        }
        var end = 0
        for (name, tensor) in tensors {
            let start = end
            end += tensor.values.count * ElementType.float32.size
            let entry: JSONObject = [
                "dtype": .string(ElementType.float32.safetensorsName),
                "shape": .array(tensor.extents.map(JSONValue.integer)),
                "data_offsets": .array([.integer(start), .integer(end)]),
            ]
            object.append(.object(entry), named: name)
        }
        var json = Array(JSONValue.object(object).compactText.utf8)
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
    }

    private static func littleEndianBytes(of tensor: Tensor) -> [UInt8] {
        #if _endian(little)
            tensor.values.withUnsafeBytes { Array($0) }
        #else
            tensor.values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        #endif
    }
}
