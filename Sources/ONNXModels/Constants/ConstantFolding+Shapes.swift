import Importing
import Numbers

extension ConstantFolding {
    /// What moves elements and computes none.
    static let shapes: [String: Function] = [
        "Identity": { call, inputs throws(ImportProblem) in try same(call, inputs) },
        "Dropout": { call, inputs throws(ImportProblem) in
            try call.refuseTraining()
            return [try same(call, inputs)[0]]
        },
        "Cast": { call, inputs throws(ImportProblem) in try cast(call, inputs) },
        "Reshape": { call, inputs throws(ImportProblem) in
            try call.needs(call.version < 5 ? 1 : 2, of: inputs)
            let keepsZeros = call.flag("allowzero")
            let extents = try call.resolve(try call.reshapeTarget(), for: inputs[0].extents, keepsZeros: keepsZeros)
            return [try call.reshaped(inputs[0], extents)]
        },
        "Flatten": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            let extents = inputs[0].extents
            let number = try call.integer("axis", 1)
            let axis = number < 0 ? number + extents.count : number
            guard (0...extents.count).contains(axis) else {
                throw call.wrong("its axis \(number) does not exist in a value of \(extents.count) axes")
            }
            return [
                try call.reshaped(inputs[0], [extents[..<axis].reduce(1, *), extents[axis...].reduce(1, *)])
            ]
        },
        "Squeeze": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            return [try call.reshaped(inputs[0], try call.squeezed(inputs[0].extents))]
        },
        "Unsqueeze": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            return [try call.reshaped(inputs[0], try call.unsqueezed(inputs[0].extents))]
        },
        "Transpose": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            try call.spend(inputs[0].extents)
            return [inputs[0].transposed(try call.permutation(inputs[0].extents.count))]
        },
        "Concat": { call, inputs throws(ImportProblem) in [try concatenate(call, inputs)] },
        "Slice": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            var result = inputs[0]
            for slice in try call.slices(of: result.extents) {
                result = try take(call, result, slice.axis, Array(slice.places))
            }
            return [result]
        },
        "Gather": { call, inputs throws(ImportProblem) in
            try call.needs(2, of: inputs)
            let (data, index) = (inputs[0], inputs[1])
            let axis = try call.axis(try call.integer("axis", 0), of: data.extents.count)
            let places = try call.places(index, along: data.extents[axis])
            let taken = try take(call, data, axis, places)
            return [
                try call.reshaped(
                    taken, Array(data.extents[..<axis]) + index.extents + data.extents[(axis + 1)...])
            ]
        },
        "Split": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            let axis = try call.axis(try call.integer("axis", 0), of: inputs[0].extents.count)
            var (results, start): ([ConstantTensor], Int) = ([], 0)
            for size in try call.parts(of: inputs[0].extents[axis]) {
                results.append(try take(call, inputs[0], axis, Array(start..<start + size)))
                start += size
            }
            return results
        },
        "Expand": { call, inputs throws(ImportProblem) in
            try call.needs(2, of: inputs)
            let target = try call.broadcast([inputs[0].extents, try call.indices(1, "shape") ?? []])
            try call.spend(target)
            return [try call.expanded(inputs[0], to: target)]
        },
        "Tile": { call, inputs throws(ImportProblem) in
            try call.needs(2, of: inputs)
            var result = inputs[0]
            let repeats = try call.indices(1, "repeats") ?? []
            guard repeats.count == result.extents.count, repeats.allSatisfy({ $0 >= 0 }) else {
                throw call.wrong("its repeats \(repeats) do not fit a value of \(result.extents.count) axes")
            }
            var extents: [Int] = []
            for (extent, times) in zip(result.extents, repeats) {
                extents.append(product(of: [extent, times]) ?? .max)
            }
            try call.spend(extents)
            for (axis, times) in repeats.enumerated() where times != 1 {
                let extent = result.extents[axis]
                result = try take(call, result, axis, (0..<extent * times).map { $0 % extent })
            }
            return [result]
        },
        "ConstantOfShape": { call, inputs throws(ImportProblem) in
            let extents = try call.indices(0, "shape") ?? []
            guard extents.count <= 16, extents.allSatisfy({ $0 >= 0 }) else {
                throw call.wrong("its shape \(extents) is not possible")
            }
            let message = call.tensor("value")
            var fill = ConstantTensor([1], floats: [0])
            if let message { fill = try call.translation.tensors.read(message, name: call.name) }
            guard fill.count == 1 else { throw call.wrong("its value has \(fill.count) elements, and needs 1") }
            try call.spend(extents)
            return [try call.expanded(call.reshaped(fill, []), to: extents)]
        },
        "Range": { call, inputs throws(ImportProblem) in [try range(call, inputs)] },
    ]

    private static func same(_ call: NodeCall, _ inputs: [ConstantTensor]) throws(ImportProblem) -> [ConstantTensor] {
        try call.needs(1, of: inputs)
        return [inputs[0]]
    }

    /// The elements at some places along an axis.
    static func take(
        _ call: NodeCall, _ tensor: ConstantTensor, _ axis: Int, _ places: [Int]
    ) throws(ImportProblem) -> ConstantTensor {
        let inner = tensor.extents[(axis + 1)...].reduce(1, *)
        let (extent, outer) = (tensor.extents[axis], tensor.extents[..<axis].reduce(1, *))
        var extents = tensor.extents
        extents[axis] = places.count
        let count = try call.spend(extents)
        var all: [Int] = []
        all.reserveCapacity(count)
        for row in 0..<outer {
            for place in places {
                let first = (row * extent + place) * inner
                all += first..<first + inner
            }
        }
        return tensor.gathered(extents, all)
    }

    private static func concatenate(
        _ call: NodeCall, _ inputs: [ConstantTensor]
    ) throws(ImportProblem) -> ConstantTensor {
        try call.needs(1, of: inputs)
        let axis = try call.axis(try call.integer("axis", 1), of: inputs[0].extents.count)
        var extents = inputs[0].extents
        extents[axis] = 0
        for input in inputs {
            var rest = input.extents
            guard rest.count == extents.count else { throw call.wrong("it joins values of different ranks") }
            extents[axis] += rest[axis]
            rest[axis] = extents[axis]
            guard rest == extents else { throw call.wrong("it joins values whose other axes differ") }
        }
        try call.spend(extents)
        let outer = extents[..<axis].reduce(1, *)
        func join<Number>(_ lists: [[Number]]) -> [Number] {
            var all: [Number] = []
            for row in 0..<outer {
                for list in lists {
                    let width = list.count / max(1, outer)
                    all += list[row * width..<(row + 1) * width]
                }
            }
            return all
        }
        let integers = inputs.compactMap(\.integers)
        if integers.count == inputs.count { return ConstantTensor(extents, integers: join(integers)) }
        return ConstantTensor(extents, floats: join(inputs.map(\.floats)))
    }

    private static func cast(_ call: NodeCall, _ inputs: [ConstantTensor]) throws(ImportProblem) -> [ConstantTensor] {
        try call.needs(1, of: inputs)
        call.ignore("saturate", "round_mode")
        guard let type = ElementType(onnx: Int32(clamping: try call.integer("to", 1))) else {
            throw call.unsupported("the type that it casts to is not supported")
        }
        try call.spend(inputs[0].extents)
        let extents = inputs[0].extents
        switch type.kind {
        case .float: return [ConstantTensor(extents, floats: inputs[0].floats)]
        case .boolean: return [ConstantTensor(extents, integers: inputs[0].floats.map { $0 == 0 ? 0 : 1 })]
        case .signed, .unsigned:
            let whole =
                inputs[0].integers
                ?? inputs[0].floats.map { Int(exactly: $0.rounded(.towardZero)) ?? ($0 < 0 ? .min : $0 > 0 ? .max : 0) }
            return [ConstantTensor(extents, integers: whole.map(type.wrapped))]
        }
    }

    private static func range(_ call: NodeCall, _ inputs: [ConstantTensor]) throws(ImportProblem) -> ConstantTensor {
        try call.needs(3, of: inputs)
        guard inputs.allSatisfy({ $0.count == 1 }) else { throw call.wrong("its ends must be single numbers") }
        let ends = inputs.map { Double($0.integers.map { Double($0[0]) } ?? Double($0.floats[0])) }
        guard ends[2] != 0, ends.allSatisfy(\.isFinite),
            let count = Int(exactly: max(0, ((ends[1] - ends[0]) / ends[2]).rounded(.up)))
        else { throw call.wrong("its range from \(ends[0]) to \(ends[1]) in steps of \(ends[2]) is not possible") }
        try call.spend([count])
        let numbers = (0..<count).map { ends[0] + Double($0) * ends[2] }
        guard inputs.allSatisfy(\.isInteger) else { return ConstantTensor([count], floats: numbers.map { Float($0) }) }
        let whole = numbers.compactMap { Int(exactly: $0) }
        guard whole.count == count else { throw call.wrong("its range leaves the whole numbers that can be counted") }
        return ConstantTensor(list: whole)
    }
}

