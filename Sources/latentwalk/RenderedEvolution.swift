import ArgumentParser
import Explorer
import Files
import Latent
import Pictures
import Runs
import Session
import Shading
import VAE

/// How a model learned: the manifold at each kept checkpoint of a run, at the same latent points.
struct RenderedEvolution {
    /// What each checkpoint is called: `step 938, epoch 1.0`.
    let titles: [String]
    /// Each checkpoint's manifold.
    let sheets: [PictureSheet]

    /// How long an animation shows each checkpoint.
    private static let frameDuration = Duration.milliseconds(400)
    /// Pixels between two manifolds of one picture.
    private static let gap = 4

    /// Each manifold as one picture.
    private func wholes(_ palette: Palette?) -> [Picture] {
        sheets.map { sheet in
            let pictures = palette.map { sheet.pictures.map($0.colored) } ?? sheet.pictures
            return Picture.sheet(of: pictures, columns: sheet.columns)
        }
    }

    /// - Parameter text: what one manifold is as text.
    func text(_ text: (PictureSheet) throws(RenderError) -> String) throws(RenderError) -> String {
        var parts: [String] = []
        for (title, sheet) in zip(titles, sheets) { parts.append("\(title)\n\(try text(sheet))") }
        return parts.joined(separator: "\n")
    }

    func write(
        as format: PictureFormat, to path: String, palette: Palette?, loop: WalkLoop?, _ showing: PictureShowing
    ) throws(PictureFileError) {
        var showing = showing
        switch format {
        case .gif:
            var frames = wholes(palette)
            if loop == .pingPong { frames += frames.dropFirst().dropLast().reversed() }
            showing.repeats = loop != .once
            try Exhibit.film(frames, frameDuration: Self.frameDuration).write(to: path, showing)
        case .png:
            let framed = wholes(palette).map { $0.withMargin(Self.gap) }
            try Exhibit.picture(Picture.sheet(of: framed)).write(to: path, showing)
        // Arrays hold the pictures one by one, checkpoint after checkpoint.
        case .npy, .csv: try PictureFile.write(sheets.flatMap(\.pictures), to: path, showing)
        }
    }
}

extension Picture {
    /// The picture with a gray margin, or where it has opacity with nothing around it.
    func withMargin(_ margin: Int) -> Picture {
        let (wide, high) = (width + 2 * margin, height + 2 * margin)
        var values = [Float](repeating: channels == 4 ? 0 : 0.5, count: wide * high * channels)
        let line = width * channels
        for row in 0..<height {
            let place = ((row + margin) * wide + margin) * channels
            values.replaceSubrange(place..<place + line, with: self.values[row * line..<(row + 1) * line])
        }
        return Picture(width: wide, height: high, channels: channels, values: values)
    }
}

extension RenderCommand {
    /// Draws the manifold at each kept checkpoint of a run. Where the points lie, the last one decides: it knows the data best.
    func evolution(of run: String, _ format: OutputFormat?) throws -> RenderedEvolution {
        let history = try RunHistory(of: run)
        guard let last = history.checkpoints.last else { throw RenderError.nothingKept(run) }
        let pool = computing.makePool()
        let final = try model(at: last.path)
        let studio = try Studio(final, dataset: dataset(for: .evolution, behind: final), pool: pool)
        let manifold = manifold(isText: format == nil || format == .text, inFile: 10)
        let points = try manifold.points(studio)
        try studio.checkRoom(forPictures: points.count * history.checkpoints.count)
        let line = CountingLine()
        var sheets: [PictureSheet] = []
        for checkpoint in history.checkpoints {
            line.show("checkpoint \(sheets.count + 1) of \(history.checkpoints.count)")
            let model = checkpoint == last ? final : try model(at: checkpoint.path)
            guard model.architecture.latentSize == studio.latents, model.architecture.image == final.architecture.image
            else { throw RenderError.otherModel(checkpoint.path, last.path) }
            let pictures = try Studio(model, dataset: nil, pool: pool).pictures(of: points)
            sheets.append(PictureSheet(pictures: pictures, columns: manifold.tiles.across))
        }
        let titles = history.checkpoints.map {
            KeptCheckpoint(step: $0.step, path: $0.path, stepsPerEpoch: history.stepsPerEpoch).name
        }
        return RenderedEvolution(titles: titles, sheets: sheets)
    }

    /// Prints it, or writes it into a file.
    func render(_ evolution: RenderedEvolution, _ format: OutputFormat?) throws {
        func text() throws -> String {
            try evolution.text { sheet throws(RenderError) in try self.text(of: sheet, .evolution) }
        }
        switch format {
        case nil: try StandardOutput.write(try text())
        case .text: try Exhibit.text(try text()).write(to: file.output ?? "")
        case .pictures(let format):
            try evolution.write(
                as: format, to: file.output ?? "", palette: drawing.palette, loop: walk.loop,
                PictureShowing(scale: file.scale))
        }
    }

    private func model(at path: String) throws -> Model {
        try opening.read(path) { try $0.checkFinite() }
    }
}
