import Latent

/// Choosing the ends of the walk.
extension Shared {
    /// The point of an end; nil where it is none of the model's.
    func walkPoint(_ side: WalkSide) -> LatentPoint? {
        switch walkEnds[side] {
        case .image(let image):
            guard let cloud, (0..<cloud.count).contains(image) else { return nil }
            let point = code(ofImage: image, in: cloud)
            return point.coordinates.allSatisfy(\.isFinite) ? point : nil
        case .point(let point):
            return point.count == model.latentCount && point.coordinates.allSatisfy(\.isFinite) ? point : nil
        case nil: return nil
        }
    }

    /// The class of an end that is an image of the data.
    func walkLabel(_ side: WalkSide) -> UInt8? {
        guard case .image(let image) = walkEnds[side], let labels = cloud?.labels, labels.indices.contains(image)
        else { return nil }
        return labels[image]
    }

    // MARK: Ends that nobody chose

    /// Draws the ends that are missing, so that there is something to see at once; and again those drawn without data,
    /// when data have come.
    mutating func completeWalkEnds() {
        let drawn = self[WalkView.self].drawnEnds
        for side in [WalkSide.start, .end] {
            let isDrawn = walkEnds[side] == drawn[side]
            let isImage = if case .image = walkEnds[side] { true } else { false }
            guard walkPoint(side) == nil || isDrawn && !isImage && (cloud?.count ?? 0) > 1 else { continue }
            let end = drawnWalkEnd(side)
            walkEnds[side] = end
            owned.update(WalkView.self) { $0.drawnEnds[side] = end }
        }
    }

    private mutating func drawnWalkEnd(_ side: WalkSide) -> WalkEnd {
        if let cloud, cloud.count > 1, let image = randomImage(in: cloud, otherThan: side == .start ? .end : .start) {
            return .image(image)
        }
        guard model.latentCount == 2 else {
            return .point(classed(.prior(dimension: model.latentCount, using: &generator)))
        }
        return .point(classed(LatentPoint(side == .start ? -1.5 : 1.5, 0)))
    }

    /// Of another class than the other end, where there are classes.
    private mutating func randomImage(in cloud: LatentCloud, otherThan side: WalkSide) -> Int? {
        let (label, other) = (walkLabel(side), walkEnds[side])
        for _ in 0..<64 {
            let image = Int.random(in: 0..<cloud.count, using: &generator)
            guard cloud.mean(of: image).coordinates.allSatisfy(\.isFinite), other != .image(image) else { continue }
            if label == nil || cloud.classes.count < 2 || cloud.labels?[image] != label { return image }
        }
        return nil
    }

    // MARK: Ends that are asked for

    mutating func choose(_ side: WalkSide, _ place: WalkPlace) {
        switch place {
        case .point(let point):
            guard let reachable = explore.reachable(point) else { return }
            settle(side, at: .point(reachable))
            noteReach(of: point)
        case .crosshair: settle(side, at: .point(explore.point))
        case .mark(let letter):
            guard let mark = explore.marks.first(where: { $0.letter == letter }) else {
                return fail(missingMark(letter))
            }
            settle(side, at: .point(mark.point))
        case .ofClass(let label, let place):
            guard let cloud, let labels = cloud.labels else { return fail(missingClasses) }
            guard labels.contains(label) else { return fail(missingClass(label, in: cloud) + ".") }
            guard let image = labels.indices.lazy.filter({ labels[$0] == label }).dropFirst(place).first else {
                let count = labels.count { $0 == label }
                return fail(
                    "\(cellText(cloud.name)) has \(count) images of class \(className(Int(label))): they are counted from 0."
                )
            }
            settle(side, at: .image(image))
        case .image(let number):
            guard let cloud, cloud.count > 0 else { return fail(missingData) }
            guard let image = image(number, in: cloud) else { return fail(missingImage(number, in: cloud)) }
            settle(side, at: .image(image))
        case .anyOf(let label):
            guard let cloud, let labels = cloud.labels else { return fail(missingClasses) }
            guard let image = randomImage(of: label, in: labels, otherThan: walkEnds[side]) else {
                return fail(missingClass(label, in: cloud) + "; #\(label) is the image.")
            }
            settle(side, at: .image(image))
        }
    }

