/// Two directions at an inner point of a curve in a plane, along it and aside, and two places aside: what the decoder's
/// derivatives there are found by.
struct PlaneFrame {
    /// How far aside: images bend little over it, and differ by much more than their rounding.
    private static let reach: Float = 2e-3

    /// From the neighbor before to the one after.
    private let along: SIMD2<Float>
    /// From ``below`` to ``above``, as far as single precision tells them apart.
    private let across: SIMD2<Float>
    /// A place's two coordinates.
    let below: [Float]
    let above: [Float]

    /// - Parameters:
    ///   - point: neither the first nor the last.
    ///   - coordinates: the curve's, `[points, 2]`.
    init(at point: Int, of coordinates: [Float]) {
        func place(_ index: Int) -> SIMD2<Float> { SIMD2(coordinates[2 * index], coordinates[2 * index + 1]) }
        let (before, here, after) = (place(point - 1), place(point), place(point + 1))
        along = after - before
        let length = (along * along).sum().squareRoot()
        // Where the neighbors are one there is no along: any direction will do.
        let unit = length > 0 ? along / length : SIMD2(1, 0)
        let aside = PlaneFrame.reach * SIMD2(-unit.y, unit.x)
        let (low, high) = (here - aside, here + aside)
        across = high - low
        (below, above) = ([low.x, low.y], [high.x, high.y])
    }

    /// The derivatives by the plane's two coordinates; along the curve they are 0 where its neighbors are one.
    ///
    /// - Parameters:
    ///   - sides: the images at ``below`` and ``above``, `[2, elements]`.
    ///   - neighbors: the images at the point before, the point and the point after, `[3, elements]`.
    ///   - tangents: `[2, elements]`; overwritten.
    func differentiate(
        _ sides: ArraySlice<Float>, neighbors: ArraySlice<Float>, into tangents: UnsafeMutablePointer<Float>
    ) {
        let elements = sides.count / 2
        // J a = A and J c = C for the two directions a and c give J = A a*ᵀ + C c*ᵀ, with their dual directions.
        let area = along.x * across.y - along.y * across.x
        let scale = abs(area) > 0 ? 1 / area : 0
        let normal = (across * across).sum()
        let dualAlong = scale * SIMD2(across.y, -across.x)
        let dualAcross = scale != 0 ? scale * SIMD2(-along.y, along.x) : across / normal
        sides.withUnsafeBufferPointer { sides in
            neighbors.withUnsafeBufferPointer { neighbors in
                for element in 0..<elements {
                    let change = neighbors[2 * elements + element] - neighbors[element]
                    let aside = sides[elements + element] - sides[element]
                    tangents[element] = dualAlong.x * change + dualAcross.x * aside
                    tangents[elements + element] = dualAlong.y * change + dualAcross.y * aside
                }
            }
        }
    }
}
