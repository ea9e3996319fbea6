import Importing
import Neural

/// Gives normalizations and PReLUs to the layers that they follow, and finds where activations stand.
struct Attachment {
    private(set) var elements: [Element]
    /// Normalizations that fit nowhere.
    private(set) var left: [WeightedLayer] = []

    init(_ elements: [Element]) { self.elements = elements }

    mutating func attach(_ norms: [WeightedLayer]) {
        for norm in norms {
            if let place = follower(norm) {
                change(place) { if norm.isSlopes { $0.slopes = norm } else { $0.norms.append(norm) } }
            } else if let place = leader(norm) {
                change(place) { $0.before.append(norm) }
            } else {
                left.append(norm)
            }
        }
    }

    private mutating func change(_ place: Int, _ body: (inout Step) -> Void) {
        guard case .step(var step) = elements[place] else { return }
        body(&step)
        elements[place] = .step(step)
    }

    /// Whether a normalization fits what a step makes: its outputs, or the map that they become.
    private func fits(_ norm: WeightedLayer, after place: Int) -> Bool {
        guard let step = elements[place].step else { return false }
        if case .slopes(1) = norm.kind { return true }
        if case .scale(let extents) = norm.kind, extents.count == 3 { return extents[0] == step.outputs }
        if norm.width == step.outputs { return true }
        guard elements.indices.contains(place + 1), case .unflatten(let channels)? = elements[place + 1].first?.entrance
        else {
            return false
        }
        return norm.width == channels
    }

    /// The step that a normalization follows.
    private func follower(_ norm: WeightedLayer) -> Int? {
        let places = elements.indices.filter { elements[$0].step != nil && fits(norm, after: $0) }
        func free(_ place: Int) -> Bool {
            guard let step = elements[place].step else { return false }
            return norm.isSlopes ? step.slopes == nil : step.norms.isEmpty
        }
        if let position = norm.position {
            // In a Sequential: the nearest layer before it.
            let before = elements.indices.filter { place in
                elements[place].step?.layer.position.map { $0.parent == position.parent && $0.number < position.number }
                    ?? false
            }
            if let nearest = before.max(by: { number($0) < number($1) }) {
                return places.contains(nearest) ? nearest : nil
            }
            let isFirst = elements.contains { $0.step?.layer.position?.parent == position.parent }
            if isFirst { return nil }
        }
        let numbered = places.filter { place in
            guard let layer = elements[place].step?.layer, layer.parent == norm.parent,
                let number = Words.number(norm.path)
            else { return false }
            return Words.number(layer.path) == number && free(place)
        }
        if let match = numbered.first { return match }
        let earlier = places.filter { (elements[$0].step?.layer.place ?? 0) < norm.place && free($0) }
        let nearest = earlier.max { (elements[$0].step?.layer.place ?? 0) < (elements[$1].step?.layer.place ?? 0) }
        // Normalizations that are listed after all layers are in the layers' order.
        let areListedApart =
            nearest.map { place in
                elements.indices.contains {
                    (elements[$0].step?.layer.place ?? 0) > (elements[place].step?.layer.place ?? 0)
                        && (elements[$0].step?.layer.place ?? .max) < norm.place
                }
            } ?? false
        return areListedApart ? earlier.first : nearest ?? places.first(where: free)
    }

    private func number(_ place: Int) -> Int { elements[place].step?.layer.position?.number ?? -1 }

    /// The step that a normalization stands before.
    private func leader(_ norm: WeightedLayer) -> Int? {
        elements.indices.first { place in
            guard let step = elements[place].step, step.inputs == norm.width else { return false }
            guard let own = norm.position, let position = step.layer.position, own.parent == position.parent else {
                return step.layer.place > norm.place
            }
            return position.number > own.number
        }
    }
}

extension WeightedLayer {
    var isSlopes: Bool { if case .slopes = kind { true } else { false } }
}

// MARK: Where activations stand

