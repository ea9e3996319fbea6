import Deduction
import Foundation
import Importing
import Neural
import Testing
import VAE

/// The state dicts of `Fixtures/make_state_dicts.py`, each with what its author's decoder gives.
struct StateDictFixtures {
    struct Case: Decodable {
        let name: String
        let group: String
        /// Whether it shall be found at once and without an option.
        let first: Bool
        /// What else has to be said: `activation=tanh`.
        let options: String
        let shape: [Int]
        let latents: Int
        let z: Int
        let pixels: [Int]
        let output: Int
        let tensors: [Entry]
        /// Whether trying on digits shall find it.
        let tried: Bool?
    }

    /// A name, extents, and where in the data the values begin.
    struct Entry: Decodable {
        let name: String
        let extents: [Int]
        let start: Int

        init(from decoder: any Swift.Decoder) throws {
            var list = try decoder.unkeyedContainer()
            name = try list.decode(String.self)
            extents = try list.decode([Int].self)
            start = try list.decode(Int.self)
        }
    }

    private struct Index: Decodable {
        let digits: Int?
        let cases: [Case]
    }

    let cases: [Case]
    private let digitsStart: Int?
    private let bytes: [UInt8]

    init() throws {
        let folder = try #require(Bundle.module.resourceURL?.appendingPathComponent("Fixtures"))
        let index = try JSONDecoder().decode(
            Index.self, from: Data(contentsOf: folder.appendingPathComponent("state-dicts.json")))
        (cases, digitsStart) = (index.cases, index.digits)
        bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("state-dicts.bin")))
    }

    private func singles(_ start: Int, _ count: Int) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<count).map { raw.loadUnaligned(fromByteOffset: start + 4 * $0, as: Float.self) }
        }
    }

    private func halves(_ start: Int, _ count: Int) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<count).map { place in
                Self.single(raw.loadUnaligned(fromByteOffset: start + 2 * place, as: UInt16.self))
            }
        }
    }

    /// A half-precision number; there are no infinite ones here.
    private static func single(_ bits: UInt16) -> Float {
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
        let size =
            exponent == 0
            ? Float(sign: .plus, exponent: -14, significand: fraction)
            : Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
        return bits >> 15 == 1 ? -size : size
    }

    func stateDict(_ item: Case) -> StateDict {
        StateDict(
            item.tensors.map { entry in
                StateDict.Entry(
                    entry.name, Tensor(extents: entry.extents, values: halves(entry.start, entry.extents.reduce(1, *))))
            })
    }

    var digits: TrialPictures? {
        digitsStart.map { start in
            TrialPictures(shape: [1, 28, 28], values: halves(start, 24 * 784).map { $0 / 255 })
        }
    }

    func options(_ item: Case) -> ImportOptions {
        var options = ImportOptions()
        let words = item.options.split(separator: "=").last?.split(separator: ":").map(String.init) ?? []
        let names = [
            "relu": "ReLU", "leaky_relu": "LeakyReLU", "tanh": "Tanh", "elu": "ELU", "silu": "SiLU", "gelu": "GELU",
        ]
        guard let first = words.first, let name = names[first], let entry = LayerCatalog.entry(named: name) else {
            return options
        }
        let settings = words.dropFirst().compactMap { Float($0) }.map {
            (name: "negative_slope", value: Setting.number($0))
        }
        options.activation = (try? entry.make(settings)).map { .init($0) }
        return options
    }

    /// The largest difference from what the author's decoder gives; infinite for pictures of another shape.
    func difference(_ model: Model, _ item: Case) -> Float {
        let architecture = model.architecture
        guard architecture.image.extents == item.shape, architecture.latentSize == item.latents else {
            return .infinity
        }
        let plan = Plan(
            inference: architecture.decoder, tensors: model.tensors, capacity: 2, pool: WorkerPool(threads: 1))
        plan.fill(architecture.decoderRoles, Condition(label: 4))
        singles(item.z, 2 * item.latents).withUnsafeBufferPointer { points in
            if let base = points.baseAddress { plan.loadImages(base, count: 2) }
        }
        plan.forward(count: 2)
        let expected = singles(item.output, 2 * item.pixels.count)
        let size = architecture.image.count
        return expected.indices.reduce(0) { worst, place in
            let (row, pixel) = (place / item.pixels.count, item.pixels[place % item.pixels.count])
            return max(worst, abs(plan.output()[row * size + pixel] - expected[place]))
        }
    }
}
