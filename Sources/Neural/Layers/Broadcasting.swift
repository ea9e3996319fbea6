extension Layer {
    /// The shape of an elementwise function of several values: along each axis they have one extent, or the others are
    /// repeated along a value's extent of 1, as in NumPy and PyTorch.
    ///
    /// All have as many axes: PyTorch counts from the last one, and would take the batch for an axis of the other value.
    func broadcast(_ shapes: [Shape]) throws(ArchitectureError) -> Shape {
        var extents = shapes[0].extents
        for shape in shapes.dropFirst() {
            try expect(
                shape.extents.count == extents.count, shape,
                "values of \(counted(extents.count, "axis", "axes")) without the batch's")
            extents = zip(extents, shape.extents).map { $0 == 1 ? $1 : $0 }
        }
        for shape in shapes {
            let fits = zip(shape.extents, extents).allSatisfy { $0 == $1 || $0 == 1 }
            try expect(fits, shape, "extents of 1 or those of \(Shape.text(of: extents))")
        }
        return try Shape(extents)
    }
}
