import Cells
import Latent

/// What the keys of the Images view do.
extension Shared {
    var imagesLayout: ImagesLayout {
        ImagesLayout(size: size, model: model, cellRatio: theme.profile.cellRatio)
    }

    mutating func changeImages(_ change: (inout ImagesState) -> Void) { owned.update(ImagesView.self, change) }

    /// The cloud, if there are images to browse; else a word about what is missing.
    mutating func imagesCloud() -> LatentCloud? {
        guard let cloud, cloud.count > 0 else {
            fail(missingData)
            return nil
        }
        return cloud
    }

    // MARK: Going from image to image

    mutating func stepImages(by count: Int) {
        guard imagesCloud() != nil else { return }
        let own = self[ImagesView.self]
        let place = max(0, min(own.list.images.count - 1, own.place + count))
        if place == own.place { note(count < 0 ? "this is the first image" : "this is the last image") }
        goToImage(at: place)
    }

    /// - Parameter place: in the list.
    mutating func goToImage(at place: Int) {
        changeImages { own in
            own.place = max(0, min(own.list.images.count - 1, place))
            own.awaitsOrder = false
        }
    }

    mutating func goToRandomImage() {
        guard imagesCloud() != nil else { return }
        let count = self[ImagesView.self].list.images.count
        if count > 0 { goToImage(at: Int.random(in: 0..<count, using: &generator)) }
    }

    /// Goes to the image that was typed, by its number in the data set.
    mutating func goToImage(typed text: String) {
        guard imagesCloud() != nil else { return }
        let digits = text.filter { $0 != " " && $0 != "#" }
        guard let number = Int(digits) else { return fail("Type an image's number: i, then 42.") }
        guard let image = imageIndex(numbered: number) else { return }
        if !self[ImagesView.self].list.images.contains(image) {
            changeImages { $0.filter = nil }
            refreshImageList()
            note("all classes: #\(number) is of another one")
        }
        goToImage(at: self[ImagesView.self].list.images.firstIndex(of: image) ?? 0)
    }

    // MARK: Which images, and in which order

    /// Browses the images of one class, or of all.
    mutating func filterImages(typed text: String) {
        guard let cloud = imagesCloud() else { return }
        guard text.contains(where: { $0 != " " }) else { return changeImages { $0.filter = nil } }
        guard !cloud.classes.isEmpty else { return fail("\(cellText(cloud.name)) has no classes.") }
        guard let label = dataClass(typed: text) else {
            return fail("There is no class \(theme.typography.quoted(cellText(text))): they are \(typedClasses).")
        }
        changeImages { own in
            own.filter = label
            own.place = 0
        }
    }

    /// The worst or the best reconstructed first, or again in the data's order.
    mutating func orderImages(_ order: ImageOrder) {
        guard imagesCloud() != nil else { return }
        if let missing = model.missingNats { return note(missing) }
        changeImages { own in
            own.order = own.order == order ? .data : order
            own.awaitsOrder = own.order != .data
        }
        if self[ImagesView.self].order == .data { note("data order") }
    }

    // MARK: What is done with an image

    mutating func toggleSamples() {
        let wanted = !showsSamples
        changeImages { own in
            own.wantsSamples = wanted
            own.samples = nil
        }
        note(
            wanted
                ? "draws from the posterior, decoded: z ends it" : "the images around this one")
    }

    mutating func takeImage(as side: WalkSide) {
        guard let cloud = imagesCloud(), let image = self[ImagesView.self].image else { return }
        walkEnds[side] = .image(image)
        note("the walk \(side == .start ? "starts" : "ends") at \(imageName(image, in: cloud))")
    }

    mutating func exploreImage() -> [Effect] {
        guard ImagesView.pointUnderCursor(self) != nil else {
            guard imagesSubject == nil else {
                note("the answer is on its way")
                return []
            }
            fail(self[ImagesView.self].isDrawing ? "There is no drawing yet." : missingData)
            return []
        }
        turn = .sides
        return []
    }

    mutating func mouseInImages(_ action: MouseAction, at position: Position) {
        switch action {
        case .press:
            guard let place = neighborStrip?.places.first(where: { $0.rect.contains(position) }) else { return }
            goToImage(at: place.index)
        case .wheelUp: if cloud != nil { stepImages(by: -1) }
        case .wheelDown: if cloud != nil { stepImages(by: 1) }
        case .drag, .release: break
        }
    }
}

extension Prompt.Purpose {
    /// `i`: an image's number.
    static let imageNumber = Self(name: "image's number", sign: "image: #") { _ in
        "its number, 42"
    } enter: { line, shared in
        shared.goToImage(typed: line)
        return []
    }

    /// `/`: a class.
    static let imageClass = Self(name: "image's class", sign: "class: ") { shared in
        "one of \(shared.typedClasses); empty for all"
    } enter: { line, shared in
        shared.filterImages(typed: line)
        return []
    }
}
