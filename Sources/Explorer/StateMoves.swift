import Cells
import Latent

/// Moving through the space.
extension Shared {
    mutating func step(by columns: Int, _ rows: Int) -> [Effect] {
        forgetMessageAboutPoint()
        var effects = finishGlide()
        var target = explore.place
        if columns != 0 { target[0] = explore.stepped(target[0], by: columns) }
        if rows != 0, target.count > 1 { target[1] = explore.stepped(target[1], by: rows) }
        effects += visit(explore.point(at: target))
        return effects
    }

    /// Goes to a point at once.
    mutating func visit(_ target: LatentPoint) -> [Effect] {
        guard explore.visit(target) else { return [] }
        followPoint(explore.point)
        return [decodeRequest()]
    }

    mutating func followPoint(_ target: LatentPoint) {
        guard let grid = planeGrid ?? lineGrid else { return }
        let place = explore.plane?.coordinates(of: target) ?? LatentPoint(target[0], 0)
        explore.follow(place, on: grid)
    }

    private mutating func forgetMessageAboutPoint() {
        if message?.isAboutPoint == true { message = nil }
    }

    /// Goes to a point far away, gliding where that is wanted; `u` comes back.
    mutating func jump(to target: LatentPoint) -> [Effect] {
        guard let target = explore.reachable(target) else {
            fail("This place has coordinates that are not numbers: the model may be damaged.")
            return []
        }
        var effects = finishGlide()
        explore.rememberPast()
        effects += travel(to: target)
        return effects
    }

    mutating func undoJump() -> [Effect] {
        var effects = finishGlide()
        guard let before = explore.past.popLast() else {
            note("no jump to undo")
            return effects
        }
        effects += travel(to: before)
        return effects
    }

    private mutating func travel(to target: LatentPoint) -> [Effect] {
        forgetMessageAboutPoint()
        guard isAnimated else { return visit(target) }
        followPoint(target)
        // Pictures on the way are of the class where it leads.
        let label = target.label ?? explore.point.label
        explore.glide = Glide(from: explore.point.labelled(label), to: target.labelled(label), start: now)
        return []
    }

    /// Ends a glide at its end, at once: another key came.
    mutating func finishGlide() -> [Effect] {
        guard let glide = explore.glide else { return [] }
        explore.glide = nil
        return visit(glide.to)
    }

    /// The next frame of a glide, where one is due.
    mutating func advanceGlide() -> [Effect] {
        guard var glide = explore.glide, now >= glide.nextFrame else { return [] }
        if glide.isOver(at: now) { return finishGlide() }
        glide.nextFrame = now + Glide.frame
        explore.glide = glide
        guard explore.visit(glide.from.interpolated(to: glide.to, share: glide.share(at: now))) else { return [] }
        return [decodeRequest()]
    }

    mutating func drawFromPrior() -> [Effect] {
        jump(to: .prior(dimension: model.latentCount, using: &generator))
    }

    mutating func drawFromPosterior() -> [Effect] {
        guard let cloud, let draw = cloud.posteriorDraw(using: &generator) else {
            fail(missingData + " (r draws from the prior)")
            return []
        }
        let effects = jump(to: draw.point.labelled(label(ofImage: draw.image)))
        guard explore.reachable(draw.point) != nil else { return effects }
        note("a draw from the posterior of \(imageName(draw.image, in: cloud))")
        message?.isAboutPoint = true
        return effects
    }

    mutating func go(to destination: Destination) -> [Effect] {
        switch destination {
        case .point(let point):
            let effects = jump(to: point)
            noteReach(of: point)
            return effects
        case .mark(let letter):
            guard let mark = explore.marks.first(where: { $0.letter == letter }) else {
                fail(missingMark(letter))
                return []
            }
            return jump(to: mark.point)
        case .image(let number):
            guard let image = imageIndex(numbered: number), let cloud else { return [] }
            return jump(to: code(ofImage: image, in: cloud))
        }
    }

    /// A word about a place that lies farther away than one can go.
    mutating func noteReach(of point: LatentPoint) {
        guard let reachable = explore.reachable(point), reachable != point else { return }
        note("as far as the explorer goes: \(theme.typography.range(-explore.reach...explore.reach))")
        message?.isAboutPoint = true
    }

    /// The index in the cloud of an image that has a number in its data set; nil: there is none.
    func image(_ number: Int, in cloud: LatentCloud) -> Int? {
        (cloud.firstIndex..<cloud.firstIndex + cloud.count).contains(number) ? number - cloud.firstIndex : nil
    }

    func missingImage(_ number: Int, in cloud: LatentCloud) -> String {
        "\(cellText(cloud.name)) has no image #\(number): "
            + "they are #\(cloud.firstIndex) to #\(cloud.firstIndex + cloud.count - 1)."
    }

