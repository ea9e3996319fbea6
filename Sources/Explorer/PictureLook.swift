import Cells
import Shading

/// How pictures are drawn: what was chosen, and the terminal. What is drawn once and kept depends on it.
struct PictureLook: Hashable, Sendable {
    /// Nil: as suits the terminal and the size.
    var shading: ShadingMode?
    var palette: Palette
    var terminal: TerminalProfile

    var shader: Shader { Shader(mode: shading, palette: palette, profile: terminal) }
}
