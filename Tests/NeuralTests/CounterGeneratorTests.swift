import Testing

@testable import Neural

@Suite("CounterGenerator")
struct CounterGeneratorTests {
    @Test("Philox's published vectors come out")
    func knownAnswers() {
        // Salmon et al. 2011, the known-answer tests of philox4x32, 10 rounds.
        let zero = CounterGenerator.scramble((0, 0, 0, 0), (0, 0))
        #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let ones = CounterGenerator.scramble((.max, .max, .max, .max), (.max, .max))
        #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    }

    @Test("Streams differ by seed, purpose and position, and repeat")
    func streams() {
        func first(_ seed: UInt64, _ purpose: CounterGenerator.Purpose, _ position: UInt64) -> UInt64 {
            var generator = CounterGenerator(seed: seed, purpose: purpose, position: position)
            return generator.next()
        }
        #expect(first(1, .shuffle, 0) == first(1, .shuffle, 0))
        let all = [first(1, .shuffle, 0), first(2, .shuffle, 0), first(1, .posteriorNoise, 0), first(1, .shuffle, 1)]
        #expect(Set(all).count == 4)
    }

    @Test("Normal numbers have mean 0, variance 1 and a normal's tails")
    func normal() {
        var generator = CounterGenerator(seed: 9, purpose: .evaluation)
        let values = generator.normals(100_001)
        #expect(values.count == 100_001)
        let count = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / count
        let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        #expect(abs(mean) < 0.015)
        #expect(abs(variance - 1) < 0.02)
        let beyondTwo = Double(values.filter { abs($0) > 2 }.count) / count
        #expect(abs(beyondTwo - 0.0455) < 0.004)
    }
}
