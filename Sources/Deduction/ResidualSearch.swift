import Neural

/// Finds residual blocks among the layers of a half: by their names, checked by their shapes.
struct ResidualSearch {
    let half: Half

    /// What layers can be put in order: blocks as units, and the layers that are left, each with the file's order.
    func units(_ layers: [WeightedLayer]) -> (units: [Chain.Unit], norms: [WeightedLayer]) {
        var blocks: [ResidualBlock] = []
        var taken: Set<String> = []
        let named = named(layers)
        let isNamed = Set(named)
        for prefix in named + nested(layers) {
            let inside = layers.filter { $0.path.hasPrefix(prefix + ".") && !taken.contains($0.path) }
            guard let block = block(inside, prefix), isNamed.contains(prefix) || inside.startActive else { continue }
            blocks.append(block)
            taken.formUnion(inside.map(\.path))
        }
        let rest = layers.filter { !taken.contains($0.path) }
        let units = rest.filter(\.isMain).map { Chain.Unit.layer($0) } + blocks.map { Chain.Unit.residual($0) }
        return (units.sorted { $0.place < $1.place }, rest.filter { !$0.isMain })
    }

    /// Modules with numbers that hold a few layers, in a Sequential of their own or beside each other: `decoder.1.block.2`.
    private func nested(_ layers: [WeightedLayer]) -> [String] {
        var seen: Set<String> = []
        return layers.filter(\.isConvolution).compactMap { layer in
            let components = layer.path.split(separator: ".").map(String.init)
            let outer = components.dropLast(layer.position == nil ? 1 : 2)
            guard let number = outer.last, Int(number) != nil else { return nil }
            return outer.joined(separator: ".")
        }.filter { seen.insert($0).inserted }
    }

    /// The modules that may be blocks by their names, outer ones first.
    private func named(_ layers: [WeightedLayer]) -> [String] {
        var found: [String] = []
        for layer in layers where layer.isConvolution {
            let components = layer.path.split(separator: ".").map(String.init)
            for (index, words) in Words.split(layer.path).enumerated().dropLast() {
                let letters = words.filter { Int($0) == nil }
                var length = 0
                if index > 0, letters.contains(where: Words.shortcut.contains) { length = index }
                if length == 0,
                    letters.contains(where: Words.residual.contains) || Words.residual.contains(letters.joined())
                {
                    length = index + 1
                    if components.count > length + 1, Int(components[length]) != nil { length += 1 }
                }
                // torchvision's: `layer2.0.conv1`.
                if length == 0, words.count == 2, words[0] == "layer", components.count > index + 2,
                    Int(components[index + 1]) != nil, Int(components[index + 2]) == nil
                {
                    length = index + 2
                }
                if length > 0 { found.append(components[..<length].joined(separator: ".")) }
            }
            // rosinality's and others': an activation, 3×3, an activation, 1×1 in a Sequential of its own.
            if components.count > 2, components.last == "1", Int(components[components.count - 3]) != nil,
                isBottleneck(components.dropLast().joined(separator: "."), layers)
            {
                found.append(components.dropLast(2).joined(separator: "."))
            }
            // A shortcut that is a layer itself: `block.shortcut.weight`.
            if components.count > 1, let words = Words.split(layer.path).last,
                words.contains(where: Words.shortcut.contains)
            {
                found.append(components.dropLast().joined(separator: "."))
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }

    private func isBottleneck(_ path: String, _ layers: [WeightedLayer]) -> Bool {
        let inside = layers.filter { $0.parent == path }
        guard inside.map(\.path) == ["\(path).1", "\(path).3"], case .convolution(let first) = inside[0].kind,
            case .convolution(let last) = inside[1].kind
        else { return false }
        return first[2] == 3 && last[2] == 1 && first[1] == last[0] && first[0] == last[1]
    }

    private func block(_ layers: [WeightedLayer], _ prefix: String) -> ResidualBlock? {
        func isSkip(_ layer: WeightedLayer) -> Bool {
            let words = Words.split(String(layer.path.dropFirst(prefix.count + 1))).first ?? []
            // Lightning Bolts' decoder has torchvision's blocks the other way round.
            return words.contains(where: Words.shortcut.contains)
                || words == ["upsample"] && ResidualBlock.isNumbered(prefix)
        }
        let body = layers.filter { !isSkip($0) }
        let skip = layers.filter(isSkip)
        let mains = body.filter(\.isMain)
        guard (2...3).contains(mains.count), mains.allSatisfy(\.isConvolution), skip.filter(\.isMain).count <= 1,
            let bodySteps = steps(body), let skipSteps = skip.isEmpty ? [] : steps(skip)
        else { return nil }
        let block = ResidualBlock(path: prefix, body: bodySteps, skip: skipSteps)
        guard
            skipSteps.isEmpty
                ? block.inputs == block.outputs
                : skipSteps[0].inputs == block.inputs
                    && skipSteps.last?.outputs == block.outputs
        else { return nil }
        return block
    }

    private func steps(_ layers: [WeightedLayer]) -> [Step]? {
        guard let first = layers.first(where: \.isMain), case .convolution(let extents) = first.kind else { return nil }
        let norms = layers.startNormalized ? [] : layers.filter { !$0.isMain }
        var chain = Chain(.encoder, labels: [], prefersTransposed: false)
        let units = layers.filter(\.isMain).map { Chain.Unit.layer($0) }
        for inputs in Set([extents[1], extents[0]]).sorted(by: { left, _ in left == extents[1] }) {
            guard let elements = chain.order(units, from: .map(inputs), isEnd: { _ in true }) else { continue }
            var attachment = Attachment(elements)
            attachment.attach(norms)
            let steps = attachment.elements.compactMap(\.step)
            return layers.startNormalized ? steps.map { layers.normalized($0) } : steps
        }
        return nil
    }
}

/// The layers of a residual block, as the file lists them.
extension [WeightedLayer] {
    /// Whether each convolution follows a normalization of what it reads.
    fileprivate var startNormalized: Bool {
        count >= 4 && count.isMultiple(of: 2)
            && stride(from: 0, to: count, by: 2).allSatisfy { place in
                !self[place].isMain && !self[place].isSlopes && self[place].width == self[place + 1].features?.inputs
            }
    }

    /// Whether a normalization or an activation comes first, as in blocks whose sums nothing follows (He et al. 2016).
    fileprivate var startActive: Bool {
        if startNormalized { return true }
        guard allSatisfy(\.isMain), let first = first?.position else { return false }
        return enumerated().allSatisfy { place, layer in
            layer.position.map { $0.parent == first.parent && $0.number == 2 * place + 1 } ?? false
        }
    }

    /// A convolution with the normalization before it.
    fileprivate func normalized(_ step: Step) -> Step {
        guard let place = firstIndex(where: { $0.path == step.layer.path }), place > 0 else { return step }
        var step = step
        step.before = [self[place - 1]]
        return step
    }
}
