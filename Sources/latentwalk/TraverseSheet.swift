import Datasets
import Latent
import Pictures
import Session
import VAE

/// One sheet that shows what each latent does: images of the data, their reconstructions, then a row for each latent, the
/// most used first, in which it goes through the middle 99 % of the data's codes while all others stay at the first image's.
///
/// Of a decoder alone, which cannot say where images lie, it is a row for each latent in their order, through the middle 99 % of
/// the prior while all others stay at its mean.
struct TraverseSheet {
    /// How many pictures stand in a row, and how many latents are shown; nil for ten images, or as many as there are,
    /// and all latents up to ``mostRows``.
    var tiles: TileCount?

    struct Row: Equatable {
        let latent: Int
        /// KL of its posteriors from the prior, a mean over the data in nats; nil without data.
        let divergence: Double?
    }

    /// The most rows of a sheet that nobody gave a size.
    private static let mostRows = 64
    /// The middle 99 % of the prior.
    private static let priorRange: ClosedRange<Float> = -2.575_829_3...2.575_829_3

    /// - Returns: the sheet, and the latents of its rows: from the third, of a decoder alone from the first.
    /// - Throws: ``RenderError``, `InferenceOptionError`.
    func sheet(_ studio: Studio) throws -> (sheet: PictureSheet, rows: [Row]) {
        if studio.dataset == nil, studio.model.architecture.encoder == nil { return try sheetOfPrior(studio) }
        guard let dataset = studio.dataset, let cloud = try studio.answeredCloud(), let divergences = cloud.divergences
        else {
            throw RenderError.noData("a traversal")
        }
        guard cloud.count > 1 else { throw RenderError.fewImages(dataset.title, count: cloud.count) }
        let (across, down) = (
            tiles?.across ?? min(10, cloud.count), tiles?.down ?? min(TraverseSheet.mostRows, studio.latents)
        )
        guard across <= cloud.count else {
            throw RenderError.fewTiles(across, "images", "\(dataset.title) has \(cloud.count)")
        }
        try check(down, studio)
        try studio.checkRoom(forPictures: across * (2 + down))
        let order = divergences.indices.sorted { divergences[$0] > divergences[$1] }.prefix(down)
        func code(_ image: Int) -> LatentPoint { cloud.mean(of: image).labelled(studio.label(ofImage: image)) }
        var points = (0..<across).map(code)
        for latent in order { points += row(of: latent, through: cloud.ranges[latent], from: code(0), across) }
        let originals = (0..<across).map { dataset.picture($0) }
        return (
            PictureSheet(pictures: originals + (try studio.pictures(of: points)), columns: across),
            order.map { Row(latent: $0, divergence: divergences[$0]) }
        )
    }

    private func sheetOfPrior(_ studio: Studio) throws(RenderError) -> (sheet: PictureSheet, rows: [Row]) {
        let (across, down) = (tiles?.across ?? 10, tiles?.down ?? min(TraverseSheet.mostRows, studio.latents))
        try check(down, studio)
        try studio.checkRoom(forPictures: across * down)
        let mean = LatentPoint([Float](repeating: 0, count: studio.latents), label: studio.label(ofImage: nil))
        let points = (0..<down).flatMap { row(of: $0, through: TraverseSheet.priorRange, from: mean, across) }
        return (
            PictureSheet(pictures: try studio.pictures(of: points), columns: across),
            (0..<down).map { Row(latent: $0, divergence: nil) }
        )
    }

    private func check(_ down: Int, _ studio: Studio) throws(RenderError) {
        guard down <= studio.latents else {
            throw .fewTiles(down, "latents", "the model has \(studio.latents)")
        }
    }

    /// One latent through a range, all others staying where they are.
    private func row(
        of latent: Int, through range: ClosedRange<Float>, from start: LatentPoint, _ across: Int
    ) -> [LatentPoint] {
        (0..<across).map { place in
            var point = start
            let share = across == 1 ? 0.5 : Float(place) / Float(across - 1)
            point[latent] = range.lowerBound + share * (range.upperBound - range.lowerBound)
            return point
        }
    }
}
