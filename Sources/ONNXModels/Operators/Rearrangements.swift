import Importing
import Neural
import Numbers

extension OperatorTable {
    /// What puts elements into other places.
    static let rearrangements: [String: Function] = [
        "Transpose": { call throws(ImportProblem) in
            let handle = try call.value(0)
            return [.computed(handle.transposed(try call.permutation(handle.rank)))]
        },
        "Concat": { call throws(ImportProblem) in try concatenate(call) },
        "Slice": { call throws(ImportProblem) in
            var handle = try call.settled(0)
            for (axis, places) in try call.slices(of: call.fileExtents(handle)) {
                handle = try call.taking(Array(places), of: handle, axis)
            }
            return [.computed(handle)]
        },
        "Split": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            let axis = try call.axis(try call.integer("axis", 0), of: handle.rank)
            try call.refuseMixing(handle, [axis])
            var (results, start): ([TranslatedValue], Int) = ([], 0)
            for size in try call.parts(of: handle.extents[axis]) {
                results.append(.computed(try call.taking(Array(start..<start + size), of: handle, axis)))
                start += size
            }
            return results
        },
        "Expand": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            guard let shape = try call.indices(1, "shape"), shape.count <= 16 else {
                throw call.wrong("its shape is missing, or has more than 16 axes")
            }
            let axis = handle.batchAxis.map { $0 + max(0, shape.count - handle.rank) }
            let target = call.freed(shape, batchAxis: axis)
            return [.computed(try call.expanded(handle, to: try call.broadcast([handle.extents, target])))]
        },
        "Tile": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            guard let times = try call.indices(1, "repeats"), times.count == handle.rank,
                times.allSatisfy({ (1...1 << 28).contains($0) })
            else { throw call.wrong("its repeats must be whole numbers from 1, one for each axis") }
            let axes = times.indices.filter { times[$0] != 1 }
            try call.refuseMixing(handle, axes)
            guard !axes.isEmpty else { return [.computed(handle)] }
            let view = try call.view(handle, touching: axes)
            let value = try call.add("tile", ["dims": .integers(Array(times.suffix(view.extents.count)))], [view.value])
            let extents = zip(handle.extents, times).map { $0.multipliedReportingOverflow(by: $1).partialValue }
            return [.computed(call.result(value, extents, like: handle))]
        },
        "DepthToSpace": { call throws(ImportProblem) in try depthToSpace(call) },
        "SpaceToDepth": { call throws(ImportProblem) in try spaceToDepth(call) },
    ]

    private static func concatenate(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let inputs = try call.several().filter { $0.extents?.contains(0) != true }
        guard let rank = inputs.first?.extents?.count, rank > 0 else {
            throw call.wrong("it joins values without axes, or none")
        }
        let axis = try call.axis(try call.integer("axis", 1), of: rank)
        var handles: [Handle] = []
        for case .computed(let handle) in inputs { try call.refuseMixing(handle, [axis]) }
        let batchAxis = inputs.lazy.compactMap { input -> Int? in
            guard case .computed(let handle) = input else { return nil }
            return handle.batchAxis
        }.first
        for input in inputs {
            var input = input
            if case .constant(let tensor) = input { input = .constant(try call.freed(tensor, axis: batchAxis)) }
            handles.append(try call.settle(try call.computed(input)))
        }
        guard let first = handles.first, handles.allSatisfy({ $0.rank == rank }) else {
            throw call.wrong("it joins values of different ranks")
        }
        guard handles.count > 1 else { return [.computed(first)] }
        var values: [GraphAssembly.Value] = []
        var (extents, shift) = (first.extents, 1)
        extents[axis] = 0
        for handle in handles {
            let view = try call.view(handle, touching: [axis])
            values.append(view.value)
            extents[axis] += handle.extents[axis]
            shift = view.shift
        }
        let value = try call.add("cat", ["dim": .integer(axis + shift)], values)
        return [
            .computed(Handle(value, extents, batchAxis: batchAxis, isInteger: handles.allSatisfy(\.isInteger)))
        ]
    }

    // MARK: Channels and pixels

    /// Images, the sides' factor, and the channels of one pixel of the result.
    private static func blocks(
        _ call: NodeCall
    ) throws(ImportProblem) -> (handle: Handle, image: GraphAssembly.Value, size: Int) {
        let handle = try call.settled(0)
        let size = try call.integer("blocksize", 1)
        guard (1...256).contains(size), handle.rank == 4 else {
            throw call.wrong("its blocks of \(size) do not fit a value of \(handle.rank) axes")
        }
        return (handle, try call.images(handle), size)
    }

    private static func depthToSpace(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let (handle, image, size) = try blocks(call)
        let mode = call.text("mode", "DCR")
        let channels = handle.extents[1] / (size * size)
        guard channels * size * size == handle.extents[1], ["DCR", "CRD"].contains(mode) else {
            throw call.wrong("its mode \(mode) with blocks of \(size) does not fit \(handle.extents[1]) channels")
        }
        var source = image
        if mode == "DCR" {
            // The layer has a block's pixels beside each other, the operator the channels.
            let order = (0..<channels).flatMap { channel in (0..<size * size).map { $0 * channels + channel } }
            source = try call.add("index_select", ["dim": .integer(1), "index": .integers(order)], [image])
        }
        let value = try call.add("PixelShuffle", ["upscale_factor": .integer(size)], [source])
        return [.computed(call.unimaged(value, like: handle))]
    }

    private static func spaceToDepth(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let (handle, image, size) = try blocks(call)
        let value = try call.add("PixelUnshuffle", ["downscale_factor": .integer(size)], [image])
        let channels = handle.extents[1]
        let order = (0..<size * size).flatMap { place in (0..<channels).map { $0 * size * size + place } }
        let sorted = try call.add("index_select", ["dim": .integer(1), "index": .integers(order)], [value])
        return [.computed(call.unimaged(sorted, like: handle))]
    }
}

