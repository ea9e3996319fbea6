import Importing
import Neural

extension HalfAssembly {
    /// A module without weights, before which a vector may have to become a map.
    mutating func add(_ record: ModuleRecord, _ step: Step, before next: Step?) throws(ImportProblem) {
        if case .unflatten(let channels)? = next?.entrance, shape.extents.count == 1, record.needsMap, let next {
            try unflatten(channels, node(next.layer.path))
        }
        try add(record, step)
    }

    /// A module without weights that the file names.
    mutating func add(_ record: ModuleRecord, _ step: Step) throws(ImportProblem) {
        let name = node(record.path.isEmpty ? step.layer.path : record.path)
        switch record.meaning {
        case .nothing, .shaping: return
        case .crop(let size): try crop(to: size.map { [$0, $0] } ?? Array(hypothesis.sizes.image.suffix(2)), name)
        case .pixelNormalization(let epsilon): try normalizePixels(epsilon, name)
        case .layer(let record): try add(record, name)
        case .unknown:
            throw ImportProblem(
                .unsupported, "\(record.path) is of the class \(record.kind), and what that does the file does not say",
                advice: ImportProblem.exportAdvice)
        }
    }

    private mutating func add(_ record: ModuleRecord, _ name: String) throws(ImportProblem) {
        guard let entry = LayerCatalog.entry(named: record.kind) else {
            throw ImportProblem(.unsupported, "\(record.path): the layer \(record.kind) is not supported")
        }
        let known = Set(entry.keywords.map(\.name))
        let settings = record.settings.filter { known.contains($0.key) }.sorted { $0.key < $1.key }
        let operation: Neural.Operation
        do {
            operation = try entry.make(settings.map { (name: $0.key, value: $0.value) })
        } catch {
            throw ImportProblem(.unsupported, "\(record.path): \(error)")
        }
        value = try graph.add(operation, [value], name: name)
    }

    /// The first rows and columns.
    mutating func crop(to size: [Int], _ name: String) throws(ImportProblem) {
        for (axis, length) in zip([1, 2], size)
        where shape.extents.count == 3 && shape.extents[axis] > length {
            value = try graph.add(
                "narrow", ["dim": .integer(axis + 1), "start": .integer(0), "length": .integer(length)], [value],
                name: name)
        }
    }

    /// Each pixel divided by the root mean square of its channels (Karras et al. 2018).
    private mutating func normalizePixels(_ epsilon: Float, _ name: String) throws(ImportProblem) {
        let squares = try graph.add("mul", [:], [value, value], name: name + ".squares")
        var size = try graph.add(
            "mean", ["dim": .integer(1), "keepdim": .boolean(true)], [squares], name: name + ".mean")
        size = try graph.add("add", ["other": .number(epsilon)], [size], name: name + ".positive")
        size = try graph.add("sqrt", [:], [size], name: name + ".size")
        value = try graph.add("div", [:], [value, size], name: name)
    }
}

extension ModuleRecord {
    /// Whether it reads a map, or makes one.
    fileprivate var needsMap: Bool {
        switch meaning {
        case .nothing, .unknown: false
        case .shaping, .crop, .pixelNormalization: true
        case .layer(let record): record.kind.contains("2d") || ["Upsample", "pad"].contains(record.kind)
        }
    }
}
