import Datasets
import Latent
import Pictures
import Session

/// One sheet that shows what each latent does: images of the data, their reconstructions, then a row for each latent, the
/// most used first, in which it goes through the middle 99 % of the data's codes while all others stay at the first image's.
struct TraverseSheet {
    /// How many pictures stand in a row, and how many latents are shown; nil for ten images, or as many as there are,
    /// and all latents.
    var tiles: TileCount?

    struct Row: Equatable {
        let latent: Int
        /// KL of its posteriors from the prior, a mean over the data in nats.
        let divergence: Double
    }

    /// - Returns: the sheet, and the latents of its rows from the third.
    /// - Throws: ``RenderError``, `InferenceOptionError`.
    func sheet(_ studio: Studio) throws -> (sheet: PictureSheet, rows: [Row]) {
        guard let dataset = studio.dataset, let cloud = try studio.answeredCloud(), let divergences = cloud.divergences
        else {
            throw RenderError.noData("a traversal")
        }
        guard cloud.count > 1 else { throw RenderError.fewImages(dataset.title, count: cloud.count) }
        let (across, down) = (tiles?.across ?? min(10, cloud.count), tiles?.down ?? studio.latents)
        guard across <= cloud.count else {
            throw RenderError.fewTiles(across, "images", "\(dataset.title) has \(cloud.count)")
        }
        guard down <= studio.latents else {
            throw RenderError.fewTiles(down, "latents", "the model has \(studio.latents)")
        }
        try studio.checkRoom(forPictures: across * (2 + down))
        let order = divergences.indices.sorted { divergences[$0] > divergences[$1] }.prefix(down)
        var points = (0..<across).map(cloud.mean)
        for latent in order {
            let range = cloud.ranges[latent]
            points += (0..<across).map { place in
                var point = cloud.mean(of: 0)
                let share = across == 1 ? 0.5 : Float(place) / Float(across - 1)
                point[latent] = range.lowerBound + share * (range.upperBound - range.lowerBound)
                return point
            }
        }
        let originals = (0..<across).map { dataset.picture($0) }
        return (
            PictureSheet(pictures: originals + (try studio.pictures(of: points)), columns: across),
            order.map { Row(latent: $0, divergence: divergences[$0]) }
        )
    }
}
