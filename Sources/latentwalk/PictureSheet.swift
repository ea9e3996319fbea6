import Pictures

/// Pictures in an order, ready to be shown.
struct PictureSheet {
    var pictures: [Picture]
    /// How many stand in a row.
    var columns: Int
}
