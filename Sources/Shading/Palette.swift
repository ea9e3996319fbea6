/// The colors in which the tones 0…1 of a picture are shown.
///
/// Pictures of three channels keep their own colors under ``gray`` and ``inverted``; the other palettes color their
/// luma. In sixteen colors or fewer only pictures with colors of their own are shown in any but grays, since users choose
/// what "red" looks like.
public enum Palette: String, CaseIterable, Sendable {
    /// Black to white.
    case gray
    /// White to black.
    case inverted
    /// Dark violet over green to yellow: even in lightness, told apart by color-blind people.
    case viridis
    /// Black over purple and orange to pale yellow: even in lightness, and the better map in 256 colors.
    case magma
    /// Two inks: deep blue shadows, warm paper lights.
    case twoTone = "two-tone"

    /// The color of a tone, as red, green and blue in 0…1 (sRGB).
    ///
    /// - Parameter tone: 0…1; limited to that.
    public func color(of tone: Float) -> (red: Float, green: Float, blue: Float) {
        let tone = tone.limitedToUnit
        switch self {
        case .gray: return (tone, tone, tone)
        case .inverted: return (1 - tone, 1 - tone, 1 - tone)
        case .viridis: return ColorMap.viridis.color(of: tone)
        case .magma: return ColorMap.magma.color(of: tone)
        case .twoTone: return ColorMap.twoTone.color(of: tone)
        }
    }

    /// Whether the palette is a scale of grays, and so may show a color picture's own colors.
    public var isGray: Bool { self == .gray || self == .inverted }
}