extension NodeCall {
    /// The places along an axis that are taken, in their order.
    func taking(_ places: [Int], of handle: Handle, _ axis: Int) throws(ImportProblem) -> Handle {
        let extent = handle.extents[axis]
        if frozenBatch != nil, axis == handle.batchAxis {
            if places == Array(0..<fileExtents(handle)[axis]) { return handle }
            // Each sample is computed as the others are: one stands for all.
            guard places.count == 1 else {
                try refuseMixing(handle, [axis])
                return handle
            }
            return handle
        }
        guard let first = places.first, let last = places.last else {
            throw unsupported("it takes no element of its input")
        }
        if places.count == extent, places == Array(0..<extent) { return handle }
        let view = try view(handle, touching: [axis])
        let value: GraphAssembly.Value
        if last - first == places.count - 1, places == Array(first...last) {
            value = try add(
                "narrow",
                ["dim": .integer(view.axis(axis)), "start": .integer(first), "length": .integer(places.count)],
                [view.value])
        } else {
            value = try add(
                "index_select", ["dim": .integer(view.axis(axis)), "index": .integers(places)], [view.value])
        }
        var extents = handle.extents
        extents[axis] = places.count
        return result(value, extents, like: handle)
    }

    /// - Parameter extents: those of a broadcast of the value.
    func expanded(_ handle: Handle, to extents: [Int]) throws(ImportProblem) -> Handle {
        var wide = handle
        wide.extents = Array(repeating: 1, count: extents.count - handle.rank) + handle.extents
        wide.batchAxis = handle.batchAxis.map { $0 + extents.count - handle.rank }
        guard wide.extents != extents else { return wide }
        let longer = extents.indices.filter { extents[$0] != wide.extents[$0] }
        let view = try view(wide, touching: longer)
        let size = Array(extents.suffix(view.extents.count))
        return result(try add("expand", ["size": .integers(size)], [view.value]), extents, like: wide)
    }
}
