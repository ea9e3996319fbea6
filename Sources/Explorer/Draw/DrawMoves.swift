import Cells

/// What the keys and the mouse do on the pad.
extension Shared {
    mutating func beginDrawing() -> [Effect] {
        guard model.hasEncoder else {
            fail("this model has no encoder, so it cannot place a drawing")
            return []
        }
        changeDrawing { _ in }
        forgetNote()
        changeImages { $0.isDrawing = true }
        return []
    }

    mutating func endDrawing() {
        changeDrawing { $0.liftPen() }
        forgetNote()
        changeImages { $0.isDrawing = false }
    }

    mutating func changeDrawing(_ change: (inout Drawing) -> Void) {
        let model = model
        changeImages { own in
            // Taken out, so that strokes grow in place.
            var drawing = own.drawing.take() ?? Drawing(for: model)
            change(&drawing)
            own.drawing = drawing
        }
    }

    mutating func undoStroke() {
        var isUndone = false
        changeDrawing { isUndone = $0.undo() }
        if !isUndone { note("no stroke to take back") }
    }

    mutating func toggleCentering() {
        changeDrawing { $0.toggleCentering() }
        note(
            self[ImagesView.self].drawing?.isCentered == true
                ? "scaled and centered, as digits are in MNIST" : "the model sees it as it is drawn")
    }

    mutating func mouseOnPad(_ action: MouseAction, at position: Position) {
        let rect = imagesLayout.first
        let model = model
        let place = Pad.Place(
            (Float(position.column - rect.column) + 0.5) * Float(model.width) / Float(max(1, rect.columns)),
            (Float(position.row - rect.row) + 0.5) * Float(model.height) / Float(max(1, rect.rows)))
        switch action {
        case .press: if rect.contains(position) { changeDrawing { $0.press(at: place) } }
        case .drag: changeDrawing { $0.drag(to: place) }
        case .release: changeDrawing { $0.release() }
        case .wheelUp, .wheelDown: break
        }
    }
}
