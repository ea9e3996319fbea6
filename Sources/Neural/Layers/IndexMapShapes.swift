/// What index maps are made of.
extension Shape {
    /// The same extents but for one.
    func replacing(_ place: Int, by extent: Int) throws(ArchitectureError) -> Shape {
        var extents = extents
        extents[place] = extent
        return try Shape(extents)
    }

    /// The numbers of the elements at some places of some axes, at all places of the others.
    ///
    /// - Parameter places: for each such axis; −1 for nothing.
    func elements(at places: [Int: [Int]]) -> [Int32] {
        let strides = rowMajorStrides(extents)
        return gatheredIndices(
            extents.indices.map { axis in
                (places[axis] ?? Array(0..<extents[axis])).map { $0 < 0 ? -1 : $0 * strides[axis] }
            })
    }

    /// The numbers of all elements, with the axes in another order.
    ///
    /// - Parameter order: for each axis of the result the axis that it was.
    func permuted(_ order: [Int]) -> [Int32] { permutedIndices(extents, order) }
}

/// The numbers of all elements of some extents, with the axes in another order.
func permutedIndices(_ extents: [Int], _ order: [Int]) -> [Int32] {
    let strides = rowMajorStrides(extents)
    return gatheredIndices(order.map { axis in (0..<extents[axis]).map { $0 * strides[axis] } })
}
