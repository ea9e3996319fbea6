import Latent

/// What `:direction` takes.
enum DirectionCommand: Hashable {
    /// From one class's mean to another's.
    case classes(UInt8, UInt8)
    /// From one mark to another.
    case marks(Character, Character)
    /// Keeps the present direction under a name.
    case keep(String)

    static func parse(_ text: String) -> Result<DirectionCommand, Sentence> {
        let words = text.split(separator: " ").map(String.init)
        if words.count == 2 {
            let classes = words.compactMap { UInt8($0) }
            if classes.count == 2, classes[0] != classes[1] { return .success(.classes(classes[0], classes[1])) }
            let letters = words.compactMap { $0.count == 1 ? $0.uppercased().first : nil }.filter {
                $0.isASCII && $0.isLetter
            }
            if letters.count == 2, letters[0] != letters[1] { return .success(.marks(letters[0], letters[1])) }
        }
        if words.count == 1, let name = words.first, (2...longestName).contains(name.count),
            name.first?.isLetter == true
        {
            return .success(.keep(name))
        }
        return .failure(
            Sentence(
                ":direction takes two classes (9 7), two marks (A B), or a name of 2 to \(longestName) letters that keeps "
                    + "the present one."))
    }

    private static let longestName = 24
}

/// Directions besides the axes: found, named, kept and applied.
extension Shared {
    /// Those that `:apply` and the axes know by name: the present one, and those kept for as many latents.
    var knownDirections: [LatentDirection] {
        let kept = directions.filter { $0.vector.count == model.latentCount }
        return (self[ExploreView.self].direction.map { [$0] } ?? []).filter { !kept.contains($0) } + kept
    }

    /// From the likeliest class here to the second: what would make the image more like that. Within one class it leads to the
    /// one whose mean is nearest.
    var classDirection: LatentDirection? {
        let likeliest = reading.classes.parts.map(\.label)
        guard let first = likeliest.first else { return nil }
        return (likeliest.dropFirst().first ?? nearestClass(otherThan: first)).flatMap {
            direction(from: first, to: $0)
        }
    }

    private func nearestClass(otherThan label: UInt8) -> UInt8? {
        guard let cloud else { return nil }
        let means = cloud.classes.filter { $0 != label }.compactMap { other in
            cloud.mean(ofClass: other).map { (label: other, distance: $0.distance(to: explore.point)) }
        }
        return means.min { ($0.distance, $0.label) < ($1.distance, $1.label) }?.label
    }

    private func direction(from one: UInt8, to other: UInt8) -> LatentDirection? {
        guard let start = cloud?.mean(ofClass: one), let end = cloud?.mean(ofClass: other) else { return nil }
        return direction(
            from: start, to: end,
            named: "\(shortName(ofClass: one))\(theme.typography.arrow)\(shortName(ofClass: other))")
    }

    private func direction(from start: LatentPoint, to end: LatentPoint, named name: String) -> LatentDirection? {
        LatentDirection(name: name, vector: zip(start.coordinates, end.coordinates).map { $1 - $0 })
    }

    mutating func perform(_ command: DirectionCommand) -> [Effect] {
        switch command {
        case .classes(let one, let other):
            guard let classes = cloud?.classes, !classes.isEmpty else {
                fail(cloud == nil ? missingData : "These data have no classes: :direction A B goes from mark to mark.")
                return []
            }
            guard let found = direction(from: one, to: other) else {
                fail(
                    "There are no images of \(classes.contains(one) ? other : one): the classes are \(typedClasses)."
                )
                return []
            }
            return take(found)
        case .marks(let one, let other):
            let points = [one, other].map { letter in explore.marks.first { $0.letter == letter }?.point }
            guard let start = points[0], let end = points[1] else {
                fail("There is no mark \(points[0] == nil ? one : other): m sets one.")
                return []
            }
            guard let found = direction(from: start, to: end, named: "\(one)\(theme.typography.arrow)\(other)") else {
                return []
            }
            return take(found)
        case .keep(let name): return keepDirection(as: name)
        }
    }

    /// Lays a direction along the plane's horizontal axis, where the plane can turn.
    private mutating func take(_ direction: LatentDirection) -> [Effect] {
        owned.update(ExploreView.self) { $0.direction = direction }
        note("\(direction.name): :apply 5 goes five steps along it, :direction NAME keeps it")
        guard let plane = explore.plane, model.latentCount > 2 else { return [] }
        let across = (axis: LatentPlane.Axis.named(direction.name), direction: direction.vector)
        let turned =
            LatentPlane(across, (axis: plane.vertical, direction: plane.up))
            ?? LatentPlane(across, (axis: plane.horizontal, direction: plane.across))
        guard let turned else { return [] }
        explore.isPlaneChosen = true
        return see(turned)
    }

    private mutating func keepDirection(as name: String) -> [Effect] {
        let along = model.latentCount > 2 ? explore.plane?.across : nil
        guard let vector = self[ExploreView.self].direction?.vector ?? along,
            let direction = LatentDirection(name: name, vector: vector)
        else {
            fail(
                "There is no direction yet: :direction 9 7 goes from class to class, :direction A B from mark to mark.")
            return []
        }
        directions.removeAll { $0.name == name && $0.vector.count == vector.count }
        directions.append(direction)
        owned.update(ExploreView.self) { $0.direction = direction }
        note("kept as \(name): :apply \(name) 5 goes five steps along it")
        return [.keepDirections(directions)]
    }

    /// Keeps a direction no longer; the plane stays as it lies.
    mutating func forgetDirection(_ name: String) -> [Effect] {
        let kept = directions.filter { $0.vector.count == model.latentCount }
        guard let forgotten = kept.first(where: { $0.name == name }) else {
            fail(missingDirection(name, among: kept))
            return []
        }
        directions.removeAll { $0 == forgotten }
        owned.update(ExploreView.self) { if $0.direction == forgotten { $0.direction = nil } }
        note("forgot \(name)")
        return [.keepDirections(directions, forgotten: forgotten)]
    }

    private func missingDirection(_ name: String?, among known: [LatentDirection]) -> String {
        let names = known.map { cellText($0.name) }.joined(separator: ", ")
        return
            (name.map { "There is no direction \(theme.typography.quoted(cellText($0)))" }
            ?? "There is no direction yet")
            + (names.isEmpty ? ": :direction 9 7 goes from class to class." : ": there are \(names).")
    }

    /// - Parameter name: nil: the present one.
    mutating func applyDirection(_ name: String?, steps: Float) -> [Effect] {
        let known = knownDirections
        let present = self[ExploreView.self].direction
        guard let direction = name.map({ name in known.first { $0.name == name } }) ?? present else {
            fail(missingDirection(name, among: known))
            return []
        }
        return jump(to: direction.point(steps * explore.step, from: explore.glide?.to ?? explore.point))
    }
}

extension Typography {
    var arrow: String { glyphs >= .blocks ? "→" : ">" }
}
