import ArgumentParser

/// Which options of drawing do something for what a command writes: one that would do nothing is refused, so that nobody
/// looks for its effect in vain.
extension OutputFormat {
    /// `.png`
    var suffix: String {
        switch self {
        case .text: ".txt"
        case .pictures(let format): ".\(format.rawValue)"
        }
    }

    /// - Parameter width: what `--width` says.
    /// - Throws: `ValidationError`, naming the first option that this format has no use for.
    func check(_ drawing: DrawingOptions, width: Int?) throws {
        guard self != .text else { return }
        if width != nil {
            let instead = isShown ? "for \(suffix), --scale N enlarges the pixels" : "leave it out for \(suffix)"
            throw ValidationError("--width counts the columns of text: \(instead).")
        }
        if let option = drawing.givenForText.first {
            throw ValidationError("\(option) is about text: leave it out for \(suffix).")
        }
        if drawing.palette != nil, !isShown {
            throw ValidationError(
                "--palette colors text, .png and .gif: leave it out for \(suffix), which holds the values as they are.")
        }
    }
}

extension DrawingOptions {
    /// The options that were given and that text alone knows.
    fileprivate var givenForText: [String] {
        [
            ("--shading", shading != nil), ("--color", color != .auto), ("--background", background != nil),
            ("--cell-ratio", cellRatio != nil),
        ].filter(\.1).map(\.0)
    }
}
