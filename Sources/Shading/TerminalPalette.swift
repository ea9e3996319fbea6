/// The indexed colors of terminals, as far as they can be relied on.
enum TerminalPalette {
    /// The levels of the 6×6×6 cube in entries 16…231.
    private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]

    /// The 30 grays among entries 16…255: the ramp 8, 18 … 238 and the cube's diagonal.
    static let grays256: [(index: UInt8, level: UInt8)] =
        (0..<24).map { (UInt8(232 + $0), UInt8(8 + 10 * $0)) }
        + (0..<6).map { (UInt8(16 + 43 * $0), cubeLevels[$0]) }

    /// The grays among the first sixteen, with the levels of the VGA palette: that of the consoles which have no more,
    /// and between those of xterm and of other emulators. Themes change the other twelve at will.
    static let grays16: [(index: UInt8, level: UInt8)] = [(0, 0), (8, 85), (7, 170), (15, 255)]

    /// Black and white among the first eight, with xterm's level.
    static let grays8: [(index: UInt8, level: UInt8)] = [(0, 0), (7, 229)]

    /// All sixteen as VGA has them, for pictures in color; red, green, blue in 0…1. Themes change them, but seldom their
    /// hues. The fourth is brown on VGA's own screens alone, yellow in windows: yellow taken for brown is much too light.
    static let system: [SIMD4<Float>] = [
        0x000000, 0xAA0000, 0x00AA00, 0xAAAA00, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
        0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
    ].map { (rgb: UInt32) in
        SIMD4(Float(rgb >> 16), Float(rgb >> 8 & 255), Float(rgb & 255), 0) / 255
    }

    /// Entries 16…255; red, green, blue in 0…1.
    static let cubeAndGrays: [SIMD4<Float>] = {
        let levels = cubeLevels.map { Float($0) / 255 }
        let cube = (0..<216).map { SIMD4<Float>(levels[$0 / 36], levels[$0 / 6 % 6], levels[$0 % 6], 0) }
        let grays = (0..<24).map { SIMD4<Float>(SIMD3(repeating: Float(8 + 10 * $0) / 255), 0) }
        return cube + grays
    }()

    /// The entry of 16…255 nearest to a color (red, green, blue in 0…1), and what it looks like.
    static func nearest256(_ color: SIMD4<Float>) -> (index: UInt8, value: SIMD4<Float>) {
        let color = color.limitedToUnit
        let cube = (cubeStep(color.x), cubeStep(color.y), cubeStep(color.z))
        let inCube =
            SIMD4(
                Float(cubeLevels[cube.0]), Float(cubeLevels[cube.1]), Float(cubeLevels[cube.2]), 0)
            * (1 / 255)
        // The gray nearest to a color is the one nearest to the mean of its channels.
        let mean = (color.x + color.y + color.z) * (255 / 3)
        let step = min(23, max(0, Int((mean - 8) / 10 + 0.5)))
        let level = Float(8 + 10 * step) / 255
        let onRamp = SIMD4(level, level, level, 0)
        if (onRamp - color).squaredLength < (inCube - color).squaredLength {
            return (UInt8(232 + step), onRamp)
        }
        return (UInt8(16 + 36 * cube.0 + 6 * cube.1 + cube.2), inCube)
    }

    /// The step of the cube nearest to a channel.
    private static func cubeStep(_ channel: Float) -> Int {
        let level = channel * 255
        if level < 47.5 { return 0 }
        if level < 115 { return 1 }
        return min(5, Int((level - 95) / 40 + 0.5) + 1)
    }
}
