import Testing

@testable import Deduction

@Suite("What a trial's score says")
struct TrialScoreTests {
    private let points: [Float] = [-1, 1, -1, 1, -1, 1, -1, 1]

    /// The score of answers that miss each point by so much, to alternate sides.
    private func score(missing error: Float) -> TrialScore {
        TrialScore(points.enumerated().map { $1 + ($0 % 4 < 2 ? error : -error) }, points)
    }

    @Test("Points count by how often their error is halved, and below a hundredth all answers are as good")
    func evidence() {
        let (near, far) = (score(missing: 0.4), score(missing: 0.8))
        // A quarter of the squared error: twice a half.
        #expect(abs(near.evidence - far.evidence - 2 * 0.693147) < 1e-4)
        #expect(score(missing: 0.05).evidence == score(missing: 0).evidence)
        #expect(score(missing: 3).evidence == score(missing: 30).evidence)
        #expect(TrialScore(points.map { _ in Float.nan }, points).evidence == score(missing: 30).evidence)
    }
}
