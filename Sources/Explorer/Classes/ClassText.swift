import Cells
import Latent

/// Classes in words.
extension Shared {
    /// What the data call a class; nil: they have no name for it but its number.
    func name(ofClass label: Int) -> String? {
        guard let names = cloud?.classNames, names.indices.contains(label), names[label] != "\(label)" else {
            return nil
        }
        return names[label]
    }

    /// "3", or "3 “Dress”" where it has a name.
    func className(_ label: Int) -> String {
        name(ofClass: label).map { "\(label) " + theme.typography.quoted(cellText($0)) } ?? "\(label)"
    }

    /// What the data call a class, cut to some columns; without a name of its own its mark, a digit or a letter.
    func shortName(ofClass label: UInt8, columns: Int = 16) -> String {
        name(ofClass: Int(label)).map { Screen.cut(cellText($0), to: columns, theme) }
            ?? String(Shared.classMark(label))
    }

    /// "3"; on the way from one class to another "60 % 3, 40 % 8", or where nothing lies between them the nearer one.
    func classNumbers(_ label: ClassMix) -> String {
        guard !label.isPure, model.blendsClasses else { return "\(label.nearest)" }
        return label.parts.map { "\(Int(($0.share * 100).rounded())) % \($0.label)" }.joined(separator: ", ")
    }

    /// The same with the class's name.
    func classText(_ label: ClassMix) -> String { label.isPure ? className(label.nearest) : classNumbers(label) }

    /// "class 3", with a blank before it, to stand beside a point; nothing of a model without classes.
    func classSuffix(_ point: LatentPoint) -> String { point.label.map { " class " + classNumbers($0) } ?? "" }

    /// The same as it is drawn, with the class's name.
    func classSpans(_ point: LatentPoint) -> [Span] {
        guard let label = point.label else { return [] }
        let style = theme.classStyle(UInt8(clamping: label.nearest), .strong)
        return [Span("  class ", theme.faint), Span(classText(label), style)]
    }

    /// A pane's title with the class that its picture is decoded as.
    func title(_ title: String, of point: LatentPoint?) -> String {
        guard let label = point?.label else { return title }
        return "\(title) as \(classNumbers(label))"
    }

    /// What stands in the bottom line of a view without a point of its own: the class, and whether it is that of all images.
    var classStatus: [Span] {
        guard model.classCount != nil else { return [] }
        guard let imagesClass else { return [Span("each its own class", theme.faint)] }
        return [
            Span("class ", theme.faint),
            Span(className(imagesClass), theme.classStyle(UInt8(clamping: imagesClass), .strong)),
            Span(" for all", theme.faint),
        ]
    }
}
