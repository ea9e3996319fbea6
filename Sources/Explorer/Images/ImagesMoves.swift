import Cells
import Latent

/// What the keys of the Images view do.
extension ImagesView {
    /// The cloud, if there are images to browse; else a word about what is missing.
    private func cloud(_ shared: inout Shared) -> LatentCloud? {
        guard let cloud = shared.cloud, cloud.count > 0 else {
            shared.fail(shared.missingData)
            return nil
        }
        return cloud
    }

    // MARK: Going from image to image

    mutating func step(by count: Int, _ shared: inout Shared) {
        guard cloud(&shared) != nil else { return }
        let next = max(0, min(list.images.count - 1, place + count))
        if next == place { shared.note(count < 0 ? "this is the first image" : "this is the last image") }
        goToImage(at: next)
    }

    /// - Parameter place: in the list.
    private mutating func goToImage(at place: Int) {
        self.place = max(0, min(list.images.count - 1, place))
        awaitsOrder = false
    }

    mutating func goToRandomImage(_ shared: inout Shared) {
        guard cloud(&shared) != nil else { return }
        let count = list.images.count
        if count > 0 { goToImage(at: Int.random(in: 0..<count, using: &shared.generator)) }
    }

    /// Goes to the image that was typed, by its number in the data set.
    mutating func goToImage(typed text: String, _ shared: inout Shared) {
        guard cloud(&shared) != nil else { return }
        let digits = text.filter { $0 != " " && $0 != "#" }
        guard let number = Int(digits) else { return shared.fail("Type an image's number: i, then 42.") }
        guard let image = shared.imageIndex(numbered: number) else { return }
        if !list.images.contains(image) {
            filter = nil
            refreshList(&shared)
            shared.note("all classes: #\(number) is of another one")
        }
        goToImage(at: list.images.firstIndex(of: image) ?? 0)
    }

    // MARK: Which images, and in which order

    /// Browses the images of one class, or of all.
    mutating func filter(typed text: String, _ shared: inout Shared) {
        guard let cloud = cloud(&shared) else { return }
        guard text.contains(where: { $0 != " " }) else {
            filter = nil
            return
        }
        guard !cloud.classes.isEmpty else { return shared.fail("\(cellText(cloud.name)) has no classes.") }
        guard let label = shared.dataClass(typed: text) else {
            return shared.fail(
                "There is no class \(shared.theme.typography.quoted(cellText(text))): they are \(shared.typedClasses).")
        }
        filter = label
        place = 0
    }

    /// The worst or the best reconstructed first, or again in the data's order.
    mutating func sort(_ wanted: ImageOrder, _ shared: inout Shared) {
        guard cloud(&shared) != nil else { return }
        if let missing = shared.model.missingNats { return shared.note(missing) }
        order = order == wanted ? .data : wanted
        awaitsOrder = order != .data
        if order == .data { shared.note("data order") }
    }

    // MARK: What is done with an image

    /// Draws from the posterior: as it is, five and twenty times as wide, none.
    mutating func cycleSamples(_ shared: inout Shared) {
        let next = sampleSpread(shared).next
        (spread, samples) = (next, nil)
        let type = shared.theme.typography
        switch next {
        case .off: shared.note("the images around this one")
        case .once: shared.note("draws from the posterior, decoded: z spreads them wider")
        case .fivefold, .twentyfold:
            shared.note("draws with \(type.deviation) \(type.times)\(next.rawValue): not the posterior, but around it")
        }
    }

    mutating func takeImage(as side: WalkSide, _ shared: inout Shared) {
        guard let cloud = cloud(&shared), let image else { return }
        shared.walkEnds[side] = .image(image)
        shared.note("the walk \(side == .start ? "starts" : "ends") at \(shared.imageName(image, in: cloud))")
    }

    mutating func exploreImage(_ shared: inout Shared) -> [Effect] {
        guard pointUnderCursor(shared) != nil else {
            guard subject(shared) == nil else {
                shared.note("the answer is on its way")
                return []
            }
            shared.fail(isDrawing ? "There is no drawing yet." : shared.missingData)
            return []
        }
        shared.turn = .sides
        return []
    }

    mutating func mouseOnImages(_ action: MouseAction, at position: Position, _ shared: inout Shared) {
        switch action {
        case .press:
            guard let place = neighborStrip(shared)?.places.first(where: { $0.rect.contains(position) }) else { return }
            goToImage(at: place.index)
        case .wheelUp where isOverPane(position, shared), .wheelDown where isOverPane(position, shared):
            zoomLens(outward: action == .wheelDown, &shared)
        case .wheelUp: if shared.cloud != nil { step(by: -1, &shared) }
        case .wheelDown: if shared.cloud != nil { step(by: 1, &shared) }
        case .drag, .release: break
        }
    }
}

extension ImagesView {
    /// Whether the mouse is over the plane.
    func isOverPane(_ position: Position, _ shared: Shared) -> Bool {
        ImagesLayout(shared).plane?.contains(position) == true
    }
}

extension Prompt.Purpose {
    /// `i`: an image's number.
    static let imageNumber = Self(ofView: "image's number", sign: "image: #") { _ in "its number, 42" }

    /// `/`: a class.
    static let imageClass = Self(ofView: "image's class", sign: "class: ") { shared in
        "one of \(shared.typedClasses); empty for all"
    }
}
