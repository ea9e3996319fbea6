/// Labels in an array: `[N]` or `[N, 1]` whole numbers, or rows `[N, classes]` with a single 1.
enum LabelArray {
    /// Reads the labels of the first images.
    ///
    /// - Parameter images: where the images are, for sentences.
    /// - Throws: ``DatasetError``
    static func read(
        _ array: StoredArray, images: ImageArray, limit: Int?
    ) throws(DatasetError) -> [UInt16] {
        let path = array.place.path
        let isRows = array.shape.count == 2 && array.shape[1] > 1
        guard array.shape.count == 1 || array.shape.count == 2, !array.shape.contains(0) else {
            throw .array(path: path, .labelShape(array.shape))
        }
        guard array.shape[0] == images.count else {
            throw .labelCount(
                labels: path, count: array.shape[0], images: images.array.place.path, expected: images.count)
        }
        let count = min(limit ?? images.count, images.count)
        var labels: [UInt16] = []
        labels.reserveCapacity(count)
        try array.forEachEntry(
            count,
            numbers: { (index, numbers) throws(DatasetError) in
                if isRows {
                    let ones = numbers.indices.filter { numbers[$0] == 1 }
                    guard ones.count == 1, numbers.count(where: { $0 == 0 }) == numbers.count - 1,
                        let label = UInt16(exactly: ones[0])
                    else { throw .array(path: path, .labelShape(array.shape)) }
                    labels.append(label)
                } else {
                    guard let label = UInt16(exactly: numbers[0]) else {
                        throw .array(path: path, .labels(place: index))
                    }
                    labels.append(label)
                }
            })
        return labels
    }
}
