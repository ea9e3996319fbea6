import Cells
import Pictures
import Shading

/// Draws a quantity over a plane by colors, or by shades where there are no colors to do it with.
struct HeatMap {
    private let shader: Shader
    /// Whether tones are shades of ink, one a cell: where there are 16 colors or fewer, none of them known. A map needs tones
    /// more than outlines.
    let isShaded: Bool

    /// - Parameter preferences: how pictures are drawn. A map takes their palette where it has colors, else magma, which is
    ///   even in lightness, and the better one in 256 colors.
    init(_ preferences: Preferences, on profile: TerminalProfile) {
        isShaded = [.none, .palette8, .palette16].contains(profile.depth)
        let palette: Palette = preferences.palette.isGray ? .magma : preferences.palette
        shader = Shader(
            mode: isShaded ? nil : preferences.shading, palette: isShaded ? preferences.palette : palette,
            profile: profile)
    }

    /// - Parameter tones: gray, 0 for the least.
    func draw(_ tones: Picture, into canvas: inout Canvas, rect: Rect) {
        if isShaded {
            shader.drawShades(tones, into: &canvas, rect: rect)
        } else {
            shader.draw(tones, into: &canvas, rect: rect)
        }
    }
}

extension Shared {
    var heatMap: HeatMap { HeatMap(preferences, on: theme.profile) }
}
