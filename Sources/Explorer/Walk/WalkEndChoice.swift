import Latent

/// The ends of the walk as all views have them: what they are, and choosing them.
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
        guard view.digit != WalkView.digit else { return }
        note("the walk \(side == .start ? "begins" : "ends") at \(walkEndName(side)): \(WalkView.digit) shows it")
    }

    mutating func randomImage(of label: UInt8, in labels: [UInt8], otherThan end: WalkEnd?) -> Int? {
        let all = labels.indices.filter { labels[$0] == label }
        return all.filter { .image($0) != end }.randomElement(using: &generator) ?? all.first
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
