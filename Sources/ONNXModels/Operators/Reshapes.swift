import Importing
import Neural

extension OperatorTable {
    /// What changes a value's shape and moves no element.
    static let reshapes: [String: Function] = [
        "Reshape": { call throws(ImportProblem) in
            let keepsZeros = call.flag("allowzero")
            call.ignore("consumed_inputs")
            let target = try call.reshapeTarget()
            return [.computed(try call.reshaped(try call.settled(0), target, keepsZeros: keepsZeros))]
        },
        "Flatten": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            let number = try call.integer("axis", 1)
            let axis = number < 0 ? number + handle.rank : number
            guard (0...handle.rank).contains(axis) else {
                throw call.wrong("its axis \(number) does not exist in a value of \(handle.rank) axes")
            }
            if let batch = handle.batchAxis { try call.refuseMixing(handle, axis == 0 || batch >= axis ? [batch] : []) }
            let extents = [handle.extents[..<axis].reduce(1, *), handle.extents[axis...].reduce(1, *)]
            return [
                .computed(
                    Handle(
                        handle.value, extents, batchAxis: handle.batchAxis.map { _ in 0 }, isInteger: handle.isInteger))
            ]
        },
        "Squeeze": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            let axes = try call.axes(1, of: handle.rank) ?? handle.extents.indices.filter { handle.extents[$0] == 1 }
            guard axes.allSatisfy({ handle.extents[$0] == 1 }) else {
                throw call.wrong("it drops axes of \(handle.extents.text) that have more than one place")
            }
            let batch = call.frozenBatch == nil ? nil : handle.batchAxis
            return [.computed(call.without(axes.filter { $0 != batch }, handle))]
        },
        "Unsqueeze": { call throws(ImportProblem) in
            var handle = try call.settled(0)
            let places = try call.newAxes(handle.rank)
            let old = (0..<handle.rank + places.count).filter { !places.contains($0) }
            handle.batchAxis = handle.batchAxis.map { old[$0] }
            var extents = Array(repeating: 1, count: handle.rank + places.count)
            for (axis, place) in old.enumerated() { extents[place] = handle.extents[axis] }
            handle.extents = extents
            return [.computed(handle)]
        },
    ]
}

extension NodeCall {
    /// The extents as the file has them, with its own batch.
    func fileExtents(_ handle: Handle) -> [Int] {
        var extents = handle.extents
        if let frozenBatch, let batch = handle.batchAxis { extents[batch] *= frozenBatch }
        return extents
    }

    /// - Parameter target: as the graph asks for it, for its own batch.
    fileprivate func reshaped(_ handle: Handle, _ target: [Int], keepsZeros: Bool) throws(ImportProblem) -> Handle {
        guard let frozenBatch, let batch = handle.batchAxis else {
            let extents = try resolve(target, for: handle.extents, keepsZeros: keepsZeros)
            return Handle(handle.value, extents, batchAxis: nil, isInteger: handle.isInteger)
        }
        var extents = try resolve(target, for: fileExtents(handle), keepsZeros: keepsZeros)
        // The batch lies where as many elements come before it.
        let before = handle.extents[..<batch].reduce(1, *)
        var product = 1
        for axis in extents.indices {
            if product == before, extents[axis] % frozenBatch == 0 {
                extents[axis] /= frozenBatch
                return Handle(handle.value, extents, batchAxis: axis, isInteger: handle.isInteger)
            }
            product *= extents[axis]
        }
        throw unsupported(
            "its shape \(target.text) mixes the \(frozenBatch) samples of the batch that the file was made for; export it with a batch of 1"
        )
    }
}
