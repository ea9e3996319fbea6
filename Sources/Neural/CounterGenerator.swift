import Platform

/// Random numbers that are a function of a key and a counter: Philox 4×32-10 (Salmon et al. 2011, "Parallel random
/// numbers: as easy as 1, 2, 3").
///
/// Each use has a stream of its own, named by a seed, a purpose and a position (an epoch, a step), so that what is drawn
/// does not depend on what was drawn before, on threads, or on where a run was taken up again.
public struct CounterGenerator: RandomNumberGenerator, Sendable {
    /// What numbers are for; a stream of each.
    public enum Purpose: UInt32, Sendable {
        case initialization = 1
        case shuffle, posteriorNoise, evaluation, exploration, validation
        /// Pixels drawn from gray values.
        case pixels = 16
    }

    private let key: (UInt32, UInt32)
    private var counter: (UInt32, UInt32, UInt32, UInt32)
    private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var left = 0

    /// - Parameter position: an epoch, a step, a tensor's number: streams of different positions are independent.
    public init(seed: UInt64, purpose: Purpose, position: UInt64 = 0) {
        key = (
            UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32) ^ purpose.rawValue &* 0x9E37_79B9
        )
        counter = (0, 0, UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32))
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        let low = next32()
        return UInt64(next32()) << 32 | UInt64(low)
    }

    private mutating func next32() -> UInt32 {
        if left == 0 {
            block = CounterGenerator.scramble(counter, key)
            counter.0 &+= 1
            if counter.0 == 0 { counter.1 &+= 1 }
            left = 4
        }
        left -= 1
        switch left {
        case 3: return block.0
        case 2: return block.1
        case 1: return block.2
        default: return block.3
        }
    }

    /// Uniform in (0, 1): never 0, never 1.
    public mutating func uniform() -> Float { (Float(next32() >> 8) + 0.5) * 0x1p-24 }

    /// Two independent standard normal numbers (Box & Muller 1958), in double precision inside.
    public mutating func normalPair() -> (Float, Float) {
        let radius = (-2 * logarithm(Double(next32() >> 1) * 0x1p-31 + 0x1p-32)).squareRoot()
        let angle = 2 * Double.pi * Double(next32()) * 0x1p-32
        return (Float(radius * cosine(angle)), Float(radius * sine(angle)))
    }

    /// Fills with standard normal numbers.
    public mutating func fillNormal(_ target: UnsafeMutablePointer<Float>, count: Int) {
        var index = 0
        while index < count {
            let pair = normalPair()
            target[index] = pair.0
            if index + 1 < count { target[index + 1] = pair.1 }
            index += 2
        }
    }

    /// So many standard normal numbers.
    public mutating func normals(_ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress { fillNormal(base, count: count) }
            filled = count
        }
    }

    /// Ten rounds of the Philox 4×32 bijection.
    static func scramble(
        _ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c, k) = (counter, key)
        for _ in 0..<10 {
            let first = UInt64(c.0) * 0xD251_1F53
            let second = UInt64(c.2) * 0xCD9E_8D57
            c = (
                UInt32(truncatingIfNeeded: second >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: first)
            )
            k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
        }
        return c
    }
}
