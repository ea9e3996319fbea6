import Importing
import Neural

/// Functions that move numbers, or give them another shape.
extension ScriptFollower {
    mutating func shaping(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        if call.word == "cat" || call.word == "stack" {
            guard let list = call["tensors"].flatMap(elements) else { return nil }
            var inputs: [GraphAssembly.Value] = []
            for element in list {
                guard let input = try computed(element) else { return nil }
                inputs.append(input)
            }
            return try add(call.word, [("dim", .integer(call.integer("dim") ?? 0))], inputs)
        }
        guard let input = call.input else { return nil }
        let extents = assembly.shape(of: input).extents
        switch call.word {
        case "view", "reshape": return try viewed(input, as: call["shape"])
        case "view_as", "reshape_as":
            guard let other = call.value("other") else { return nil }
            return try reshaped(input, to: assembly.shape(of: other).extents)
        case "flatten", "unflatten": return try flattened(call, input, extents)
        case "unsqueeze", "squeeze":
            guard let axis = call.integer("dim") else { return nil }
            return try add(call.word, [("dim", .integer(axis))], [input])
        case "permute", "flip":
            guard let axes = call.integers("dims") else { return nil }
            return try add(call.word, [("dims", .integers(axes))], [input])
        case "transpose":
            guard let one = call.integer("dim0"), let other = call.integer("dim1") else { return nil }
            return try add("transpose", [("dim0", .integer(one)), ("dim1", .integer(other))], [input])
        case "roll": return try rolled(call, input, extents)
        case "chunk", "split", "split_with_sizes": return try divided(call, input, extents)
        case "slice":
            guard let axis = call.integer("dim") else { return nil }
            let isWhole = call.integer("start") ?? 0 == 0 && call.integer("end").map { $0 >= 1 << 24 } ?? true
            if isWhole, call.integer("step") ?? 1 == 1 { return call["input"] }
            return try add(
                "slice_copy",
                [
                    ("dim", .integer(axis)), ("start", call.setting("start") ?? .none),
                    ("end", call.setting("end") ?? .none), ("step", .integer(call.integer("step") ?? 1)),
                ], [input])
        case "narrow", "select":
            guard let axis = call.integer("dim"), let start = call.integer(call.word == "select" ? "index" : "start"),
                let length = call.word == "select" ? 1 : call.integer("length"),
                case .computed(let part) = try piece(input, axis, start, length)
            else { return nil }
            return call.word == "select" ? try add("squeeze", [("dim", .integer(axis))], [part]) : .computed(part)
        case "expand_as":
            guard let other = call.value("other") else { return nil }
            return try expanded(input, to: assembly.shape(of: other).extents)
        case "expand", "repeat": return try repeated(call, input, extents)
        default: return nil
        }
    }

    // MARK: Shapes

