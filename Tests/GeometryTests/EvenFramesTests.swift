import Latent
import Testing

@testable import Geometry

@Suite("Even frames")
struct EvenFramesTests {
    private func unevenness(_ path: LatentPath, in space: DecodedSpace, _ metric: LatentMetric = .plain) throws
        -> Double
    {
        let steps = try space.steps(of: path, under: metric)
        return ((steps.max() ?? 0) - (steps.min() ?? 0)) * Double(steps.count) / steps.reduce(0, +)
    }

    @Test("Images change evenly between them, within two hundredths, where the curve's own points do not")
    func even() throws {
        let space = try SmallSpaces.space(SmallSpaces.separable(.sigmoid, .bernoulli))
        let line = try LatentPath.straight(from: LatentPoint(-2, -1), to: LatentPoint(2, 5), segments: 8)
        let path = try space.evenFrames(of: line, count: 41)
        #expect(path.points.count == 41 && path.start == line.start && path.end == line.end)
        #expect(try unevenness(path, in: space) < 0.02)
        #expect(try unevenness(line.resampled(segments: 40), in: space) > 0.5)
        // By other lengths they are uneven.
        #expect(try unevenness(path, in: space, .fisher) > 0.05)
    }

    @Test("What lies beyond black and white counts for nothing")
    func visible() throws {
        let space = try SmallSpaces.space(SmallSpaces.separable(.leakyReLU(slope: 1), .gaussian()))
        let line = try LatentPath.straight(from: LatentPoint(0.2, 0), to: LatentPoint(2, 0), segments: 9)
        let path = try space.evenFrames(of: line, count: 5)
        #expect(abs(path.points[2][0] - 0.6) < 0.02)
    }

    @Test("No piece takes more than 64 decodes, however many frames there are")
    func pieces() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 3))
        let line = try LatentPath.straight(from: LatentPoint([-2, 0, 1]), to: LatentPoint([2, 1, -1]), segments: 5)
        var frames = try EvenFrames(of: line, count: 150, in: space)
        while !frames.isFinished {
            let before = space.decodes
            frames.advance(in: space)
            #expect((1...64).contains(space.decodes - before))
        }
        #expect(frames.path.points.count == 150 && frames.path.end == line.end)
    }

    @Test("Of a curve along which nothing changes, and of two frames, the ends stay")
    func corners() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let here = LatentPoint(0.5, 0.5)
        let still = try space.evenFrames(of: LatentPath([here, here]), count: 5)
        #expect(still.points == Array(repeating: here, count: 5))
        let ends = try LatentPath([here, LatentPoint(1, -1)])
        #expect(try space.evenFrames(of: ends, count: 2) == ends)
        #expect(throws: GeometryError.wrongDimension(found: 2, expected: 3)) {
            try SmallSpaces.space(SmallSpaces.curved(latents: 3)).evenFrames(of: ends, count: 4)
        }
    }
}
