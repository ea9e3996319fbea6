import Checkpoints
import Files
import Importing
import JSON
import VAE

extension ModelFile {
    /// Writes what was found out about a model into a file of JSON, to be corrected and given back as
    /// ``ModelRequest/architecture``.
    ///
    /// - Throws: ``CheckpointError``.
    public static func writeArchitecture(
        of contents: Contents, at path: String, _ request: ModelRequest, to document: String
    ) throws(CheckpointError) {
        let place = try ModelPlace(path)
        var object: JSONObject = [GivenArchitecture.Key.mark: .integer(GivenArchitecture.version)]
        object.append(.array(contents.findings.map(\.json)), named: GivenArchitecture.Key.found)
        object.append(contents.model.architecture.json, named: GivenArchitecture.Key.architecture)
        if case .native = place.kind {
        } else {
            do {
                let stored = try ForeignReader(place: place, request: request).storedTensors()
                var matching = TensorMatching(stored)
                var tensors = JSONObject()
                for parameter in contents.model.architecture.parameters {
                    guard let tensor = contents.model.tensors[parameter.name] else { continue }
                    tensors.append(try matching.source(of: parameter.name, tensor).json, named: parameter.name)
                }
                object.append(.object(tensors), named: GivenArchitecture.Key.tensors)
            } catch {
                throw .foreign(path, error)
            }
        }
        do {
            try AtomicFile.write(Array((JSONValue.object(object).indentedText + "\n").utf8), to: document)
        } catch {
            throw .file(error)
        }
    }
}
