import Importing
import Neural
import VAE

/// Where a whole autoencoder comes apart: the point that was drawn, and what it was drawn from.
struct LatentCut {
    let point: GraphAssembly.Value
    let mean: GraphAssembly.Value
    let second: GraphAssembly.Value?
    let head: SecondHead
    let certainty: Certainty
}

/// Looks for the latents between a picture that goes in and one that comes out.
struct LatentSearch {
    let assembly: GraphAssembly
    let noise: [GraphAssembly.Value]

    /// - Throws: ``ImportProblem`` where nothing between them is narrower than the picture.
    func cut(from image: GraphAssembly.Value, to picture: GraphAssembly.Value) throws(ImportProblem) -> LatentCut {
        let narrow = bottlenecks(from: image, to: picture).filter { value in
            let shape = assembly.shape(of: value)
            return shape.count < assembly.shape(of: image).count && shape.count <= Architecture.mostLatents
                && [1, 3].contains(shape.extents.count)
        }
        for value in narrow {
            if let drawn = drawn(value) { return drawn }
        }
        guard let least = narrow.map({ assembly.shape(of: $0).count }).min(),
            let value = narrow.first(where: { assembly.shape(of: $0).count == least })
        else {
            throw ImportProblem(
                .unsupported, "between the picture that goes in and the one that comes out are no latents")
        }
        return LatentCut(point: value, mean: value, second: nil, head: .none, certainty: .inferred)
    }

    /// The values that all ways from one value to another lead through, in their order.
    private func bottlenecks(from image: GraphAssembly.Value, to picture: GraphAssembly.Value) -> [GraphAssembly.Value]
    {
        let before = assembly.ancestors(of: [picture])
        // In the order in which they are made; each after its sources.
        var reached: Set<GraphAssembly.Value> = [image]
        var path: [GraphAssembly.Value] = [image]
        for value in before where value != image && assembly.sources(of: value).contains(where: reached.contains) {
            reached.insert(value)
            path.append(value)
        }
        let place = Dictionary(uniqueKeysWithValues: path.enumerated().map { ($0.element, $0.offset) })
        var furthest = 0
        var lastReader = path.indices.map { $0 }
        for (index, value) in path.enumerated() {
            for source in assembly.sources(of: value) {
                if let earlier = place[source] { lastReader[earlier] = max(lastReader[earlier], index) }
            }
        }
        var found: [GraphAssembly.Value] = []
        for (index, value) in path.enumerated() {
            if index > 0, furthest <= index { found.append(value) }
            furthest = max(furthest, lastReader[index])
        }
        return found
    }

    /// What a point was drawn from, where it is a mean and a width times noise.
    func drawn(_ value: GraphAssembly.Value) -> LatentCut? {
        let sources = assembly.sources(of: value)
        guard LayerStep(assembly, value).kind == "add", sources.count == 2 else { return nil }
        for (mean, spread) in [(sources[0], sources[1]), (sources[1], sources[0])] {
            guard !isNoisy(mean), assembly.shape(of: mean) == assembly.shape(of: value), let width = width(spread)
            else {
                continue
            }
            let (second, head) = self.head(width)
            return LatentCut(point: value, mean: mean, second: second, head: head, certainty: .known)
        }
        return nil
    }

    private func isNoisy(_ value: GraphAssembly.Value) -> Bool {
        noise.contains { assembly.depends(value, on: $0) }
    }

    /// What noise is multiplied with; nil where a value is no such product.
    private func width(_ value: GraphAssembly.Value) -> GraphAssembly.Value? {
        var value = value
        for _ in 0..<8 {
            let sources = assembly.sources(of: value)
            let step = LayerStep(assembly, value)
            if step.kind == "mul", sources.count == 2 {
                for (width, other) in [(sources[0], sources[1]), (sources[1], sources[0])] where !isNoisy(width) {
                    if isNoisy(other) { return width }
                    // A draw that the exporter has kept.
                    let isFixed = assembly.operation(of: other) != nil && assembly.sources(of: other).isEmpty
                    if isFixed, ["exp", "sqrt", "pow", "Softplus"].contains(LayerStep(assembly, width).kind) {
                        return width
                    }
                }
                return nil
            }
            guard sources.count == 1, assembly.operation(of: value)?.onlyReshapes == true else { return nil }
            value = sources[0]
        }
        return nil
    }

    /// What a width is computed from, and how.
    private func head(_ width: GraphAssembly.Value) -> (GraphAssembly.Value, SecondHead) {
        let source = assembly.sources(of: width).first
        let step = LayerStep(assembly, width)
        guard let source else { return (width, .sigma) }
        switch step.kind {
        case "exp":
            let inner = LayerStep(assembly, source)
            let halved =
                inner.kind == "mul" && inner.number("other") == 0.5 || inner.kind == "div" && inner.number("other") == 2
            if halved, let logVariance = assembly.sources(of: source).first { return (logVariance, .logVariance) }
            return (source, .logSigma)
        case "sqrt", "pow":
            if step.kind == "sqrt" || step.number("exponent") == 0.5, LayerStep(assembly, source).kind == "exp",
                let logVariance = assembly.sources(of: source).first
            {
                return (logVariance, .logVariance)
            }
            return (width, .sigma)
        case "Softplus": return (source, .softplus)
        default: return (width, .sigma)
        }
    }
}

extension GraphAssembly {
    /// All that some values are computed from, and they themselves, each after its sources.
    func ancestors(of values: [Value], stoppingAt ends: Set<Value> = []) -> [Value] {
        var (order, done): ([Value], Set<Value>) = ([], [])
        var open = values.map { (value: $0, isOpened: false) }
        while let (value, isOpened) = open.popLast() {
            if isOpened {
                if done.insert(value).inserted { order.append(value) }
                continue
            }
            guard !done.contains(value) else { continue }
            open.append((value, true))
            guard !ends.contains(value) else { continue }
            for source in sources(of: value) where !done.contains(source) { open.append((source, false)) }
        }
        return order
    }
}
