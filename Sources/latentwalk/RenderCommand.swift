import ArgumentParser
import Checkpoints
import Datasets
import Files
import Latent
import Pictures
import Shading
import VAE

/// `latentwalk render [MODEL] KIND`: what the explorer shows, without a screen.
struct RenderCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk render manifold --output manifold.png"),
        Example("latentwalk render walk --from 3:0 --to 8:0 --output walk.gif"),
        Example("latentwalk render mnist-8d traverse --limit 100"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Draw the manifold, a walk, points, a traversal or how a run learned, as text or into a file.",
        usage: """
            latentwalk render [<model>] manifold|walk|point|traverse [<options>]
            latentwalk render <run> evolution [<options>]
            """,
        discussion: help(
            """
            manifold: a plane of the latent space as a sheet of decoded pictures.
            walk: the way from one picture to another: frames, a strip in .png, an animation in .gif.
            point: points that --z names.
            traverse: images, their reconstructions, then a row for each latent, the most used first; of a decoder alone \
            these rows, around 0.
            evolution: the manifold at each checkpoint that a run kept (train --keep N), all at the same points: one below \
            the other, side by side in .png, a film in .gif.

            Prints shaded text, or writes a file (--output); nothing else goes to standard output. Options that do \
            nothing for what is drawn, or for the file it goes to, are refused; data that it does not take are not read.
            """)
    )

    @Argument(
        help: "A model's file, or a run's folder; the shipped model if only the kind is named.", completion: .file())
    var model: String?

    @Argument(help: "\(RenderKind.list).", completion: .list(RenderKind.allCases.map(\.rawValue)))
    var kind: String?

    @OptionGroup(title: "Files")
    var file: FileOptions

    @OptionGroup(title: "Manifold, traverse and evolution")
    var plane: PlaneOptions

    @OptionGroup(title: "Walk")
    var walk: WalkOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A point to render, with all its coordinates; may be given several times.", valueName: "a,b"),
        transform: LatentCoordinates.init(text:))
    var z: [LatentCoordinates] = []

    @OptionGroup(title: "Data")
    var images: NamedData<RenderedData>

    @OptionGroup
    var answer: InferenceOptions

    @Option(
        parsing: .unconditional,
        help: """
            Columns of the text: of the whole sheet, or of each picture of render point. (default: 80; for a point as \
            many as it has pixels)
            """)
    var width: Int?

    @OptionGroup(title: "Drawing as text; --palette is for .png and .gif too")
    var drawing: DrawingOptions

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup
    var computing: ThreadOptions

    /// Only one name is that of the kind.
    private var names: (model: String?, kind: String?) { kind == nil ? (nil, model) : (model, kind) }

    func validate() throws {
        guard let text = names.kind else {
            throw ValidationError("say what to render: \(RenderKind.list).")
        }
        // What is no kind is told when it runs, by a sentence of its own.
        guard let kind = RenderKind(rawValue: text) else { return }
        if let width, !(1...1000).contains(width) { throw ValidationError("--width must lie between 1 and 1000.") }
        let others =
            (plane.given + walk.given).filter { !$0.kinds.contains(kind) }
            + (answer.inference == nil || [.walk, .traverse].contains(kind)
                ? [] : [("--inference", [.walk, .traverse])])
        if let other = others.first {
            let names = other.kinds.map(\.rawValue)
            let kinds = [names.dropLast().joined(separator: ", "), names.last ?? ""].filter { !$0.isEmpty }
                .joined(separator: " and ")
            throw ValidationError("\(other.option) is for render \(kinds), not for \(kind.rawValue).")
        }
        switch kind {
        case .point where z.isEmpty: throw ValidationError("name at least one point: --z -1.3,0.4")
        case .manifold where !z.isEmpty, .walk where !z.isEmpty, .traverse where !z.isEmpty,
            .evolution where !z.isEmpty:
            throw ValidationError("--z is for render point, not for \(kind.rawValue).")
        case .walk: _ = try walk.film()
        case .evolution where names.model == nil:
            throw ValidationError("say which run: latentwalk render RUN evolution.")
        case .manifold where plane.classRows && opening.label != nil,
            .evolution where plane.classRows && opening.label != nil:
            throw ValidationError("--class-rows shows a row for each class: leave --class out.")
        case _ where kind.isManifold && !plane.classRows: try plane.tiles?.checkSquare()
        default: break
        }
    }

    func run() throws {
        guard let kind = names.kind.flatMap(RenderKind.init) else {
            throw RenderError.unknownKind(names.kind ?? "")
        }
        let format = try file.format(drawing, width: width)
        if walk.loop != nil, format != .pictures(.gif) {
            throw ValidationError("--loop is for animations: name a .gif file with --output.")
        }
        if kind == .evolution, let run = names.model { return try render(evolution(of: run, format), format) }
        let model = try opening.read(names.model) { model in
            try model.checkFinite()
            try answer.method.check(model)
        }
        let studio = try Studio(
            model, dataset: dataset(for: kind, behind: model), inference: answer.method, pool: computing.makePool())
        let sheet = try sheet(of: kind, studio, isText: format == nil || format == .text)
        switch format {
        case nil: try StandardOutput.write(try text(of: sheet, kind))
        case .text: try Exhibit.text(try text(of: sheet, kind)).write(to: file.output ?? "")
        case .pictures(let format): try write(sheet, of: kind, as: format, to: file.output ?? "")
        }
    }

    // MARK: What is drawn

    private func sheet(of kind: RenderKind, _ studio: Studio, isText: Bool) throws -> PictureSheet {
        switch kind {
        case .manifold, .evolution: return try manifold(isText: isText, inFile: 20).sheet(studio)
        case .walk: return try walk.film().sheet(studio)
        case .point:
            for point in z where point.values.count != studio.latents {
                throw RenderError.coordinateCount(
                    "--z \(point.text.printable)", found: point.values.count, latents: studio.latents)
            }
            let label = studio.label(ofImage: nil)
            return PictureSheet(
                pictures: try studio.pictures(of: z.map { LatentPoint($0.values, label: label) }), columns: 1)
        case .traverse:
            let (sheet, rows) = try TraverseSheet(tiles: plane.tiles).sheet(studio)
            tell(rows)
            return sheet
        }
    }

    /// - Parameter count: the pictures in a row of a file that holds pictures, if no option says it.
    func manifold(isText: Bool, inFile count: Int) -> ManifoldSheet {
        ManifoldSheet(
            tiles: plane.tiles ?? TileCount(across: isText ? max(1, textWidth / RenderCommand.tileColumns) : count),
            range: plane.latentRange?.range, isQuantiles: plane.quantiles, hasClassRows: plane.classRows)
    }

    /// Which latent each row shows: for people who look, since the picture cannot say it.
    private func tell(_ rows: [TraverseSheet.Row]) {
        guard StandardError.isTerminal else { return }
        let names = rows.map { row in
            "z\(row.latent)" + (row.divergence.map { " (\(fixed($0, 2)) nats)" } ?? "")
        }
        let images = rows.contains { $0.divergence != nil } ? ["images", "reconstructions"] : []
        StandardError.write("latentwalk: rows: \((images + names).joined(separator: ", "))\n")
    }

    // MARK: How it is shown

    /// Columns of a picture among many, in text.
    private static let tileColumns = 8
    private var textWidth: Int { width ?? 80 }

    func text(of sheet: PictureSheet, _ kind: RenderKind) throws(RenderError) -> String {
        let text = PictureText(drawing, toFile: file.output != nil)
        switch kind {
        case .point: return sheet.pictures.map { text.text(of: $0, columns: width) }.joined(separator: "\n")
        case .walk:
            let columns = min(textWidth, RenderCommand.tileColumns + 2)
            return text.text(of: sheet.pictures, inRow: max(1, textWidth / columns), columns: columns)
        case .manifold, .traverse, .evolution:
            guard textWidth >= sheet.columns else { throw .narrow(textWidth, pictures: sheet.columns) }
            return text.text(of: sheet.pictures, inRow: sheet.columns, columns: max(1, textWidth / sheet.columns))
        }
    }

    private func write(
        _ sheet: PictureSheet, of kind: RenderKind, as format: PictureFormat, to path: String
    ) throws {
        var sheet = sheet
        if let palette = drawing.palette { sheet.pictures = sheet.pictures.map(palette.colored) }
        var showing = PictureShowing(scale: file.scale)
        showing.repeats = walk.loop != .once
        switch (kind, format) {
        case (.walk, .gif) where walk.loop == .pingPong:
            let back = sheet.pictures.dropFirst().dropLast().reversed()
            try film(sheet.pictures + back).write(to: path, showing)
        case (.walk, _): try film(sheet.pictures).write(to: path, showing)
        case (.manifold, .png), (.manifold, .gif), (.traverse, .png), (.traverse, .gif):
            let whole = Picture.sheet(of: sheet.pictures, columns: sheet.columns)
            try Exhibit.picture(whole).write(to: path, showing)
        // Arrays hold the pictures one by one, in reading order.
        default: try PictureFile.write(sheet.pictures, to: path, showing)
        }
    }

    private func film(_ pictures: [Picture]) -> Exhibit {
        .film(pictures, frameDuration: PictureShowing().frameDuration)
    }
}