    mutating func settle(_ side: WalkSide, at end: WalkEnd) {
        walkEnds[side] = end
        owned.update(WalkView.self) { $0.drawnEnds[side] = nil }
        guard view.digit != WalkView.digit else { return }
        note("the walk \(side == .start ? "begins" : "ends") at \(walkEndName(side)): \(WalkView.digit) shows it")
    }

    private mutating func randomImage(of label: UInt8, in labels: [UInt8], otherThan end: WalkEnd?) -> Int? {
        let all = labels.indices.filter { labels[$0] == label }
        return all.filter { .image($0) != end }.randomElement(using: &generator) ?? all.first
    }

    mutating func swapWalkEnds() {
        walkEnds = WalkEnds(start: walkEnds.end, end: walkEnds.start)
        owned.update(WalkView.self) { own in
            own.drawnEnds = WalkEnds(start: own.drawnEnds.end, end: own.drawnEnds.start)
        }
    }

    /// Other images of the same classes; where there are none, other images or points.
    mutating func renewWalkEnds() {
        for side in [WalkSide.start, .end] {
            switch (walkEnds[side], cloud) {
            case (.image, let cloud?) where cloud.count > 0:
                if let label = walkLabel(side), let labels = cloud.labels {
                    walkEnds[side] = randomImage(of: label, in: labels, otherThan: walkEnds[side]).map(WalkEnd.image)
                } else {
                    walkEnds[side] = .image(Int.random(in: 0..<cloud.count, using: &generator))
                }
            default:
                let label = walkPoint(side)?.label
                let point = LatentPoint.prior(dimension: model.latentCount, using: &generator)
                walkEnds[side] = .point(classed(point.labelled(label)))
            }
            owned.update(WalkView.self) { $0.drawnEnds[side] = nil }
        }
    }

    /// Image ends of other data mean nothing.
    mutating func forgetForeignWalkEnds() {
        let name = cloud?.name
        guard self[WalkView.self].dataName != name else { return }
        let isOther = self[WalkView.self].dataName != nil
        owned.update(WalkView.self) { own in
            own.dataName = name
            own.originals = [:]
            own.originalsRequest = nil
        }
        guard isOther else { return }
        for side in [WalkSide.start, .end] {
            if case .image = walkEnds[side] { walkEnds[side] = nil }
        }
    }

    // MARK: Words

    /// That there is no such class, and which there are: the first of many.
    private func missingClass(_ label: UInt8, in cloud: LatentCloud) -> String {
        "\(cellText(cloud.name)) has no class \(label): its classes are \(typedClasses)"
    }

    /// An end in a few words: "mnist test #18 “3”", "−1.50 +0.00".
    ///
    /// - Parameter coordinates: how many of a point at most; with fewer than four an image loses the name of its data, too.
    func walkEndName(_ side: WalkSide, coordinates: Int = 4) -> String {
        switch walkEnds[side] {
        case .image(let image):
            guard let cloud, (0..<cloud.count).contains(image) else { return "" }
            let name = imageName(image, in: cloud)
            let set = imagesClass.map { " as \($0)" } ?? ""
            return (coordinates < 4 ? String(name.drop { $0 != "#" }) : name) + set
        case .point(let point):
            if let mark = explore.marks.first(where: { $0.point == point }) {
                return "mark \(mark.letter)" + classSuffix(point)
            }
            let shown = point.coordinates.prefix(coordinates).map { theme.typography.signed($0, digits: 2) }
            return shown.joined(separator: " ") + (point.count > shown.count ? " " + theme.typography.ellipsis : "")
                + classSuffix(point)
        case nil: return ""
        }
    }
}
