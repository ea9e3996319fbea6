import Files
import Geometry

/// Why nothing is rendered. Each case prints one sentence.
enum RenderError: CommandError, Equatable {
    case unknownKind(String)
    case coordinateCount(String, found: Int, latents: Int)
    /// What needs data.
    case noData(String)
    case noSuchImage(Int, String, count: Int)
    case noClasses(String)
    case noSuchClass(String, String, [String])
    case noSuchImageOfClass(String, Int, String, count: Int)
    case sameEnds
    /// A class is named for an end of a walk, of a model without any.
    case noModelClasses(String)
    case noModelClass(String, String, Int)
    case noClassRows
    case geodesicBetweenClasses
    case fewImages(String, count: Int)
    /// How many images, latents or rows are asked for, and how many there are.
    case fewTiles(Int, String, String)
    /// More values than a sheet holds; the shape of a picture.
    case tooMany(Int, String)
    /// Fewer columns of text than pictures in a row.
    case narrow(Int, pictures: Int)
    /// A run of which no model from along it is kept.
    case nothingKept(String)
    /// A kept checkpoint that is another model than the last one.
    case otherModel(String, String)

    var exit: SystemExit {
        switch self {
        case .unknownKind, .coordinateCount, .noSuchImage, .noClasses, .noSuchClass, .noSuchImageOfClass, .sameEnds,
            .noModelClasses, .noModelClass, .noClassRows, .geodesicBetweenClasses, .fewTiles, .tooMany, .narrow:
            .usage
        case .noData, .fewImages, .nothingKept: .noInput
        case .otherModel: .dataError
        }
    }

    var description: String {
        switch self {
        case .unknownKind(let text):
            "“\(text.printable)” cannot be rendered: " + RenderError.meant(text, RenderKind.allCases.map(\.rawValue))
        case .coordinateCount(let option, let found, let latents):
            "\(option) has \(counted(found, "coordinate")), but the model has \(counted(latents, "latent"))"
        case .noData(let what):
            "\(what) needs data, and the model does not say what it was trained on: name some with --data"
        case .noSuchImage(let index, let data, let count):
            "there is no image #\(index) in \(data): it has \(counted(count, "image")), counted from 0"
        case .noClasses(let data):
            "\(data) has no classes: name an image by its number, as in --from '#12'"
        case .noSuchClass(let name, let data, let classes):
            "there is no class “\(name.printable)” in \(data): its classes are \(RenderError.list(classes))"
        case .noSuchImageOfClass(let name, let index, let data, let count):
            "there is no image \(index) of class “\(name.printable)” in \(data): it has \(counted(count, "image")) of "
                + "that class, counted from 0"
        case .noModelClasses(let option):
            "\(option) names a class with @, and this model has no classes: leave that out"
        case .noModelClass(let option, let name, let count):
            "\(option) names the class “\(name.printable)”, but the model has \(counted(count, "class", "classes")): choose 0 "
                + "to \(count - 1)"
        case .noClassRows: "--class-rows is for conditional models, and this model has no classes: leave it out"
        case .geodesicBetweenClasses:
            "a geodesic leads within one class, and the ends are of two: take --path straight, or name one class with --class"
        case .sameEnds: "both ends of the walk are the same point: choose another for --from or --to"
        case .fewImages(let data, let count):
            "a traversal needs some images to know how far each latent reaches, and \(data) has \(count)"
        case .fewTiles(let count, let what, let limit): "--tiles asks for \(count) \(what), but \(limit)"
        case .tooMany(let count, let shape):
            "\(counted(count, "picture")) of \(shape) would fill the memory: take fewer, of no more than "
                + "\(Studio.mostValues >> 20) million values together"
        case .nothingKept(let run):
            "\(run.printable) has no kept checkpoints: train with --keep N, 10 for example, to keep models from along the run"
        case .otherModel(let path, let last):
            "\(path.printable) has other latents or images than \(last.printable): remove it, it is of another run"
        case .narrow(let columns, let pictures):
            "a text of \(counted(columns, "column")) has no room for \(pictures) pictures in a row: give more --width, or "
                + "fewer --tiles"
        }
    }

    /// The kind that was probably meant, or all that there are.
    private static func meant(_ text: String, _ kinds: [String]) -> String {
        if let near = kinds.nearest(to: text) { return "did you mean \(near)?" }
        return "say \(kinds.joined(separator: ", ")), with the model before it"
    }

    /// The first names of many.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).map(\.printable).joined(separator: ", ")
        return names.count > 12 ? "\(shown) … (\(names.count) in all)" : shown
    }
}

extension GeometryError: CommandError {
    var exit: SystemExit { .dataError }
}
