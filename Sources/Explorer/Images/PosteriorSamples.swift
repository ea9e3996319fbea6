import Latent
import Pictures

/// Decoded draws from one posterior, as far as they have come.
struct PosteriorSamples: Sendable {
    /// How many are drawn.
    static let count = 16

    let subject: ReconstructionSubject
    let inference: InferenceMethod
    let spread: SampleSpread
    let number: Int
    let points: [LatentPoint]
    var pictures: [Picture] = []
}

/// How far draws are spread: a narrow posterior's all look alike, those of a wider one show what it is about.
enum SampleSpread: Int, CaseIterable, Hashable, Sendable {
    /// There are none.
    case off = 0
    case once = 1
    case fivefold = 5
    case twentyfold = 20

    var next: SampleSpread {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }

    /// A draw with its distance from the answer multiplied.
    func stretch(_ draw: LatentPoint, from mean: LatentPoint) -> LatentPoint {
        guard self != .once else { return draw }
        return mean.interpolated(to: draw, share: Float(rawValue)).labelled(draw.label)
    }
}

extension Typography {
    /// "samples", "samples, σ×5"
    func samples(_ spread: SampleSpread) -> String {
        spread.rawValue > 1
            ? "samples, \(deviation)\(glyphs == .ascii ? " " : "")\(times)\(spread.rawValue)" : "samples"
    }
}
