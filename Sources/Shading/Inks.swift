import Cells

/// A color that the terminal has, and the tone that it stands for.
struct Ink: Sendable {
    let color: Color
    let value: Float
}

/// The colors to draw with: for any value, the nearest one there is.
protocol Inks: Sendable {
    associatedtype Value: Sample
    /// The value of the nearest color.
    func nearest(_ value: Value) -> Value
    /// The nearest color.
    func color(of value: Value) -> Color
    /// All colors where there are so few that each pair of them may be tried.
    var few: FewInks<Value>? { get }
    /// Whether there are so many that any value in 0…1 is one, as good as.
    var isFine: Bool { get }
}

/// Inks for tones: one palette on one terminal, from dark to light.
struct ToneInks: Inks {
    /// In the order of their values.
    let inks: [Ink]
    /// For each of 1,024 tones, the index of the nearest ink.
    private let lookup: [UInt8]

    /// The number of tones in direct color. Two of them make a cell, and a terminal library holds 65,536 pairs of
    /// colors: 240² of them leave room for everything else on the screen.
    private static let directToneCount = 240

    init(palette: Palette, depth: ColorDepth) {
        switch depth {
        case .direct: self.init(ToneInks.direct(palette))
        case .palette256: self.init(palette.isGray ? ToneInks.grays256(palette) : ToneInks.map256(palette))
        case .palette16: self.init(ToneInks.grays(TerminalPalette.grays16, palette))
        case .palette8, .none: self.init(ToneInks.grays(TerminalPalette.grays8, palette))
        }
    }

    private init(_ inks: [Ink]) {
        let inks = inks.sorted { $0.value < $1.value }
        self.inks = inks
        few = inks.count <= FewInks<Float>.largestCount ? FewInks(inks.map(\.value)) : nil
        lookup = (0..<1024).map { tone in
            let value = Float(tone) / 1023
            return UInt8(inks.indices.min { abs(inks[$0].value - value) < abs(inks[$1].value - value) }!)
        }
    }

    let few: FewInks<Float>?
    var isFine: Bool { inks.count == ToneInks.directToneCount }

    func nearest(_ value: Float) -> Float { inks[index(of: value)].value }
    func color(of value: Float) -> Color { inks[index(of: value)].color }

    private func index(of value: Float) -> Int { Int(lookup[Int(value.limitedToUnit * 1023 + 0.5)]) }

    private static func direct(_ palette: Palette) -> [Ink] {
        (0..<directToneCount).map { step in
            let tone = Float(step) / Float(directToneCount - 1)
            return Ink(color: Color(palette.color(of: tone)), value: tone)
        }
    }

    private static func grays256(_ palette: Palette) -> [Ink] { grays(TerminalPalette.grays256, palette) }

    /// Grays by their index and lightness; under ``Palette/inverted`` light ones stand for dark tones.
    private static func grays(_ grays: [(index: UInt8, level: UInt8)], _ palette: Palette) -> [Ink] {
        grays.map { gray in
            let value = Float(gray.level) / 255
            return Ink(color: .indexed(gray.index), value: palette == .inverted ? 1 - value : value)
        }
    }

    /// A map falls onto few of the 256 entries: each run of tones with the same nearest entry becomes one ink.
    private static func map256(_ palette: Palette) -> [Ink] {
        var runs: [(index: UInt8, tones: [Float])] = []
        for step in 0..<256 {
            let tone = Float(step) / 255
            let (red, green, blue) = palette.color(of: tone)
            let index = TerminalPalette.nearest256(SIMD4(red, green, blue, 0)).index
            if runs.last?.index == index {
                runs[runs.count - 1].tones.append(tone)
            } else {
                runs.append((index, [tone]))
            }
        }
        return runs.map { Ink(color: .indexed($0.index), value: $0.tones.reduce(0, +) / Float($0.tones.count)) }
    }
}

/// Inks for colors in direct color.
struct DirectInks: Inks {
    let few: FewInks<SIMD4<Float>>? = nil
    let isFine = true

    func nearest(_ value: SIMD4<Float>) -> SIMD4<Float> { value.limitedToUnit }
    func color(of value: SIMD4<Float>) -> Color { Color((value.x, value.y, value.z)) }
}

/// Inks for colors in the 256-color palette, whose luma counts more.
struct PaletteInks: Inks {
    let few: FewInks<SIMD4<Float>>? = nil
    let isFine = false

    /// More of it shows lightness smoother and colors less truly: on color pictures in half blocks, 28×14 cells, 30.4 dB
    /// and an SSIM of .951 without, 30.2 and .957 with 1, 29.8 and .963 with 2; chafa has 27.2 and .952.
    static let lumaWeight: Float = 1

    private static let steps = 32
    private static let values = TerminalPalette.cubeAndGrays.map { $0.weighed(luma: lumaWeight) }
    /// For each color of so many steps a channel, the nearest entry's place among the values.
    private static let lookup: [UInt8] = (0..<steps * steps * steps).map { place in
        let color = SIMD4<Float>(Float(place / (steps * steps)), Float(place / steps % steps), Float(place % steps), 0)
        let wanted = (color * (1 / Float(steps - 1))).weighed(luma: lumaWeight)
        var (best, least) = (0, Float.infinity)
        for (index, value) in values.enumerated() {
            let distance = (value - wanted).squaredLength
            if distance < least { (best, least) = (index, distance) }
        }
        return UInt8(best)
    }

    func nearest(_ value: SIMD4<Float>) -> SIMD4<Float> { PaletteInks.values[index(of: value)] }
    func color(of value: SIMD4<Float>) -> Color { .indexed(UInt8(16 + index(of: value))) }

    private func index(of value: SIMD4<Float>) -> Int {
        let steps = PaletteInks.steps
        let place = value.limitedToUnit * Float(steps - 1) + 0.5
        return Int(PaletteInks.lookup[(Int(place.x) * steps + Int(place.y)) * steps + Int(place.z)])
    }
}

/// Inks for colors among the terminal's own sixteen or eight, whose luma counts most.
struct SystemInks: Inks {
    let few: FewInks<SIMD4<Float>>?
    let isFine = false
    /// Without it colors are mixed of neighbors that differ most in lightness, which is what an eye sees as noise.
    let lumaWeight: Float
    private let colors: [SIMD4<Float>]

    init(depth: ColorDepth, glyphs: Glyphs) {
        // Halves are rough in sixteen colors without more of it; in eight, hues would suffer.
        let lumaWeight: Float = glyphs == .halves && depth == .palette16 ? 4.5 : 3
        self.lumaWeight = lumaWeight
        colors = TerminalPalette.system.prefix(depth == .palette8 ? 8 : 16).map { $0.weighed(luma: lumaWeight) }
        few = FewInks(colors)
    }

    func nearest(_ value: SIMD4<Float>) -> SIMD4<Float> { colors[index(of: value)] }
    func color(of value: SIMD4<Float>) -> Color { .indexed(UInt8(index(of: value))) }

    private func index(of value: SIMD4<Float>) -> Int {
        var (best, leastDistance) = (0, Float.infinity)
        for (index, color) in colors.enumerated() {
            let distance = (color - value).squaredLength
            if distance < leastDistance { (best, leastDistance) = (index, distance) }
        }
        return best
    }
}

extension Color {
    /// Direct color from red, green and blue in 0…1.
    init(_ color: (red: Float, green: Float, blue: Float)) {
        func byte(_ value: Float) -> UInt8 { UInt8(value.limitedToUnit * 255 + 0.5) }
        self = .rgb(byte(color.red), byte(color.green), byte(color.blue))
    }
}
