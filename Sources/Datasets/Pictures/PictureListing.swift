import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The picture files of a folder in the order in which they are read; sub-folders with pictures are classes.
///
/// Files are in the order of their names. Classes are mixed evenly: after any number of images, each class has had its
/// share, so that the first images, and the last ones, are like all.
struct PictureListing: Sendable {
    struct Entry: Hashable, Sendable {
        let path: String
        /// The class; nil where there are none.
        let label: UInt16?
    }

    let entries: [Entry]
    /// The names of the sub-folders, by label.
    let classNames: [String]
    /// Pictures beside the classes' folders, which belong to none.
    let strays: Int

    private static let suffixes: Set<String> = ["png", "jpg", "jpeg"]
    /// Folders in folders, at most: a link may lead back up.
    private static let deepest = 16

    /// Lists the pictures of a folder, and those in its sub-folders however deep.
    ///
    /// - Throws: ``DatasetError/unreadable(path:reason:)``, or ``DatasetError/tooManyClasses(folder:count:)``.
    init(_ folder: String) throws(DatasetError) {
        let contents = try PictureListing.contents(of: folder)
        var classes: [(name: String, pictures: [String])] = []
        for name in contents.folders {
            let pictures = try PictureListing.pictures(under: "\(folder)/\(name)", depth: 1)
            if !pictures.isEmpty { classes.append((name, pictures)) }
        }
        let direct = contents.pictures.map { "\(folder)/\($0)" }
        guard !classes.isEmpty else {
            (entries, classNames, strays) = (direct.map { Entry(path: $0, label: nil) }, [], 0)
            return
        }
        guard classes.count <= Int(UInt16.max) else {
            throw .tooManyClasses(folder: folder, count: classes.count)
        }
        classNames = classes.map { $0.name.printable }
        strays = direct.count
        entries = PictureListing.mixed(classes.map(\.pictures))
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The place of picture i among n of its class is (i + ½) / n; ties by class.
    private static func mixed(_ classes: [[String]]) -> [Entry] {
        let placed = classes.enumerated().flatMap { label, pictures in
            pictures.enumerated().map { index, path in
                (place: (Double(index) + 0.5) / Double(pictures.count), entry: Entry(path: path, label: UInt16(label)))
            }
        }
        return placed.sorted { ($0.place, $0.entry.label ?? 0) < ($1.place, $1.entry.label ?? 0) }.map(\.entry)
    }

    private static func pictures(under folder: String, depth: Int) throws(DatasetError) -> [String] {
        guard depth < deepest else { return [] }
        let contents = try contents(of: folder)
        var pictures = contents.pictures.map { "\(folder)/\($0)" }
        for name in contents.folders { pictures += try self.pictures(under: "\(folder)/\(name)", depth: depth + 1) }
        return pictures
    }

    /// The names of the pictures and the sub-folders in a folder, sorted by their bytes; hidden ones are left out.
    static func contents(of folder: String) throws(DatasetError) -> (pictures: [String], folders: [String]) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .unreadable(path: folder, reason: "the folder cannot be listed")
        }
        var (pictures, folders) = ([String](), [String]())
        for name in names where !name.hasPrefix(".") && name != "__MACOSX" {
            if let suffix = name.split(separator: ".").last, suffixes.contains(suffix.lowercased()) {
                pictures.append(name)
            } else {
                var isFolder = false
                let exists = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
                if exists, isFolder { folders.append(name) }
            }
        }
        func byBytes(_ one: String, _ other: String) -> Bool { one.utf8.lexicographicallyPrecedes(other.utf8) }
        return (pictures.sorted(by: byBytes), folders.sorted(by: byBytes))
    }
}
