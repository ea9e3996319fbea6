/// The colors that a picture of at most 256 has: those of some pictures as they are where they are no more, else chosen
/// by median cut (Heckbert 1982). giflib has a quantizer too, but not in each of its releases.
struct ColorTable {
    typealias Color = SIMD3<UInt8>

    /// The most colors of a table.
    static let size = 256

    let colors: [Color]
    /// The entry of each color, where all colors are in the table.
    private let exact: [Color: UInt8]?
    /// The entry of the nearest color for each bin.
    private let nearest: [UInt8]

    /// Gray values from black to white: a value is its own entry.
    static var gray: [Color] { (0..<size).map { Color(repeating: UInt8($0)) } }

    /// - Parameter pixels: red, green and blue of each pixel, some thousand or some million.
    init(of pixels: [Color]) {
        var distinct: Set<Color> = []
        for pixel in pixels where distinct.count <= ColorTable.size { distinct.insert(pixel) }
        guard distinct.count > ColorTable.size else {
            colors = distinct.sorted { ($0.x, $0.y, $0.z) < ($1.x, $1.y, $1.z) }
            exact = Dictionary(uniqueKeysWithValues: zip(colors, 0...255))
            nearest = []
            return
        }
        var bins = [Bin](repeating: Bin(), count: 1 << 15)
        for pixel in pixels { bins[ColorTable.bin(of: pixel)].add(pixel) }
        var boxes = [ColorBox(bins.filter { $0.count > 0 })]
        while boxes.count < ColorTable.size {
            guard let widest = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }),
                let halves = boxes[widest].halves
            else { break }
            boxes[widest] = halves.0
            boxes.append(halves.1)
        }
        let colors = boxes.map(\.mean)
        self.colors = colors
        exact = nil
        nearest = bins.map { $0.count > 0 ? ColorTable.entry(nearestTo: $0.mean, in: colors) : 0 }
    }

    /// The entry that stands for a color of the pictures that the table was made of.
    func entry(of color: Color) -> UInt8 { exact.map { $0[color] ?? 0 } ?? nearest[ColorTable.bin(of: color)] }

    private static func bin(of color: Color) -> Int {
        Int(color.x >> 3) << 10 | Int(color.y >> 3) << 5 | Int(color.z >> 3)
    }

    private static func entry(nearestTo color: Color, in colors: [Color]) -> UInt8 {
        func distance(_ other: Color) -> Int {
            let difference = SIMD3<Int>(truncatingIfNeeded: color) &- SIMD3<Int>(truncatingIfNeeded: other)
            return (difference &* difference).wrappedSum()
        }
        let index = colors.indices.min { distance(colors[$0]) < distance(colors[$1]) } ?? 0
        return UInt8(index)
    }
}

/// The pixels whose colors agree in the upper five bits of each channel.
private struct Bin {
    var count = 0
    var sum = SIMD3<Int>()

    mutating func add(_ color: ColorTable.Color) {
        count += 1
        sum &+= SIMD3(truncatingIfNeeded: color)
    }

    var mean: ColorTable.Color { ColorTable.Color(truncatingIfNeeded: sum / max(1, count)) }
}

/// Bins that get one color together.
private struct ColorBox {
    private let bins: [Bin]
    private let axis: Int
    /// How much there is to gain by cutting it: its pixels times its longest side; 0 where it cannot be cut.
    let weight: Int

    init(_ bins: [Bin]) {
        self.bins = bins
        let means = bins.map(\.mean)
        let sides = (0..<3).map { axis in
            Int(means.map { $0[axis] }.max() ?? 0) - Int(means.map { $0[axis] }.min() ?? 0)
        }
        axis = (0..<3).max { sides[$0] < sides[$1] } ?? 0
        weight = bins.count < 2 ? 0 : sides[axis] * bins.reduce(0) { $0 + $1.count }
    }

    var mean: ColorTable.Color {
        bins.reduce(into: Bin()) { all, bin in
            all.count += bin.count
            all.sum &+= bin.sum
        }.mean
    }

    /// Cut across the longest side, so that each half has as many pixels as can be; nil where there is nothing to cut.
    var halves: (ColorBox, ColorBox)? {
        guard weight > 0 else { return nil }
        let sorted = bins.sorted { $0.mean[axis] < $1.mean[axis] }
        let half = sorted.reduce(0) { $0 + $1.count } / 2
        var (before, cut) = (0, 0)
        while cut < sorted.count - 1, cut == 0 || before + sorted[cut].count <= half {
            before += sorted[cut].count
            cut += 1
        }
        return (ColorBox(Array(sorted[..<cut])), ColorBox(Array(sorted[cut...])))
    }
}
