import Explorer
import Latent
import Testing

@testable import Session

@Suite("How well codes say that a model is")
struct RunAssessmentsTests {
    @Test("Divergences, active latents and what is wrong come of the codes")
    func codes() throws {
        let cloud = LatentCloud(
            name: "codes", dimension: 2, means: [1, 0, -1, 0], deviations: [1, 0.5, 1, 0.5])
        let assessment = try #require(RunAssessment(cloud))
        // By hand: 1/2, and (1/4 + ln 4 − 1)/2.
        #expect(abs(assessment.divergences[0] - 0.5) < 1e-6 && abs(assessment.divergences[1] - 0.318147) < 1e-5)
        #expect(assessment.activeLatents == 1 && assessment.finding == nil)
    }

    @Test("Collapse and explosion are told as after an epoch of a training")
    func findings() {
        let dead = LatentCloud(name: "", dimension: 2, means: [1, 0, -1, 0], deviations: [0.1, 1, 0.1, 1])
        #expect(RunAssessment(dead)?.finding == "1 of 2 latents has collapsed: the decoder ignores it")
        let wild = LatentCloud(name: "", dimension: 1, means: [20, -20], deviations: [1, 1])
        #expect(RunAssessment(wild)?.finding == "the variance of latent 0 explodes: 400")
    }

    @Test("One image, or codes without deviations, tell nothing")
    func nothing() {
        #expect(RunAssessment(LatentCloud(name: "", dimension: 2, means: [1, 0], deviations: [1, 1])) == nil)
        #expect(RunAssessment(LatentCloud(name: "", dimension: 2, means: [1, 0, 2, 0])) == nil)
    }
}
