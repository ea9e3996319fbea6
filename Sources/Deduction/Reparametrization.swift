import Importing
import Neural

extension LayerInventory {
    /// A layer's tensors with the weight put together again where weight or spectral normalization took it apart.
    func recombined(_ group: [String: Tensor], _ path: String) throws(ImportProblem) -> [String: Tensor] {
        var tensors = group
        let old = "parametrizations.weight."
        if let length = group["weight_g"] ?? group[old + "original0"],
            let direction = group["weight_v"] ?? group[old + "original1"]
        {
            tensors["weight"] = try scaled(direction, to: length, path)
        } else if let weight = group["weight_orig"] ?? group[old + "original"],
            let left = group["weight_u"] ?? group[old + "0._u"], let right = group["weight_v"] ?? group[old + "0._v"]
        {
            tensors["weight"] = try divided(weight, left, right, path)
        } else if let name = group.keys.first(where: { $0.hasPrefix("parametrizations.") || $0 == "weight_orig" }) {
            throw ImportProblem(
                .unsupported, "\(path) has a parametrization that is not known here (\(name))",
                advice: "remove it in Python before saving: torch.nn.utils.parametrize.remove_parametrizations")
        }
        return tensors
    }

    /// Weight normalization (Salimans and Kingma 2016): g · v / ‖v‖, the norm over all axes but that of g.
    private func scaled(_ direction: Tensor, to length: Tensor, _ path: String) throws(ImportProblem) -> Tensor {
        guard !direction.values.isEmpty, !direction.extents.isEmpty else {
            throw ImportProblem(.badFile, "\(path): weight_v is empty")
        }
        let axes = direction.extents.indices.filter { length.extents.indices.contains($0) && length.extents[$0] > 1 }
        let axis = axes.first ?? 0
        guard axes.count <= 1, length.extents.count == direction.extents.count || length.values.count == 1,
            length.values.count == direction.extents[axis] || length.values.count == 1
        else { throw ImportProblem(.badFile, "\(path): weight_g and weight_v do not belong together") }
        let inner = direction.extents[(axis + 1)...].reduce(1, *)
        let rows = length.values.count
        func row(_ place: Int) -> Int { rows == 1 ? 0 : place / inner % rows }
        var squares = [Double](repeating: 0, count: rows)
        for (place, value) in direction.values.enumerated() { squares[row(place)] += Double(value) * Double(value) }
        let factors = zip(length.values, squares).map { $1 > 0 ? $0 / Float($1.squareRoot()) : 0 }
        return Tensor(
            extents: direction.extents, values: direction.values.enumerated().map { $1 * factors[row($0)] })
    }

    /// Spectral normalization (Miyato et al. 2018): W / (uᵀ W v), with the vectors that training left.
    private func divided(
        _ weight: Tensor, _ left: Tensor, _ right: Tensor, _ path: String
    ) throws(ImportProblem) -> Tensor {
        let count = weight.values.count
        guard weight.extents.count >= 2, count > 0, left.values.count * right.values.count == count,
            let axis = weight.extents.prefix(2).firstIndex(of: left.values.count)
        else { throw ImportProblem(.badFile, "\(path): weight_u and weight_v do not belong to its weight") }
        let inner = weight.extents[(axis + 1)...].reduce(1, *)
        let rows = left.values.count
        var sigma = 0.0
        for (place, value) in weight.values.enumerated() {
            let row = place / inner % rows
            let column = place / (inner * rows) * inner + place % inner
            sigma += Double(value) * Double(left.values[row]) * Double(right.values[column])
        }
        guard sigma != 0 else { throw ImportProblem(.badFile, "\(path): its spectral norm is 0") }
        return Tensor(extents: weight.extents, values: weight.values.map { Float(Double($0) / sigma) })
    }
}
