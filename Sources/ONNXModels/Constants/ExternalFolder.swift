import Files
import Importing

/// The folder of a model, for tensors that lie in files beside it: no other folder is looked into.
final class ExternalFolder {
    private let path: String

    init(ofModel path: String) {
        self.path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// - Parameters:
    ///   - name: a file's name within the folder, as the model has it.
    ///   - offset, count: bytes of the file, from 0; the file may have fewer.
    func bytes(of name: String, at offset: Int, count: Int, tensor: String) throws(ImportProblem) -> [UInt8] {
        let file = try inside(name, tensor)
        do {
            let mapped = try MappedFile(file)
            guard offset <= mapped.size, count <= mapped.size - offset else {
                throw ImportProblem(
                    .badFile, "\(name) ends before tensor \(tensor): it is \(mapped.size) bytes long",
                    advice: "please copy it again")
            }
            return try mapped.read(count, at: offset)
        } catch let problem as ImportProblem {
            throw problem
        } catch FileError.notFound {
            throw ImportProblem(
                .badFile, "the weights lie in \(name) beside the model, and that file is missing",
                advice: "please put \(name) into the model's folder")
        } catch {
            throw ImportProblem(.badFile, "the weights lie in \(name) beside the model: \(error)")
        }
    }

    /// The path of a file that does not leave the folder.
    private func inside(_ name: String, _ tensor: String) throws(ImportProblem) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "\\")),
            !parts.contains(where: { $0 == ".." || $0.isEmpty }), name.utf8.count < 1024
        else {
            throw ImportProblem(.badFile, "tensor \(tensor) lies in a file outside of the model's folder")
        }
        let file = path + "/" + name
        guard let resolved = resolvedPath(file) else { return file }
        guard let folder = resolvedPath(path), resolved.hasPrefix(folder == "/" ? "/" : folder + "/") else {
            throw ImportProblem(.badFile, "tensor \(tensor) lies in a file outside of the model's folder")
        }
        return resolved
    }
}
