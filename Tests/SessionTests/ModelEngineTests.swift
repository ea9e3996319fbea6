import Testing

@testable import Session

@Suite("Pictures from a decoder's numbers")
struct ModelEngineTests {
    @Test("Planes become pixels with their channels together")
    func interleaving() {
        let planes: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5]
        #expect(interleaved(planes[...], channels: 3) == [0, 0.2, 0.4, 0.1, 0.3, 0.5])
        #expect(interleaved(planes[2...], channels: 1) == [0.2, 0.3, 0.4, 0.5])
        #expect(interleaved(planes[2...5], channels: 2) == [0.2, 0.4, 0.3, 0.5])
    }

    @Test("What a decoder gives beyond 0…1 is cut, and what is no number is black")
    func limits() {
        #expect(interleaved([-1, 2, .nan, .infinity][...], channels: 1) == [0, 1, 0, 1])
    }
}
