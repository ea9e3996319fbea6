import Cells
import Latent
import Shading

/// What a drawing is taken for.
extension ImagesView {
    /// Asks the data where the answer puts the drawing, where that has not been done.
    mutating func refreshRecognition(_ shared: Shared) {
        guard isDrawing, let cloud = shared.cloud, cloud.count > 0, let mean = answer(shared)?.mean else {
            recognition = Reading()
            return
        }
        if recognition.point != mean { recognition = Reading(at: mean, in: cloud) }
    }

    /// "looks like 3, 96 %"; nil: there are no classes to say it with.
    func recognized(_ shared: Shared) -> [Span]? {
        guard recognition.point != nil, shared.cloud?.labels != nil else { return nil }
        let theme = shared.theme
        guard let best = recognition.classes.parts.first else { return [Span("no data near", theme.faint)] }
        let words = recognition.classes.support == .weak ? "few data near: " : "looks like "
        return [
            Span(words, theme.faint),
            Span(shared.shortName(ofClass: best.label), theme.classStyle(best.label, .strong)),
            Span(", " + Typography.percent(best.share), theme.strong),
        ]
    }

    /// "nearest #4213 “3”"; nil: there are no data.
    func nearestImage(_ shared: Shared) -> [Span]? {
        guard let cloud = shared.cloud, let image = recognition.nearest?.image, image < cloud.count else { return nil }
        let theme = shared.theme
        let number = [Span("nearest ", theme.faint), Span("#\(cloud.firstIndex + image)")]
        guard let label = cloud.labels?[image] else { return number }
        let name = theme.typography.quoted(shared.shortName(ofClass: label))
        return number + [Span(" "), Span(name, theme.classStyle(label, .strong))]
    }

    /// Where its picture is shown, beside the numbers; nil: there is no room.
    func nearestRect(_ shared: Shared) -> Rect? {
        let (numbers, model) = (ImagesLayout(shared).numbers, shared.model)
        guard isDrawing, recognition.nearest != nil, numbers.rows >= 5, numbers.columns >= 46 else { return nil }
        let size = Shader.fittingSize(
            of: (model.width, model.height), in: Size(columns: numbers.columns / 3, rows: numbers.rows),
            cellRatio: shared.theme.profile.cellRatio)
        return Rect(
            column: numbers.column + numbers.columns - size.columns - 1, row: numbers.row, columns: size.columns,
            rows: size.rows)
    }

    /// What an empty pad says, in the words of the data.
    func invitation(_ shared: Shared) -> String {
        "draw \(shared.hasDigits ? "a digit" : "something") with the mouse, or arrows and space"
    }
}

extension Shared {
    /// Whether the data are handwritten digits, as far as can be told: gray, their classes 0 to 9 without names.
    fileprivate var hasDigits: Bool {
        guard let cloud, model.channels == 1, !cloud.classes.isEmpty else { return false }
        let name = cloud.name.lowercased()
        return cloud.classes.allSatisfy { $0 <= 9 && self.name(ofClass: Int($0)) == nil }
            && (name.hasPrefix("mnist") || name.hasPrefix("sample") || name.contains("digit"))
    }
}
