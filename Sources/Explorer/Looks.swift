import Cells
import Latent
import Shading

/// How things are drawn, as keys and commands choose it.
extension Shared {
    mutating func nextPlane() -> [Effect] {
        guard explore.plane != nil else {
            note("a line has the data alone behind it: 2 shows the pictures along it")
            return []
        }
        return choose(plane: PlaneBackground.allCases.next(after: preferences.plane))
    }

    mutating func choose(plane: PlaneBackground) -> [Effect] {
        let effects = prefer { $0.plane = plane }
        note("plane: " + planeName)
        return effects
    }

    mutating func choose(background: TerminalBackground?) -> [Effect] {
        let effects = prefer { $0.background = background }
        see(terminal: terminal)
        note("background: " + (background?.rawValue ?? "\(terminal.background?.rawValue ?? "unknown"), as found out"))
        return effects
    }

    /// Draws for a terminal of which more has become known, or something else was said.
    mutating func see(terminal: TerminalProfile) {
        self.terminal = terminal
        var profile = terminal
        profile.background = preferences.background ?? terminal.background
        guard profile != theme.profile else { return }
        theme = Theme(profile: profile, borders: borders)
    }

    var look: PictureLook {
        PictureLook(shading: preferences.shading, palette: preferences.palette, terminal: theme.profile)
    }

    var shader: Shader { look.shader }

    /// Goes round the terminal's modes. The first one comes last: where pictures fit it is what suits best anyway, and
    /// the first press should change something.
    mutating func nextShading() -> [Effect] {
        let modes = Shader.modes(for: theme.profile).map(Optional.some)
        return choose(shading: ([nil] + modes.dropFirst() + modes.prefix(1)).next(after: preferences.shading))
    }

    mutating func choose(shading: ShadingMode?) -> [Effect] {
        let offered = Shader.modes(for: theme.profile)
        if let shading, !offered.contains(shading) {
            fail(
                "This terminal's font may not have \(shading.rawValue): there are "
                    + offered.map(\.rawValue).joined(separator: ", ") + ".")
            return []
        }
        note("shading: " + (shading?.rawValue ?? "as suits terminal and size"))
        return prefer { $0.shading = shading }
    }

    mutating func nextPalette() -> [Effect] { choose(palette: Palette.allCases.next(after: preferences.palette)) }

    mutating func choose(palette: Palette) -> [Effect] {
        note("colors: \(palette.rawValue)")
        return prefer { $0.palette = palette }
    }
}

extension Array where Element: Equatable {
    /// The element behind another, the first one behind the last.
    func next(after element: Element) -> Element {
        let place = firstIndex(of: element).map { $0 + 1 } ?? 0
        return self[place % count]
    }
}