    /// A view whose first extent is the number of samples, as it is told, or as it is certain: no other may be left out.
    private mutating func viewed(_ input: GraphAssembly.Value, as shape: Value?) throws(ImportProblem) -> Value? {
        guard let list = shape.flatMap(elements), list.count > 1 else { return nil }
        var extents: [Int] = []
        for element in list.dropFirst() {
            guard case .setting(.integer(let extent)) = element else {
                throw unsupported("a view whose first extent is not the number of samples")
            }
            extents.append(extent)
        }
        let count = assembly.shape(of: input).count
        let known = extents.filter { $0 != -1 }
        // Nil where the view takes what is left over for one of the sample's extents.
        let told =
            known.count == extents.count ? known.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } : nil
        let isWhole = told == count
        switch list[0] {
        case .batch(times: 1): break
        case .setting(.integer(-1)) where isWhole: break
        case .setting(.integer(let number)) where number > 0 && isWhole: batches.insert(number)
        case .setting(.integer(let number)) where number > 0 && told == nil:
            assumedBatches[number] = "a view as \(Setting.integers([number] + extents)) in \(place)"
        default: throw unsupported("a view whose first extent is not the number of samples")
        }
        return try reshaped(input, to: extents)
    }

    private mutating func reshaped(_ input: GraphAssembly.Value, to extents: [Int]) throws(ImportProblem) -> Value {
        try add("reshape", [("shape", .integers(extents))], [input])
    }

    /// Views must agree about the number of samples that the program was traced with; where none proves it, it was one.
    func checkBatches() throws(ImportProblem) {
        guard batches.count <= 1 else {
            throw unsupported("views for \(batches.sorted().map(String.init).joined(separator: " and for ")) samples")
        }
        if let problem = assumedBatches.first(where: { $0.key != batches.first ?? 1 })?.value {
            throw ImportProblem(
                .unsupported, "its forward uses \(problem), where \(batches.first ?? 1) may be the number of samples")
        }
    }

    /// Several axes as one, or one as several.
    private mutating func flattened(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ extents: [Int]
    ) throws(ImportProblem) -> Value? {
        func place(_ axis: Int?, _ standard: Int) -> Int? {
            let axis = axis ?? standard
            let place = axis < 0 ? axis + extents.count : axis - 1
            return extents.indices.contains(place) && axis != 0 ? place : nil
        }
        if call.word == "unflatten" {
            guard let axis = call.integer("dim"), let place = place(axis, axis),
                let sizes = call.integers("unflattened_size")
            else {
                return nil
            }
            let known = sizes.filter { $0 != -1 }.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
            guard known > 0, sizes.count(where: { $0 == -1 }) <= 1 else { return nil }
            let told = sizes.map { $0 == -1 ? extents[place] / known : $0 }
            guard told.allSatisfy({ $0 > 0 }),
                told.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == extents[place]
            else { return nil }
            return try reshaped(input, to: extents[..<place] + told + extents[(place + 1)...])
        }
        guard let first = place(call.integer("start_dim"), 0), let last = place(call.integer("end_dim"), -1),
            first <= last
        else { return nil }
        return try reshaped(
            input, to: extents[..<first] + [extents[first...last].reduce(1, *)] + extents[(last + 1)...])
    }

    private mutating func expanded(_ input: GraphAssembly.Value, to extents: [Int]) throws(ImportProblem) -> Value {
        let missing = extents.count - assembly.shape(of: input).extents.count
        guard missing == 0 else { throw unsupported("an expansion to more axes") }
        return try add("expand", [("size", .integers(extents))], [input])
    }

    /// Copies beside each other; never of the samples.
    private mutating func repeated(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ extents: [Int]
    ) throws(ImportProblem) -> Value? {
        let isExpansion = call.word == "expand"
        guard let list = call[isExpansion ? "shape" : "repeats"].flatMap(elements), list.count == extents.count + 1
        else {
            return nil
        }
        let sizes = list.dropFirst().compactMap { if case .setting(.integer(let size)) = $0 { size } else { nil } }
        guard sizes.count == extents.count else { return nil }
        switch list[0] {
        case .batch(times: 1) where isExpansion, .setting(.integer(-1)) where isExpansion: break
        case .setting(.integer(1)) where !isExpansion: break
        case .setting(.integer(let number)) where isExpansion && number > 0:
            assumedBatches[number] = "an expansion to \(number) samples in \(place)"
        default: return nil
        }
        return isExpansion
            ? try expanded(input, to: sizes) : try add("tile", [("dims", .integers([1] + sizes))], [input])
    }

    // MARK: Pieces

    private mutating func piece(
        _ input: GraphAssembly.Value, _ axis: Int, _ start: Int, _ length: Int
    ) throws(ImportProblem) -> Value {
        try add("narrow", [("dim", .integer(axis)), ("start", .integer(start)), ("length", .integer(length))], [input])
    }

    /// Places moved along axes; what leaves at one end comes in at the other.
    private mutating func rolled(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ extents: [Int]
    ) throws(ImportProblem) -> Value? {
        guard let shifts = call.integers("shifts"), let axes = call.integers("dims"), shifts.count == axes.count,
            !axes.isEmpty
        else { return nil }
        var value = input
        for (shift, axis) in zip(shifts, axes) {
            let place = axis < 0 ? axis + extents.count : axis - 1
            guard extents.indices.contains(place) else { return nil }
            let extent = extents[place]
            let end = ((shift % extent) + extent) % extent
            guard end > 0 else { continue }
            guard case .computed(let last) = try piece(value, axis, extent - end, end),
                case .computed(let first) = try piece(value, axis, 0, extent - end),
                case .computed(let joined) = try add("cat", [("dim", .integer(axis))], [last, first])
            else { return nil }
            value = joined
        }
        return .computed(value)
    }

    /// Pieces along an axis.
    private mutating func divided(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ extents: [Int]
    ) throws(ImportProblem) -> Value? {
        let axis = call.integer("dim") ?? 0
        let place = axis < 0 ? axis + extents.count : axis - 1
        guard extents.indices.contains(place) else { return nil }
        let extent = extents[place]
        var sizes: [Int]
        if let pieces = call.integer("sizes") {
            guard pieces > 0, pieces <= 4096 else { return nil }
            let size = call.word == "chunk" ? (extent - 1) / pieces + 1 : pieces
            sizes = Array(repeating: size, count: extent / size)
            if extent % size > 0 { sizes.append(extent % size) }
        } else {
            sizes = call.integers("sizes") ?? []
        }
        guard sizes.count <= 4096 else { return nil }
        var (pieces, start): ([Value], Int) = ([], 0)
        for size in sizes {
            guard size > 0, size <= extent - start else { return nil }
            pieces.append(try piece(input, axis, start, size))
            start += size
        }
        return .list(pieces)
    }
}
