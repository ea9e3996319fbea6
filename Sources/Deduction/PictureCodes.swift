import Neural
import VAE

/// Points where a model's decoder works in earnest: the means of pictures, with their classes.
struct PictureCodes {
    let values: [Float]
    let labels: [Int]

    var count: Int { labels.count }
}

extension Model {
    /// Where the encoder puts pictures; nil without an encoder, and for pictures of another kind.
    func codes(of pictures: TrialPictures) -> PictureCodes? {
        guard let fitting = pictures.resized(to: architecture.image.extents), fitting.count > 0 else { return nil }
        let used = fitting.prefix(64)
        guard let encoder = RunningEncoder(self, capacity: used.count) else { return nil }
        let labels = used.labels ?? Array(0..<used.count)
        encoder.condition(labels)
        return PictureCodes(values: encoder.means(of: used), labels: labels)
    }
}
