import Importing
import Neural

extension HalfAssembly {
    mutating func normalize(_ norm: WeightedLayer, next: Step?) throws(ImportProblem) {
        let name = node(norm.path)
        try enter(next, for: norm.width, name)
        switch norm.kind {
        case .batchNormalization(let channels, let isAffine):
            value = try graph.add(
                shape.extents.count == 3 ? "BatchNorm2d" : "BatchNorm1d",
                [
                    "num_features": .integer(channels), "eps": .number(norm.record?.number("eps") ?? 1e-5),
                    "affine": .boolean(isAffine),
                ], [value], name: name, tensors: norm.tensors)
        case .scale(let extents): try scale(norm, extents, name)
        default: break
        }
    }

    private mutating func scale(_ norm: WeightedLayer, _ extents: [Int], _ name: String) throws(ImportProblem) {
        let epsilon = Setting.number(norm.record?.number("eps") ?? 1e-5)
        if shape.extents.count == 1 || extents.count > 1 {
            value = try graph.add(
                "LayerNorm", ["normalized_shape": .integers(extents), "eps": epsilon], [value], name: name,
                tensors: norm.tensors)
            return
        }
        let channels = extents[0]
        var groups =
            norm.record?.whole("num_groups")
            ?? (norm.isOfInstances ? channels : hypothesis.groups ?? HalfAssembly.usualGroups(channels))
        if groups < 1 || channels % groups != 0 { groups = 1 }
        value = try graph.add(
            "GroupNorm",
            ["num_groups": .integer(groups), "num_channels": .integer(channels), "eps": epsilon], [value], name: name,
            tensors: norm.tensors)
    }

    static func usualGroups(_ channels: Int) -> Int {
        [8, 4, 2].first { channels % $0 == 0 && channels > $0 } ?? 1
    }
}

extension WeightedLayer {
    /// Whether a normalization is one of each channel by itself, as its name tells.
    var isOfInstances: Bool {
        record?.kind == "InstanceNorm2d" || Words.split(path).contains { $0.contains("in") || $0.contains("instance") }
    }
}
