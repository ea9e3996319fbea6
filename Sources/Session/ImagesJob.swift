import Datasets
import Explorer
import Pictures

/// Gives out data images as pictures.
final class ImagesJob: Job {
    private let indices: [Int]
    private(set) var isDone: Bool

    init(_ indices: [Int]) {
        self.indices = indices
        isDone = indices.isEmpty
    }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        isDone = true
        // Of data that are gone by now nobody waits for an image.
        guard let dataset = bench.dataset, indices.allSatisfy({ (0..<dataset.count).contains($0) }) else { return [] }
        return [.pictures(indices.map { dataset.picture($0) }, first: 0)]
    }
}

extension Dataset {
    /// One of the images, its values in 0…1.
    ///
    /// - Precondition: it has one channel, three or four.
    public func picture(_ index: Int) -> Picture {
        Picture(
            width: width, height: height, channels: channels,
            values: interleaved(image(index)[...], channels: channels))
    }
}
