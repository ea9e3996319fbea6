import Datasets
import Inference
import Latent
import VAE

/// Which class images look like: the one that the images of a reference whose codes are nearest have.
struct LookAlikes {
    /// A class and how sure it is.
    typealias Answer = (className: String, share: Float)

    private let reference: Dataset
    private let cloud: LatentCloud
    /// The reference's images by a number that equal ones share.
    private let places: [Int: [Int]]

    /// Asks where the reference's images lie.
    ///
    /// - Parameter inference: whose answer it is, the same as for the images that are compared.
    /// - Precondition: the images are the model's.
    /// - Throws: ``EncodeError`` unless the reference has classes.
    init(_ reference: Dataset, by inference: ImageInference, latents: Int) throws(EncodeError) {
        guard reference.hasLabels else { throw .noClasses(reference.title) }
        guard reference.classNames.count <= LookAlikes.mostClasses else {
            throw .tooManyClasses(reference.title, reference.classNames.count)
        }
        self.reference = reference
        var means: [Float] = []
        inference.encode(reference) { means += $1.means }
        cloud = LatentCloud(
            name: reference.title, dimension: latents, means: means,
            labels: (0..<reference.count).map { UInt8(reference.label($0) ?? 0) })
        places = Dictionary(grouping: 0..<reference.count) { reference.image($0).hashValue }
    }

    private static let mostClasses = 256

    /// - Parameters:
    ///   - index: of the image in its data set.
    ///   - code: where it lies.
    /// - Returns: nil where no image of the reference is near.
    func answer(for index: Int, of dataset: Dataset, at code: LatentPoint) -> Answer? {
        let found = cloud.classShares(around: code, leavingOut: itself(index, of: dataset))
        return found.parts.first.map { (reference.classNames[Int($0.label)], $0.share) }
    }

    /// The same image in the reference, as far as it is there: by its pixels, since a sample numbers images anew.
    private func itself(_ index: Int, of dataset: Dataset) -> Int? {
        let image = dataset.image(index)
        let equal = (places[image.hashValue] ?? []).filter { reference.image($0) == image }
        return equal.contains(index) ? index : equal.first
    }
}