    func missingMark(_ letter: Character) -> String {
        let letters = explore.marks.map { String($0.letter) }.joined(separator: ", ")
        return "There is no mark \(letter)"
            + (letters.isEmpty ? ": m in Explore sets one." : ": the marks are \(letters).")
    }

    /// The index in the cloud of the image that has a number in the data set; nil, and a word about it: there is none.
    mutating func imageIndex(numbered number: Int) -> Int? {
        guard let cloud, cloud.count > 0 else {
            fail(missingData)
            return nil
        }
        guard let image = image(number, in: cloud) else {
            fail(missingImage(number, in: cloud))
            return nil
        }
        return image
    }

    /// Copies the point as the option that other commands take.
    mutating func copyPoint() -> [Effect] {
        let option = "--z " + explore.point.coordinates.map { "\($0)" }.joined(separator: ",")
        note("copied \(Screen.cut(option, to: 60, theme)), where the terminal takes it")
        return [.copy(option)]
    }

    mutating func markPoint() {
        let point = explore.glide?.to ?? explore.point
        if let mark = explore.marks.first(where: { $0.point == point }) {
            note("this point is mark \(mark.letter) already")
            return
        }
        let letters = (0..<26).map { Character(Unicode.Scalar(UInt8(65 + $0))) }
        guard let letter = letters.first(where: { letter in !explore.marks.contains { $0.letter == letter } }) else {
            fail("All 26 marks are set: :unmark A frees one.")
            return
        }
        explore.marks.append(ExploreState.Mark(letter: letter, point: point))
        explore.marks.sort { $0.letter < $1.letter }
        note("mark \(letter): g \(letter) comes back here")
    }

    mutating func unmark(_ letter: Character) {
        guard explore.marks.contains(where: { $0.letter == letter }) else {
            fail("There is no mark \(letter).")
            return
        }
        explore.marks.removeAll { $0.letter == letter }
    }

    // MARK: The plane

    /// Zooms so that a place on the plane stays where it is on the screen.
    mutating func zoom(by factor: Float, around fixed: LatentPoint) {
        let fixed = explore.plane == nil ? LatentPoint(fixed[0], explore.window.center[1]) : fixed
        let zoomed = explore.window.zoomed(by: factor, around: fixed)
        let whole = max(explore.wholeWindow.span.0, explore.wholeWindow.span.1)
        let span = max(zoomed.span.0, zoomed.span.1)
        guard span < whole * 20 else { return note("zoomed out as far as it goes") }
        guard factor >= 1 || ExploreState.isResolved(zoomed) else {
            return note("float32 ends here: nearer neighbors would be the same point")
        }
        explore.window = zoomed
        explore.fitStep()
        explore.isWindowChosen = true
        followPoint(explore.point)
    }

    mutating func show(_ range: ClosedRange<Float>?) {
        if let range {
            explore.window = PlaneWindow(range, range)
            explore.wholeWindow = explore.window
            explore.isWindowChosen = true
            explore.fitStep()
        } else {
            explore.showAll(asked: askedRange, codes: codes)
            if let cloud, cloud.count > 0 { explore.fit(toLine: cloud.ranges[0]) }
        }
        followPoint(explore.point)
    }

    mutating func scaleStep(by factor: Float) {
        let step = explore.step * factor
        let whole = max(explore.wholeWindow.span.0, explore.wholeWindow.span.1)
        guard step > whole * 1e-5, step < whole else {
            note(factor < 1 ? "the step is as short as it goes" : "the step is as long as it goes")
            return
        }
        setStep(step)
    }

    mutating func setStep(_ step: Float) {
        explore.step = step
        explore.isStepChosen = true
        note("step \(theme.typography.unsigned(step, digits: explore.stepDigits))")
    }

    // MARK: The mouse

    mutating func mouseInPlane(_ action: MouseAction, at position: Position) -> [Effect] {
        guard let plane = layout?.plane, let grid = planeGrid ?? lineGrid else { return [] }
        let isInside = plane.contains(position)
        let place = grid.point(
            column: max(0, min(plane.columns - 1, position.column - plane.column)),
            row: max(0, min(plane.rows - 1, position.row - plane.row)))
        switch action {
        case .press where isInside:
            var effects = finishGlide()
            explore.rememberPast()
            explore.isDragging = true
            effects += visit(explore.point(at: place))
            return effects
        case .drag where explore.isDragging: return visit(explore.point(at: place))
        case .release:
            explore.isDragging = false
            return []
        case .wheelUp where isInside, .wheelDown where isInside:
            zoom(by: action == .wheelUp ? 1 / Self.zoomFactor : Self.zoomFactor, around: place)
            return []
        case .press, .drag, .wheelUp, .wheelDown: return []
        }
    }

    /// Twice a zoom is a half of the extent.
    static let zoomFactor = Float(2).squareRoot()
}
