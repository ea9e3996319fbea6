import Archives
import Files
import Importing

/// An opened file of any of PyTorch's layouts: what its pickle builds, and where its storages are.
struct TorchContainer {
    /// The largest pickle in an archive; tensors lie beside it.
    private static let largestPickle = 256 << 20
    /// The largest stream of pickles, with the tensors in it.
    private static let largestStream = 2 << 30

    let kind: TorchFile.Kind
    let graph: PickleGraph
    let storages: any StorageSource
    /// TorchScript's.
    let code: ScriptedCode?

    init(path: String) throws(ImportProblem) {
        let start: [UInt8]
        do {
            let file = try MappedFile(path)
            start = try file.read(min(ForeignFormat.startLength, file.size), at: 0)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
        switch ForeignFormat(start: start) {
        case .zip: try self.init(archiveAt: path)
        case .pickle: try self.init(streamAt: path)
        case .tar:
            throw ImportProblem(.unsupported, "it is \(ForeignFormat.tar.name)", advice: ForeignFormat.tar.advice)
        case let other?: throw ImportProblem(.badFile, "it is \(other.name)", advice: other.advice)
        case nil where start.isEmpty: throw ImportProblem(.badFile, "it is empty", advice: Advice.again)
        case nil: throw ImportProblem(.badFile, "it is none of PyTorch's files", advice: Advice.stateDict)
        }
    }

    // MARK: Archives

    private init(archiveAt path: String) throws(ImportProblem) {
        let archive: ZipArchive
        do { archive = try ZipArchive(path: path) } catch { throw ImportProblem(.badFile, error.reason) }
        // `NAME/data.pkl`; the name is whatever the file was called when it was written.
        let pickles = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
        guard let pickle = pickles.min(by: { $0.name.utf8.count < $1.name.utf8.count }) else {
            throw Self.notTorch(archive)
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        let isScript = archive.entries.contains { $0.name.hasPrefix(folder + "code/") }
        graph = try Self.pickle(pickle, of: archive)
        do {
            let order = try archive[folder + "byteorder"].map { entry throws(ArchiveError) in
                try archive.read(entry, limit: 64, checked: entry.checksum != 0)
            }
            storages = ArchivedStorages(
                archive: archive, folder: folder + "data/", isBigEndian: order?.starts(with: "big".utf8) ?? false)
        } catch {
            throw ImportProblem(.badFile, error.reason)
        }
        kind = isScript ? .torchScript : .archive
        code = isScript ? try ScriptedCode(archive, folder: folder) : nil
    }

    /// What an entry of an archive builds.
    static func pickle(_ entry: ZipArchive.Entry, of archive: ZipArchive) throws(ImportProblem) -> PickleGraph {
        let bytes: [UInt8]
        do { bytes = try archive.read(entry, limit: largestPickle, checked: entry.checksum != 0) } catch {
            throw ImportProblem(.badFile, error.reason)
        }
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(PickleProblem) in try PickleMachine.run(bytes).graph }
        }
        do {
            var graph = try result.get()
            graph.findEmbeddedStorages()
            return graph
        } catch {
            throw damaged(error)
        }
    }

    /// A zip archive without `data.pkl`.
    private static func notTorch(_ archive: ZipArchive) -> ImportProblem {
        let names = archive.entries.map(\.name)
        if let inner = names.first(where: { name in
            [".pth", ".pt", ".ckpt", ".h5", ".onnx", ".safetensors"].contains { name.hasSuffix($0) }
        }) {
            return ImportProblem(
                .badFile, "it is a zip archive with \(inner.printable) in it", advice: "unpack it, and name that file")
        }
        if names.contains(where: { $0.hasSuffix("archive_format") || $0.hasSuffix("models/model.json") }) {
            return ImportProblem(
                .unsupported, "it is a program that torch.export wrote, which is not supported",
                advice: ImportProblem.exportAdvice)
        }
        if names.contains(where: { $0.hasSuffix("model.json") }) {
            return ImportProblem(
                .unsupported, "it is a TorchScript archive of before PyTorch 1.4, which is not supported",
                advice: "load it with torch.jit.load in a newer PyTorch and save it again")
        }
        return ImportProblem(
            .badFile, "it is a zip archive, but not one of PyTorch's: it has no data.pkl", advice: Advice.stateDict)
    }

    // MARK: Streams

    private init(streamAt path: String) throws(ImportProblem) {
        let bytes: [UInt8]
        do {
            let file = try MappedFile(path)
            guard file.size <= Self.largestStream else {
                throw ImportProblem(
                    .unsupported,
                    "it is a stream of pickles larger than \(Self.largestStream >> 30) GB, which is not supported",
                    advice: "load it with torch.load and save it again")
            }
            // A copy, since a training may be writing the file anew.
            bytes = try file.read(file.size, at: 0)
        } catch let problem as ImportProblem {
            throw problem
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
        let parsed = bytes.withUnsafeBytes { bytes in
            Result { () throws(LegacyStream.Problem) in try Self.parse(bytes) }
        }
        do throws(LegacyStream.Problem) {
            let (graph, ranges, size, kind) = try parsed.get()
            self.graph = graph
            storages = StreamedStorages(path: path, ranges: ranges, size: size)
            self.kind = kind
            code = nil
        } catch {
            if let conversion = bytes.withUnsafeBytes({ TextConversion($0) }) {
                throw ImportProblem(.badFile, "it is a damaged pickle: \(conversion)")
            }
            throw Self.damaged(error)
        }
    }

    /// A stream of `torch.save`, or else one pickle.
    private static func parse(
        _ bytes: UnsafeRawBufferPointer
    ) throws(LegacyStream.Problem) -> (PickleGraph, [String: Range<Int>], Int, TorchFile.Kind) {
        do throws(LegacyStream.Problem) {
            let stream = try LegacyStream(bytes)
            var graph = stream.graph
            graph.findEmbeddedStorages()
            return (graph, stream.ranges, bytes.count, .stream)
        } catch .noMagic {
            do throws(PickleProblem) {
                var graph = try PickleMachine.run(bytes).graph
                graph.findEmbeddedStorages()
                return (graph, [:], bytes.count, .pickle)
            } catch {
                throw .pickle(error)
            }
        }
    }

    // MARK: Sentences

    private static func damaged(_ problem: PickleProblem) -> ImportProblem {
        ImportProblem(.badFile, "its pickle cannot be read: \(problem)", advice: Advice.again)
    }

    private static func damaged(_ problem: LegacyStream.Problem) -> ImportProblem {
        switch problem {
        case .noMagic: damaged(.endsEarly)
        case .pickle(let problem): damaged(problem)
        case .unknownStorage(let key):
            ImportProblem(.badFile, "its list of storages has one that nothing describes (\(key.prefix(40).printable))")
        case .badCount(let key, let count):
            ImportProblem(
                .badFile, "its storage \(key.prefix(40).printable) would have \(count) numbers", advice: Advice.again)
        case .truncated(let key, let wanted, let left):
            ImportProblem(
                .badFile,
                "it ends within its storage \(key.prefix(40).printable): \(left) bytes are left of \(wanted)",
                advice: Advice.again)
        case .badKeys: ImportProblem(.badFile, "its list of storages is not one", advice: Advice.again)
        }
    }
}