extension Attachment {
    /// Reads the gaps in Sequentials' numbers: what stands between two layers without weights.
    ///
    /// - Parameter next: the layer after the last element, a head.
    mutating func readGaps(_ modules: [String: ModuleRecord], next: Step?) {
        let lists = lists()
        for place in elements.indices {
            let follower = place + 1 < elements.count ? elements[place + 1].first : next
            guard case .step(let step) = elements[place] else { continue }
            let isListed = step.layer.position.map { lists.contains($0.parent) } ?? false
            elements[place] = .step(Gap(step, isListed ? nil : follower, modules).filled())
        }
    }

    /// The modules whose numbers have no gaps at all: lists, between whose layers a function stands.
    private func lists() -> Set<String> {
        var numbers: [String: [Int]] = [:]
        for step in elements.compactMap(\.step) {
            for position in step.layers.compactMap(\.position) {
                numbers[position.parent, default: []].append(position.number)
            }
        }
        let dense = numbers.filter {
            $0.value.count > 1 && ($0.value.max() ?? 0) - ($0.value.min() ?? 0) == $0.value.count - 1
        }
        return Set(dense.keys)
    }

    /// Whether anything stands between two layers of one Sequential.
    private struct Gap {
        private let step: Step
        private let next: Step?
        private let modules: [String: ModuleRecord]

        init(_ step: Step, _ next: Step?, _ modules: [String: ModuleRecord]) {
            (self.step, self.next, self.modules) = (step, next, modules)
        }

        func filled() -> Step {
            var step = step
            if let records = records() {
                (step.records, step.isActivationKnown, step.room) = (records, true, 0)
                step.activation = .none
                return step
            }
            if step.slopes != nil { (step.activation, step.isActivationKnown) = (.none, true) }
            guard let own = step.layer.position else { return step }
            let norms = step.norms.compactMap(\.position).filter { $0.parent == own.parent }.map(\.number)
            var end = own.number
            if let first = norms.min() {
                let before = first - own.number - 1
                if before >= 1 { (step.activation, step.isActivationKnown) = (.beforeNorm, true) }
                end = norms.max() ?? first
            }
            if let slopes = step.slopes?.position, slopes.parent == own.parent { end = max(end, slopes.number) }
            guard let following = firstLayer(of: next), following.parent == own.parent else { return step }
            var gap = following.number - end - 1
            guard gap >= 0 else { return step }
            if next?.entrance != .asIs, gap >= 1 { gap -= 1 }
            if step.activation == .afterNorm {
                step.isActivationKnown = true
                if gap >= 1 { gap -= 1 } else { step.activation = .none }
            }
            step.room = gap
            return step
        }

        private func firstLayer(of next: Step?) -> (parent: String, number: Int)? {
            guard let next else { return nil }
            return (next.before.first ?? next.layer).position
        }

        /// The modules without weights that follow in the same Sequential, where the file lists them.
        private func records() -> [ModuleRecord]? {
            guard let own = step.layer.position else { return nil }
            let last =
                (step.norms + [step.layer] + (step.slopes.map { [$0] } ?? [])).compactMap(\.position)
                .filter { $0.parent == own.parent }.map(\.number).max() ?? own.number
            let prefix = own.parent.isEmpty ? "" : own.parent + "."
            guard modules[prefix + "\(own.number)"] != nil else { return nil }
            var found: [ModuleRecord] = []
            for number in (last + 1)..<(last + 20) {
                guard let record = modules[prefix + "\(number)"], ModuleRecord.weightless.contains(record.kind) else {
                    break
                }
                found.append(record)
            }
            return found
        }
    }
}

extension ModuleRecord {
    /// Layers of `torch.nn` without weights that can stand between others.
    static let weightless: Set<String> = [
        "ReLU", "LeakyReLU", "SiLU", "Tanh", "Sigmoid", "Softplus", "GELU", "ELU", "SELU", "CELU", "Mish", "Hardtanh",
        "Hardsigmoid", "Hardswish", "ReLU6", "Softsign", "Softmax", "LogSigmoid", "MaxPool2d", "AvgPool2d", "Upsample",
        "UpsamplingNearest2d", "UpsamplingBilinear2d", "PixelShuffle", "Dropout", "Dropout2d", "Identity", "Flatten",
        "Unflatten", "AdaptiveAvgPool2d",
    ]
}
