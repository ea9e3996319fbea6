import Foundation
import JSON
import Neural
import PseudoTerminal
import Testing

@testable import KerasModels

/// The path of a file beside the tests.
func fixturePath(_ name: String) throws -> String {
    let folder = try #require(Bundle.module.resourceURL)
    return folder.appendingPathComponent("Fixtures/\(name)").path
}

func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: try fixturePath(name))))
}

/// The program that reads HDF5 for the tests.
func hdf5Reader() throws -> String { try BuiltProgram.path("hdf5-reader") }

/// Numbers in lists of any depth.
func floats(_ json: JSONValue?) -> [Float] {
    if let list = json?.array { return list.flatMap { floats($0) } }
    return json?.number.map { [Float($0)] } ?? []
}

func integers(_ json: JSONValue?) -> [Int] { json?.array?.compactMap(\.integer) ?? [] }

/// What a network makes of one sample, whose images are [channels, height, width].
func evaluate(_ network: Network, _ tensors: [String: Tensor], _ inputs: [[Float]]) -> [[Float]] {
    let plan = Plan(inference: network, tensors: tensors, capacity: 1, pool: WorkerPool(threads: 1))
    for (place, values) in inputs.enumerated() {
        // A plan takes images with their channels innermost.
        guard let (channels, height, width) = network.inputs[place].image else {
            plan.input(place).update(from: values, count: values.count)
            continue
        }
        let places = channelsFirstPlaces(height: height, width: width, channels: channels)
        for (value, target) in zip(values, places) { plan.input(place)[target] = value }
    }
    plan.forward(count: 1)
    return network.outputs.indices.map {
        Array(UnsafeBufferPointer(start: plan.output($0), count: network.outputShapes[$0].count))
    }
}

/// The largest difference of two lists, in shares of the largest value or of 1.
func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
    guard left.count == right.count else { return .infinity }
    let scale = max(1, right.map(\.magnitude).max() ?? 0)
    return zip(left, right).map { ($0 - $1).magnitude }.max().map { $0.isFinite ? $0 / scale : .infinity } ?? 0
}
