import Cells
import Latent
import Pictures

/// The pictures of the data images that lay nearest of late, so that steps back and forth ask for nothing.
struct NearestImages: Sendable {
    /// Which data they are of: with other data, or codes made anew, other images have their numbers.
    private var data = Data()
    private var pictures: [(image: Int, picture: Picture)] = []
    private(set) var request: (image: Int, number: Int)?
    /// What is seen: the newest that has come.
    private(set) var shown: Picture?

    private struct Data: Hashable {
        var name = ""
        var firstIndex = 0
        var count = 0
    }

    private static let most = 64

    mutating func note(_ cloud: LatentCloud?) {
        let new = cloud.map { Data(name: $0.name, firstIndex: $0.firstIndex, count: $0.count) } ?? Data()
        if new.name != data.name || new.firstIndex != data.firstIndex || new.count < data.count {
            self = NearestImages()
        }
        data = new
    }

    /// - Returns: whether the picture of this image has to be asked for.
    mutating func show(_ image: Int) -> Bool {
        if let known = pictures.first(where: { $0.image == image }) {
            shown = known.picture
            request = nil
            return false
        }
        return request?.image != image
    }

    mutating func begin(_ image: Int, number: Int) { request = (image, number) }

    /// Nobody looks any more.
    mutating func cancel() { request = nil }

    mutating func take(_ picture: Picture, number: Int) {
        guard let request, request.number == number else { return }
        pictures = pictures.suffix(Self.most - 1) + [(request.image, picture)]
        shown = picture
        self.request = nil
    }
}

extension Shared {
    /// Asks for the picture of the nearest data image, where it is to be seen and is not known.
    mutating func refreshNearestImage() -> [Effect] {
        guard hereLayout?.thumbnail != nil, let image = reading.nearest?.image, cloud != nil else {
            return cancelNearestImage()
        }
        let isMissing = owned.update(ExploreView.self) { $0.images.show(image) }
        guard isMissing else { return [] }
        let number = nextNumber()
        owned.update(ExploreView.self) { $0.images.begin(image, number: number) }
        return [.work(WorkRequest(number: number, slot: .images, work: .images([image])))]
    }

    mutating func cancelNearestImage() -> [Effect] {
        guard self[ExploreView.self].images.request != nil else { return [] }
        owned.update(ExploreView.self) { $0.images.cancel() }
        return [.drop(.images)]
    }

    mutating func takeNearestImage(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, _) = answer.result, let picture = pictures.first else { return }
        owned.update(ExploreView.self) { $0.images.take(picture, number: answer.number) }
    }
}
