import Files
import Importing

/// The folder of a model, for tensors that lie in files beside it: no other folder is looked into.
final class ExternalFolder {
    private let path: String
    /// Bytes that tensors may still take: twice those of the files that were met, since some share their numbers.
    private var left = 0
    private var met: Set<String> = []

    init(ofModel path: String) {
        self.path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// - Parameters:
    ///   - name: a file's name within the folder, as the model has it.
    ///   - offset, count: bytes of the file, from 0; the file may have fewer.
    func bytes(of name: String, at offset: Int, count: Int, tensor: String) throws(ImportProblem) -> [UInt8] {
        guard name.utf8.count < 1024, !name.utf8.contains(UInt8(ascii: "\\")) else { throw outside(tensor) }
        do {
            let mapped = try MappedFile(name, inside: path)
            if met.insert(name).inserted { left += 2 * mapped.size }
            guard offset <= mapped.size, count <= mapped.size - offset else {
                throw ImportProblem(
                    .badFile, "\(name) ends before tensor \(tensor): it is \(mapped.size) bytes long",
                    advice: "please copy it again")
            }
            guard count <= left else {
                throw ImportProblem(.badFile, "its tensors take the same bytes of \(name) again and again")
            }
            left -= count
            return try mapped.read(count, at: offset)
        } catch let problem as ImportProblem {
            throw problem
        } catch FileError.outside {
            throw outside(tensor)
        } catch FileError.notFound {
            throw ImportProblem(
                .badFile, "the weights lie in \(name) beside the model, and that file is missing",
                advice: "please put \(name) into the model's folder")
        } catch {
            throw ImportProblem(.badFile, "the weights lie in \(name) beside the model: \(error)")
        }
    }

    private func outside(_ tensor: String) -> ImportProblem {
        ImportProblem(.badFile, "tensor \(tensor) lies in a file outside of the model's folder")
    }
}
