import ArgumentParser
import Testing

@testable import latentwalk

@Suite("latentwalk decode")
struct DecodeCommandTests {
    @Test("A point may begin with a minus, and several may be given")
    func points() throws {
        let command = try DecodeCommand.parse(["--z", "-1.3,0.4", "--z", "2,-3e-1", "--output", "x.npy"])
        #expect(command.z.map(\.values) == [[-1.3, 0.4], [2, -0.3]])
    }

    @Test(
        "What is no point is refused, and the sentence shows one",
        arguments: ["a,b", "1,,2", "1,", "", "nan,1", "1;2"])
    func noPoint(text: String) {
        #expect {
            try DecodeCommand.parse(["--z", text])
        } throws: { error in
            DecodeCommand.message(for: error).contains("--z -1.3,0.4")
                && DecodeCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test("A point with too few or too many coordinates is named")
    func coordinateCount() throws {
        let error = DecodeError.coordinateCount("1,2,3", found: 3, latents: 2)
        #expect(error.description == "--z 1,2,3 has 3 coordinates, but the model has 2 latents")
        #expect(error.exit == .usage)
    }
}
