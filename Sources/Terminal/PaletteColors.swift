import Cells

/// xterm's 256 colours as numbers, for cells whose colour is of another kind than the terminal's depth.
enum PaletteColors {
    /// 0xRRGGBB of a palette entry. The first sixteen are xterm's defaults; a theme may have others.
    static func rgb(_ index: UInt8) -> UInt32 {
        switch index {
        case ..<16: return base[Int(index)]
        case ..<232:
            let cube = Int(index) - 16
            return pack(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        default:
            let gray = 8 + 10 * (Int(index) - 232)
            return pack(gray, gray, gray)
        }
    }

    /// The nearest of the first `count` entries, by squared distance in sRGB. In 256 colours the themes' sixteen are
    /// left alone.
    static func nearest(_ red: UInt8, _ green: UInt8, _ blue: UInt8, count: Int) -> UInt8 {
        let candidates = count >= 256 ? 16..<256 : 0..<min(count, 16)
        func distance(_ index: Int) -> Int {
            let other = rgb(UInt8(index))
            let r = Int(red) - Int(other >> 16 & 255)
            let g = Int(green) - Int(other >> 8 & 255)
            let b = Int(blue) - Int(other & 255)
            return r * r + g * g + b * b
        }
        return UInt8(candidates.min { distance($0) < distance($1) } ?? 0)
    }

    private static func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }

    private static func pack(_ red: Int, _ green: Int, _ blue: Int) -> UInt32 {
        UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }

    private static let base: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
}
