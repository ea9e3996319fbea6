import Importing
import Neural

@testable import ONNXModels

/// Runs a network for some samples.
func compute(_ network: Network, _ tensors: [String: Tensor], _ inputs: [[Float]], count: Int = 1) -> [[Float]] {
    let plan = Plan(inference: network, tensors: tensors, capacity: count, pool: WorkerPool(threads: 1))
    for (index, values) in inputs.enumerated() {
        for (place, value) in stored(values, network.inputs[index]).enumerated() { plan.input(index)[place] = value }
    }
    plan.forward(count: count)
    return network.outputShapes.indices.map { index in
        Array(UnsafeBufferPointer(start: plan.output(index), count: count * network.outputShapes[index].count))
    }
}

/// Values as a plan takes them: images with their channels innermost.
private func stored(_ values: [Float], _ shape: Shape) -> [Float] {
    guard let image = shape.image else { return values }
    let pixels = image.height * image.width
    return values.indices.map { place in
        let (sample, rest) = (place / shape.count, place % shape.count)
        return values[sample * shape.count + rest % image.channels * pixels + rest / image.channels]
    }
}

/// The largest difference between numbers; infinite where their number differs.
func difference(_ left: [Float], _ right: [Float]) -> Float {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).map { $0 == $1 ? 0 : abs($0 - $1) / max(1, abs($1)) }.reduce(0) {
        $1.isNaN ? .infinity : max($0, $1)
    }
}
