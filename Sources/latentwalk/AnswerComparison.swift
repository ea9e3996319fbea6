import JSON
import Neural
import VAE

/// What two models answer to the same questions: pictures of the same points of the prior, and codes of the same pictures.
struct AnswerComparison {
    static let points = 16

    /// The largest difference of two pixels, in 0…1; nil where the models' points or images have other shapes.
    let pictures: Double?
    /// The largest difference of two means of the pictures that the first one makes; nil where one has no encoder.
    let means: Double?

    init(_ first: Model, _ second: Model, pool: WorkerPool) {
        let (left, right) = (first.architecture, second.architecture)
        guard left.latent.count == right.latent.count, left.image == right.image else {
            (pictures, means) = (nil, nil)
            return
        }
        let count = AnswerComparison.points
        var generator = CounterGenerator(seed: 0, purpose: .evaluation, position: 0)
        let points = generator.normals(count * left.latentSize)
        let images = Decoder(first, pool: pool, maximumBatch: count).decode(points, count: count)
        let others = Decoder(second, pool: pool, maximumBatch: count).decode(points, count: count)
        pictures = AnswerComparison.largest(images, others)
        let inside = images.map { $0 > 0 ? min($0, 1) : 0 }
        guard let one = try? Encoder(first, pool: pool), let other = try? Encoder(second, pool: pool) else {
            means = nil
            return
        }
        means = AnswerComparison.largest(
            one.encode(inside, count: count).means, other.encode(inside, count: count).means)
    }

    private static func largest(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { most, pair in
            if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return most }
            let difference = abs(Double(pair.0) - Double(pair.1))
            return difference.isFinite ? max(most, difference) : .infinity
        }
    }

    var lines: [String] {
        guard let pictures else {
            return ["their points or images have other shapes, so that no pictures can be compared"]
        }
        let decoded = "decoded at \(AnswerComparison.points) points of the prior: "
        var lines = [
            decoded + (pictures == 0 ? "the same pictures" : "pixels (0…1) differ by \(brief(pictures)) at most")
        ]
        if let means {
            lines.append(
                "those pictures encoded: " + (means == 0 ? "the same means" : "means differ by \(brief(means)) at most")
            )
        }
        return lines
    }

    var json: JSONValue {
        .object([
            "points": .integer(AnswerComparison.points), "pictures": pictures.map(finite) ?? .null,
            "means": means.map(finite) ?? .null,
        ])
    }
}