extension NodeCall {
    /// Indices along an axis, which may count from its end.
    func places(_ index: ConstantTensor, along extent: Int) throws(ImportProblem) -> [Int] {
        guard let list = index.integers else { throw wrong("its indices must be whole numbers") }
        var places: [Int] = []
        places.reserveCapacity(list.count)
        for number in list {
            let place = number < 0 ? number &+ extent : number
            guard (0..<extent).contains(place) else {
                throw wrong("its index \(number) does not exist along an axis of \(extent)")
            }
            places.append(place)
        }
        return places
    }

    func squeezed(_ extents: [Int]) throws(ImportProblem) -> [Int] {
        let given = try axes(1, of: extents.count)
        let dropped = given ?? extents.indices.filter { extents[$0] == 1 }
        guard dropped.allSatisfy({ extents[$0] == 1 }) else {
            throw wrong("it drops axes of \(extents.text) that have more than one place")
        }
        return extents.indices.filter { !dropped.contains($0) }.map { extents[$0] }
    }

    func unsqueezed(_ extents: [Int]) throws(ImportProblem) -> [Int] {
        let places = try newAxes(extents.count)
        var (result, rest) = ([Int](), extents[...])
        for axis in 0..<extents.count + places.count {
            result.append(places.contains(axis) ? 1 : rest.removeFirst())
        }
        return result
    }

    /// Where an `Unsqueeze` of a value of so many axes puts new ones.
    func newAxes(_ rank: Int) throws(ImportProblem) -> Set<Int> {
        let given = if let attribute = try integers("axes") { attribute } else { try indices(1, "axes") ?? [] }
        guard given.count <= 16 else { throw wrong("its \(given.count) new axes are too many") }
        var places: Set<Int> = []
        for number in given { places.insert(try axis(number, of: rank + given.count)) }
        guard places.count == given.count else { throw wrong("it makes an axis twice") }
        return places
    }

    /// The order of axes that a `Transpose` asks for.
    func permutation(_ rank: Int) throws(ImportProblem) -> [Int] {
        let order = try integers("perm") ?? Array((0..<rank).reversed())
        guard order.sorted() == Array(0..<rank) else { throw wrong("its order \(order) is not one of \(rank) axes") }
        return order
    }
}
