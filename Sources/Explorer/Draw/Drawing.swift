import Pictures

/// What the person draws, and with what.
struct Drawing: Hashable, Sendable {
    private(set) var pad: Pad
    /// The pen, which keys move: a pixel of the pad.
    private(set) var column: Int
    private(set) var row: Int
    /// Whether moving the pen draws.
    private(set) var isPenDown = false
    var isErasing = false
    /// Whether the drawing is brought to where digits stand in MNIST.
    private(set) var isCentered: Bool
    /// Whether the mouse's button went down on the pad and is still held.
    private var isDragging = false
    private let channels: Int
    /// What the model is shown: the drawing centered, or as it is; nil: a blank one.
    private(set) var shown: Picture?

    init(for model: ModelFacts) {
        pad = Pad(width: model.width, height: model.height)
        (column, row) = (model.width / 2, model.height / 2)
        channels = model.channels
        isCentered = model.width == 28 && model.height == 28 && model.channels == 1
    }

    private var place: Pad.Place { Pad.Place(Float(column) + 0.5, Float(row) + 0.5) }

    // MARK: Keys

    /// Puts the pen down, with a dot, or up.
    mutating func togglePen() {
        isPenDown.toggle()
        if isPenDown { change { [place, isErasing] in $0.begin(at: place, erasing: isErasing) } }
    }

    mutating func toggleEraser() {
        isErasing.toggle()
        // A stroke inks or clears, not both.
        if isPenDown { change { [place, isErasing] in $0.begin(at: place, erasing: isErasing) } }
    }

    mutating func movePen(_ columns: Int, _ rows: Int) {
        column = max(0, min(pad.width - 1, column + columns))
        row = max(0, min(pad.height - 1, row + rows))
        if isPenDown { change { [place] in $0.extend(to: place) } }
    }

    mutating func clear() {
        isPenDown = false
        change { $0.clear() }
    }

    /// - Returns: whether there was a stroke to take back.
    mutating func undo() -> Bool {
        isPenDown = false
        return change { $0.undo() }
    }

    mutating func toggleCentering() {
        isCentered.toggle()
        change { _ in }
    }

    mutating func liftPen() { (isPenDown, isDragging) = (false, false) }

    // MARK: The mouse

    mutating func press(at place: Pad.Place) {
        (isPenDown, isDragging) = (false, true)
        follow(place)
        change { [isErasing] in $0.begin(at: place, erasing: isErasing) }
    }

    mutating func drag(to place: Pad.Place) {
        guard isDragging else { return }
        follow(place)
        change { $0.extend(to: place) }
    }

    mutating func release() { isDragging = false }

    private mutating func follow(_ place: Pad.Place) {
        column = max(0, min(pad.width - 1, Int(max(0, place.x))))
        row = max(0, min(pad.height - 1, Int(max(0, place.y))))
    }

    // MARK: What the model is shown

    @discardableResult
    private mutating func change<Result>(_ change: (inout Pad) -> Result) -> Result {
        defer { shown = pad.isBlank ? nil : picture(isCentered ? centeredValues : pad.values) }
        return change(&pad)
    }

    private var centeredValues: [Float] { Centering.centered(pad.values, width: pad.width, height: pad.height) }

    /// The pad as it is drawn.
    var padPicture: Picture { picture(pad.values) }

    /// A color model is shown gray in all channels, and opaque.
    private func picture(_ values: [Float]) -> Picture {
        Picture(
            width: pad.width, height: pad.height, channels: channels,
            values: channels == 1
                ? values : values.flatMap { Array(repeating: $0, count: 3) + (channels == 4 ? [1] : []) })
    }
}
