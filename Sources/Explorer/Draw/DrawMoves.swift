import Cells

/// What the keys and the mouse do on the pad.
extension ImagesView {
    mutating func beginDrawing(_ shared: inout Shared) -> [Effect] {
        guard shared.model.hasEncoder else {
            shared.fail("this model has no encoder, so it cannot place a drawing")
            return []
        }
        changeDrawing(shared) { _ in }
        shared.forgetNote()
        isDrawing = true
        return []
    }

    mutating func endDrawing(_ shared: inout Shared) {
        changeDrawing(shared) { $0.liftPen() }
        shared.forgetNote()
        isDrawing = false
    }

    mutating func changeDrawing(_ shared: Shared, _ change: (inout Drawing) -> Void) {
        // Taken out, so that strokes grow in place.
        var drawing = drawing.take() ?? Drawing(for: shared.model)
        change(&drawing)
        self.drawing = drawing
    }

    mutating func undoStroke(_ shared: inout Shared) {
        var isUndone = false
        changeDrawing(shared) { isUndone = $0.undo() }
        if !isUndone { shared.note("no stroke to take back") }
    }

    mutating func toggleCentering(_ shared: inout Shared) {
        changeDrawing(shared) { $0.toggleCentering() }
        shared.note(
            drawing?.isCentered == true
                ? "scaled and centered, as digits are in MNIST" : "the model sees it as it is drawn")
    }

    mutating func mouseOnPad(_ action: MouseAction, at position: Position, _ shared: inout Shared) {
        let rect = ImagesLayout(shared).first
        let model = shared.model
        let place = Pad.Place(
            (Float(position.column - rect.column) + 0.5) * Float(model.width) / Float(max(1, rect.columns)),
            (Float(position.row - rect.row) + 0.5) * Float(model.height) / Float(max(1, rect.rows)))
        switch action {
        case .press: if rect.contains(position) { changeDrawing(shared) { $0.press(at: place) } }
        case .drag: changeDrawing(shared) { $0.drag(to: place) }
        case .release: changeDrawing(shared) { $0.release() }
        case .wheelUp, .wheelDown:
            if isOverPane(position, shared) { zoomLens(outward: action == .wheelDown, &shared) }
        }
    }
}
