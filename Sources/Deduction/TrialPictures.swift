/// Pictures to try answers on.
public struct TrialPictures: Sendable {
    /// `[channels, height, width]`.
    public let shape: [Int]
    /// In 0…1, one picture after the other.
    public let values: [Float]
    /// The pictures' classes; nil where they have none.
    public let labels: [Int]?

    var count: Int { values.count / max(1, shape.reduce(1, *)) }

    /// - Precondition: the values are whole pictures.
    public init(shape: [Int], values: [Float], labels: [Int]? = nil) {
        precondition(values.count % max(1, shape.reduce(1, *)) == 0, "whole pictures")
        (self.shape, self.values, self.labels) = (shape, values, labels)
    }

    /// Whether another size is near enough, and has as many channels.
    func canBeResized(to wanted: [Int]) -> Bool {
        shape.count == 3 && wanted.count == 3 && wanted[0] == shape[0]
            && (1...2).allSatisfy { wanted[$0] <= 2 * shape[$0] && wanted[$0] >= shape[$0] / 2 }
    }

    /// The pictures in another size: bilinear, corners not aligned; nil for other numbers of channels.
    func resized(to wanted: [Int]) -> TrialPictures? {
        guard canBeResized(to: wanted) else { return nil }
        guard wanted != shape else { return self }
        var made: [Float] = []
        made.reserveCapacity(count * wanted.reduce(1, *))
        let rows = TrialPictures.places(shape[1], wanted[1])
        let columns = TrialPictures.places(shape[2], wanted[2])
        for plane in 0..<(count * shape[0]) {
            let start = plane * shape[1] * shape[2]
            for row in rows {
                for column in columns {
                    func value(_ y: Int, _ x: Int) -> Float { values[start + y * shape[2] + x] }
                    let upper =
                        value(row.low, column.low) * (1 - column.part) + value(row.low, column.high) * column.part
                    let lower =
                        value(row.high, column.low) * (1 - column.part) + value(row.high, column.high) * column.part
                    made.append(upper * (1 - row.part) + lower * row.part)
                }
            }
        }
        return TrialPictures(shape: wanted, values: made, labels: labels)
    }

    /// The pictures in the middle of larger ones that are black around, as digits of 28 pixels are brought to 32; nil for
    /// other sizes.
    func framed(to wanted: [Int]) -> TrialPictures? {
        guard shape.count == 3, wanted.count == 3, wanted[0] == shape[0] else { return nil }
        let (top, left) = ((wanted[1] - shape[1]) / 2, (wanted[2] - shape[2]) / 2)
        guard (1...8).contains(top), (1...8).contains(left) else { return nil }
        let rows = count * shape[0] * shape[1]
        var made = [Float](repeating: 0, count: count * wanted.reduce(1, *))
        for row in 0..<rows {
            let (plane, line) = row.quotientAndRemainder(dividingBy: shape[1])
            let start = (plane * wanted[1] + line + top) * wanted[2] + left
            made.replaceSubrange(start..<start + shape[2], with: values[row * shape[2]..<(row + 1) * shape[2]])
        }
        return TrialPictures(shape: wanted, values: made, labels: labels)
    }

    private static func places(_ from: Int, _ to: Int) -> [(low: Int, high: Int, part: Float)] {
        (0..<to).map { place in
            let at = max(0, (Float(place) + 0.5) * Float(from) / Float(to) - 0.5)
            let low = min(from - 1, Int(at))
            return (low, min(from - 1, low + 1), at - Float(low))
        }
    }

    func prefix(_ most: Int) -> TrialPictures {
        let used = min(count, most)
        return TrialPictures(
            shape: shape, values: Array(values.prefix(used * shape.reduce(1, *))),
            labels: labels.map { Array($0.prefix(used)) })
    }
}
