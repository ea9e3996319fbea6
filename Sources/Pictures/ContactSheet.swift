extension Picture {
    /// The most pictures that stand in one row of a sheet of few.
    private static let longestRow = 10

    /// Several pictures as one, in reading order without gaps: up to ten in a row, more in rows that make the sheet
    /// about as many pictures wide as high. Places that stay empty in the last row are black, or
    /// transparent where the pictures have opacity.
    ///
    /// - Parameter columns: how many stand in a row; nil: as said above.
    /// - Precondition: there is a picture, and all have the same width, height and channels.
    public static func sheet(of pictures: [Picture], columns: Int? = nil) -> Picture {
        precondition(!pictures.isEmpty, "a sheet has pictures")
        let (width, height, channels) = (pictures[0].width, pictures[0].height, pictures[0].channels)
        let usual =
            pictures.count <= longestRow ? pictures.count : Int(Double(pictures.count).squareRoot().rounded(.up))
        let columns = max(1, min(pictures.count, columns ?? usual))
        let rows = (pictures.count + columns - 1) / columns
        let (line, stride) = (width * channels, columns * width * channels)
        var values = [Float](repeating: 0, count: rows * height * stride)
        for (index, picture) in pictures.enumerated() {
            precondition(
                picture.width == width && picture.height == height && picture.channels == channels,
                "the pictures of a sheet are alike")
            let corner = index / columns * height * stride + index % columns * line
            for row in 0..<height {
                let place = corner + row * stride
                values.replaceSubrange(place..<place + line, with: picture.values[row * line..<(row + 1) * line])
            }
        }
        return Picture(width: columns * width, height: rows * height, channels: channels, values: values)
    }
}
