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
            if attachAfterBlock(norm) { continue }
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

    /// Gives a normalization to the block whose sum it reads, as far as places tell.
    private mutating func attachAfterBlock(_ norm: WeightedLayer) -> Bool {
        guard !norm.isSlopes, let place = nearest(norm), case .residual(var block) = elements[place], block.endsBare,
            block.after == nil, norm.width == block.outputs
        else { return false }
        block.after = norm
        elements[place] = .residual(block)
        return true
    }

    /// The last element before a normalization: in its Sequential, or in the file.
    private func nearest(_ norm: WeightedLayer) -> Int? {
        let own = norm.position
        let earlier = elements.indices.filter { place in
            if let own {
                return elements[place].position.map { $0.parent == own.parent && $0.number < own.number } ?? false
            }
            return (elements[place].layers.first?.place ?? .max) < norm.place
        }
        return earlier.max { left, right in
            own == nil
                ? (elements[left].layers.first?.place ?? 0) < (elements[right].layers.first?.place ?? 0)
                : number(left) < number(right)
        }
    }

    /// Whether a normalization fits what a step makes: its outputs, or the map that they become.
    private func fits(_ norm: WeightedLayer, after place: Int) -> Bool {
        guard let step = elements[place].step else { return false }
        if case .slopes(1) = norm.kind { return true }
        if case .scale(let extents) = norm.kind, extents.count == 3 { return extents[0] == step.outputs }
        if norm.width == step.outputs { return true }
        guard elements.indices.contains(place + 1) else { return false }
        switch elements[place + 1].first?.entrance {
        case .unflatten(let channels)?: return norm.width == channels
        case .shuffle(let factor)?: return norm.width.map { $0 * factor * factor == step.outputs } ?? false
        default: return false
        }
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

    private func number(_ place: Int) -> Int { elements[place].position?.number ?? -1 }

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
    /// - Parameters:
    ///   - order: what the file lists of its modules.
    ///   - next: the layer after the last element, a head.
    mutating func readGaps(_ order: ModuleOrder?, next: Step?) {
        let lists = lists()
        var end: String?
        for place in elements.indices {
            let following = place + 1 < elements.count ? elements[place + 1] : next.map { .step($0) }
            guard case .step(var step) = elements[place] else {
                end = nil
                elements[place] = followed(elements[place], lists, following)
                continue
            }
            let first = (step.before.first ?? step.layer).path
            if let order, end != first { step.leading = order.preceding(first) }
            end = nil
            let gap = Gap(step, isListed(step.layer.position, lists) ? nil : following)
            if let (records, last) = order?.following(gap.last) {
                end = last
                if let (between, norm) = order?.following(step.layer.path),
                    step.norms.contains(where: { $0.path == norm })
                {
                    step.between = between
                }
                (step.records, step.isActivationKnown, step.room) = (records, true, 0)
                step.activation = .none
                elements[place] = .step(step)
            } else {
                elements[place] = .step(gap.filled())
            }
        }
    }

    private func isListed(_ position: (parent: String, number: Int)?, _ lists: Set<String>) -> Bool {
        position.map { lists.contains($0.parent) } ?? false
    }

    /// A residual block with what stands after it.
    private func followed(_ element: Element, _ lists: Set<String>, _ next: Element?) -> Element {
        guard case .residual(var block) = element, let next else { return element }
        // Blocks that begin with an activation end in a sum, and the last of them is followed by one.
        let isPlain = block.startsActive && block.body.allSatisfy { $0.before.isEmpty && $0.norms.isEmpty }
        if isPlain { block.isActiveAfter = isActive(after: block, next) }
        guard let own = block.position, !isListed(own, lists), let following = next.position,
            following.parent == own.parent
        else { return .residual(block) }
        var gap = following.number - (block.after?.position?.number ?? own.number) - 1
        // A sum may be activated by the block itself.
        guard gap == 0 || gap > 0 && block.endsBare else { return .residual(block) }
        if let entrance = next.first?.entrance, entrance != .asIs, gap >= 1 { gap -= 1 }
        if !isPlain, gap >= 1 {
            block.isActiveAfter =
                block.after != nil || !block.isPreActivated && (gap >= 2 || next.step?.role == .transposed)
        }
        if block.isActiveAfter, gap >= 1 { gap -= 1 }
        block.room = gap
        return .residual(block)
    }

    /// Whether an activation follows a plain block, as the numbers of its Sequential tell, or what is usual.
    private func isActive(after block: ResidualBlock, _ next: Element) -> Bool {
        if case .residual(let other) = next, other.startsActive { return false }
        guard let own = block.position, let following = next.position, own.parent == following.parent else {
            return block.body.last?.kernel == 1
        }
        return following.number - own.number > 1
    }

    /// The modules whose numbers have no gaps at all: lists, between whose layers a function stands.
    private func lists() -> Set<String> {
        var numbers: [String: [Int]] = [:]
        for element in elements {
            let layers = element.step?.layers.map(\.position) ?? [element.position]
            for position in layers.compactMap(\.self) {
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
        private let next: Element?

        init(_ step: Step, _ next: Element?) { (self.step, self.next) = (step, next) }

        private var entrance: Step.Entrance? { next?.first?.entrance }
        /// Whether channels become pixels before the step's normalization.
        private var isShuffled: Bool {
            guard case .shuffle(let factor)? = entrance, let width = step.norms.first?.width else { return false }
            return width * factor * factor == step.outputs
        }
        /// Whether a block follows that begins with an activation itself.
        private var yields: Bool {
            if case .residual(let block)? = next { block.endsBare && step.norms.isEmpty } else { false }
        }

        /// The path of the last layer with weights in the same Sequential.
        var last: String {
            guard let own = step.layer.position else { return step.layer.path }
            let layers = step.norms + [step.layer] + (step.slopes.map { [$0] } ?? [])
            let inside = layers.filter { $0.position?.parent == own.parent }
            return inside.max { $0.position?.number ?? 0 < $1.position?.number ?? 0 }?.path ?? step.layer.path
        }

        func filled() -> Step {
            var step = step
            if step.slopes != nil || step.layer.gate != nil || yields {
                (step.activation, step.isActivationKnown) = (.none, true)
            }
            guard let own = step.layer.position else { return step }
            let norms = step.norms.compactMap(\.position).filter { $0.parent == own.parent }.map(\.number)
            var end = own.number
            if let first = norms.min() {
                let before = first - own.number - (isShuffled ? 2 : 1)
                if before >= 1 { (step.activation, step.isActivationKnown) = (.beforeNorm, true) }
                end = norms.max() ?? first
            }
            if let slopes = step.slopes?.position, slopes.parent == own.parent { end = max(end, slopes.number) }
            guard let following = next?.position, following.parent == own.parent else { return step }
            var gap = following.number - end - 1
            guard gap >= 0 else { return step }
            if entrance != .asIs, !isShuffled, gap >= 1 { gap -= 1 }
            if step.activation == .afterNorm {
                step.isActivationKnown = true
                step.mayYield = gap == 1 && step.role == .linear && entrance != .asIs
                if gap >= 1 { gap -= 1 } else { step.activation = .none }
            }
            step.room = gap
            return step
        }
    }
}
