#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where data sets lie on this computer.
///
/// A known data set is looked for in `$LATENTWALK_DATA` (the folder itself, or one in it with the data set's name), in
/// the user's cache, and in the system's folders, in this order.
public struct DatasetLibrary: Sendable {
    /// A folder that a data set may be in.
    public struct Place: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case environment, cache, system
        }
        public let kind: Kind
        public let path: String
    }

    private let environment: [String: String]
    private let home: String
    /// The folder `Resources` of the installation, which holds the sample; nil: there is none.
    public var resources: String?

    /// - Parameters:
    ///   - environment: the variables `LATENTWALK_DATA`, `XDG_CACHE_HOME`, `XDG_DATA_DIRS` count.
    ///   - home: the user's home folder.
    public init(environment: [String: String], home: String) {
        self.environment = environment
        self.home = home
    }

    /// The library of the user who runs this program.
    public static var current: DatasetLibrary {
        let environment = ProcessInfo.processInfo.environment
        return DatasetLibrary(environment: environment, home: URL.homeDirectory.path)
    }

    /// Where `latentwalk data fetch` puts a data set.
    public func cacheFolder(of known: KnownDataset) -> String {
        if let cache = absolutePath("XDG_CACHE_HOME") { return "\(cache)/latentwalk/\(known.rawValue)" }
        #if os(macOS)
            return "\(home)/Library/Caches/latentwalk/\(known.rawValue)"
        #else
            return "\(home)/.cache/latentwalk/\(known.rawValue)"
        #endif
    }

    /// All folders where a known data set is looked for, in order; they need not exist.
    public func places(of known: KnownDataset) -> [Place] {
        var places: [Place] = []
        if let folder = environment["LATENTWALK_DATA"], !folder.isEmpty {
            places.append(Place(kind: .environment, path: "\(folder)/\(known.rawValue)"))
            places.append(Place(kind: .environment, path: folder))
        }
        places.append(Place(kind: .cache, path: cacheFolder(of: known)))
        let dataFolders =
            environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        for folder in dataFolders.split(separator: ":") where folder.hasPrefix("/") {
            places.append(Place(kind: .system, path: "\(folder)/datasets/\(known.rawValue)"))
        }
        return places
    }

    /// Finds a known data set: the first place that really holds it, whatever its folder is called.
    ///
    /// - Parameter split: a split that must be there; nil if any will do.
    /// - Throws: ``DatasetError/notFound(_:_:rejected:)``, or the error of a file that is in its place but damaged.
    public func find(_ known: KnownDataset, split: Dataset.Split? = nil) throws(DatasetError) -> IDXFolder {
        try locate(known, split: split).folder
    }

    /// Like ``find(_:split:)``, and says in which kind of place it is.
    public func locate(
        _ known: KnownDataset, split: Dataset.Split? = nil
    ) throws(DatasetError) -> (place: Place, folder: IDXFolder) {
        var rejected: [DatasetError.Rejected] = []
        for place in places(of: known) {
            let folder: IDXFolder
            do throws(DatasetError) {
                folder = try IDXFolder(place.path)
            } catch {
                if case .noData = error { continue }
                throw error
            }
            guard folder.known == known else {
                rejected.append(DatasetError.Rejected(path: place.path, holds: folder.known))
                continue
            }
            if let split, !folder.splits.contains(split) { continue }
            return (place, folder)
        }
        throw .notFound(known, split, rejected: rejected)
    }

    /// What `--data` means: a known name, or else a path.
    ///
    /// - Parameters:
    ///   - argument: `sample`, `mnist`, `fashion-mnist`, a folder of IDX files, of pictures or of NumPy's arrays (`./mnist` if it is
    ///     called so), or an .npy or .npz file.
    ///   - split: the split that is wanted, so that a known data set is searched on where it is missing.
    /// - Throws: ``DatasetError``.
    public func source(
        _ argument: String, split: Dataset.Split? = nil
    ) throws(DatasetError) -> any DatasetSource {
        if let known = KnownDataset(rawValue: argument) { return try find(known, split: split) }
        if argument == SampleDigits.name {
            guard let resources else { throw .noSample }
            return try SampleDigits(resources: resources)
        }
        var isFolder = false
        guard !argument.isEmpty, FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
            throw .unknown(argument)
        }
        guard isFolder else {
            let suffixes = [".npy", ".npy.gz", ".npz"]
            guard suffixes.contains(where: argument.lowercased().hasSuffix) else { throw .unsupported(path: argument) }
            return try ArrayFile(argument)
        }
        do throws(DatasetError) {
            return try IDXFolder(argument)
        } catch {
            guard case .noData = error else { throw error }
        }
        if ArrayFile.isFolderOfArrays(argument) { return try ArrayFile(argument) }
        return try PictureFolder(argument)
    }

    /// Reads the images that `--data` names.
    ///
    /// - Throws: ``DatasetError``.
    public func load(
        _ argument: String, _ request: DatasetRequest, listener: (DatasetEvent) -> Void = { _ in }
    ) throws(DatasetError) -> Dataset {
        try source(argument, split: request.split).load(request, listener: listener)
    }

    /// Reads the images that `--data` and `--split` name, the first `limit` of them.
    ///
    /// - Throws: ``DatasetError``.
    public func load(
        _ argument: String, split: Dataset.Split, limit: Int? = nil
    ) throws(DatasetError) -> Dataset {
        try load(argument, DatasetRequest(split: split, limit: limit))
    }

    /// An absolute path in a variable; others are ignored, as the XDG specification wants.
    private func absolutePath(_ variable: String) -> String? {
        environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
