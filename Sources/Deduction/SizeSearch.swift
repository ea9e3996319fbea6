import Importing
import Neural

/// A way from one size of map to another through the layers of a half.
struct SizePath: Hashable, Sendable {
    /// One for each element; linear layers have an empty one.
    var choices: [Choice] = []
    /// The side of the map after the last; nil for a vector.
    var side: Int?
    var cost = 0.0
    /// Whether the first convolution reads a single pixel, as one that makes a map of its kernel's size.
    var beginsAtPixel = false
}

/// Looks for the combinations of stride, padding, enlargement and pooling under which all shapes chain.
struct SizeSearch {
    /// How many partial ways are kept in all, and of those that lead to one size.
    private static let (width, widthOfSide) = (120, 8)
    /// What nobody would write.
    private static let highestCost = 7.0

    let half: Half
    let elements: [Element]
    /// What options say, for the decoder's convolutions in their order.
    var forced = ForcedChoices()
    /// Whether channels become pixels, so that maps are seldom enlarged otherwise.
    var shuffles = false

    /// - Parameter side: of the map before the first element; nil for a vector.
    /// - Returns: all ways that were kept, the most plausible first.
    func paths(from side: Int?, features: Int) -> [SizePath] {
        var partial = [SizePath(side: side)]
        var features = features
        var number = 0
        for (index, element) in elements.enumerated() {
            var next: [Extension] = []
            var tables: [Int: [(choice: Choice, cost: Double)]] = [:]
            for (place, path) in partial.enumerated() {
                for var found in extended(path, by: element, at: index, features, number, &tables) {
                    found.path = place
                    next.append(found)
                }
            }
            if element.isConvolution { number += 1 }
            features = element.outputs
            partial = SizeSearch.best(next).map { found in
                var path = partial[found.path]
                path.choices.append(found.choice)
                (path.side, path.cost) = (found.side, found.cost)
                path.beginsAtPixel = path.beginsAtPixel || found.beginsAtPixel
                return path
            }
            guard !partial.isEmpty else { return [] }
        }
        return partial
    }

    /// One more choice on a way; ways are put together only for those that are kept.
    private struct Extension {
        var path = 0
        let choice: Choice
        let side: Int?
        var cost: Double
        var beginsAtPixel = false
    }

    private static func best(_ found: [Extension]) -> [Extension] {
        var counts: [Int: Int] = [:]
        var kept: [Extension] = []
        for one in found.sorted(by: { $0.cost < $1.cost }) {
            guard kept.count < width, one.cost < highestCost || kept.isEmpty else { break }
            let count = counts[one.side ?? 0, default: 0]
            guard count < widthOfSide else { continue }
            counts[one.side ?? 0] = count + 1
            kept.append(one)
        }
        return kept
    }

    private func extended(
        _ path: SizePath, by element: Element, at index: Int, _ features: Int, _ number: Int,
        _ tables: inout [Int: [(choice: Choice, cost: Double)]]
    ) -> [Extension] {
        guard case .step(let step) = element else { return residual(path, index, features) }
        var side = path.side
        switch step.entrance {
        case .asIs: break
        case .shuffle(let factor): side = side.map { $0 * factor }
        case .flatten:
            // A pooling that gives a fixed size would hide any other.
            // A residual network's is usual.
            guard let wanted = squareRoot((step.inputs - step.labels) / max(1, features)),
                side == wanted || wanted == 1 && elements.pools(index)
            else { return [] }
            side = nil
        case .unflatten(let channels): side = squareRoot(features / max(1, channels))
        }
        guard step.role != .linear else { return [Extension(choice: Choice(), side: side, cost: path.cost)] }
        guard let side else { return [] }
        return continued(path, step, side, index, number, &tables)
    }

    private func continued(
        _ path: SizePath, _ step: Step, _ side: Int, _ index: Int, _ number: Int,
        _ tables: inout [Int: [(choice: Choice, cost: Double)]]
    ) -> [Extension] {
        let before = index > 0 ? elements[index - 1].step : nil
        guard let enlarged = enlarged(side, before, step) else { return [] }
        let room = half == .encoder ? step.room : index > 0 ? elements[index - 1].room : nil
        let table = tables[enlarged] ?? forced.applied(choices(step, enlarged, room, index), step, number)
        tables[enlarged] = table
        let isFirst = path.choices.indices.allSatisfy { !elements[$0].isConvolution }
        let surcharge = surcharge(step, side, index)
        var found: [Extension] = []
        for (choice, cost) in table where path.cost + cost < SizeSearch.highestCost || table.count == 1 {
            if step.records != nil, choice.pool > 1 { continue }
            if before?.records != nil, choice.scale > 1 { continue }
            guard let convolved = choice.side(enlarged, step.kernel, step.role) else { continue }
            guard let made = half == .encoder ? (step.records ?? []).side(after: convolved) : convolved else {
                continue
            }
            let added =
                // The whole map in one pixel.
                half == .encoder && made == 1 && side == step.kernel && choice == Choice()
                ? 0.2 : repeats(choice, path) ? 0.4 * cost : cost + inconsistency(choice, step, path)
            found.append(
                Extension(
                    choice: choice, side: made, cost: path.cost + added + surcharge, beginsAtPixel: isFirst && side == 1
                ))
        }
        return found
    }

    private func choices(_ step: Step, _ side: Int, _ room: Int?, _ index: Int) -> [(choice: Choice, cost: Double)] {
        let before = index > 0 ? elements[index - 1].step : nil
        let table = ChoiceTable(half: half)
        var found = table.choices(kernel: step.kernel, role: step.role, size: side, room: room)
        if step.isRoleOpen, step.role == .transposed {
            found += table.other(
                kernel: step.kernel, follows: before?.role == .transposed && step.layer.position != nil)
        }
        if half == .decoder, index + 1 < elements.count, case .residual(let block) = elements[index + 1],
            block.startsActive, step.isRoleOpen
        {
            found += table.other(kernel: step.kernel, follows: true)
        }
        if half == .decoder, step.layer.resizes {
            for index in found.indices { found[index].cost += found[index].choice.scale > 1 ? -0.6 : 0.8 }
        }
        if shuffles {
            for index in found.indices where found[index].choice.scale > 1 { found[index].cost += 1.5 }
        }
        if half == .decoder, before?.mayYield == true {
            for (choice, cost) in table.choices(kernel: step.kernel, role: step.role, size: side, room: 1)
            where choice.scale > 1 {
                var yielding = choice
                yielding.yields = true
                found.append((yielding, cost + 0.2))
            }
        }
        return found
    }

    /// A convolution of one pixel before one that makes a map of pixels stands for a linear layer.
    private func surcharge(_ step: Step, _ side: Int, _ index: Int) -> Double {
        guard half == .decoder, index == 0, step.kernel == 1, side > 1, elements.count > 1,
            let follower = elements[1].step, follower.role == .transposed, follower.kernel > 3
        else { return 0 }
        return 0.8
    }

    /// Whether the convolution before has the same settings: what is said twice is less of a surprise.
    private func repeats(_ choice: Choice, _ path: SizePath) -> Bool {
        for (place, earlier) in path.choices.enumerated().reversed() where elements[place].isConvolution {
            return earlier == choice
        }
        return false
    }

    /// People give all convolutions of one kind the same settings.
    private func inconsistency(_ choice: Choice, _ step: Step, _ path: SizePath) -> Double {
        for (place, earlier) in path.choices.enumerated().reversed() {
            guard let other = elements[place].step, other.role == step.role, other.kernel == step.kernel,
                earlier.isOther == choice.isOther
            else {
                continue
            }
            let isFirst = elements[..<place].allSatisfy { !$0.isConvolution }
            return earlier == choice || isFirst && path.beginsAtPixel ? 0 : 0.4
        }
        return 0
    }

    private func residual(_ path: SizePath, _ index: Int, _ features: Int) -> [Extension] {
        guard case .residual(let block) = elements[index] else { return [] }
        let entered: Int? =
            switch block.entrance {
            case .unflatten: squareRoot(features / max(1, block.inputs))
            case .shuffle(let factor): path.side.map { $0 * factor }
            case .asIs, .flatten: path.side
            }
        guard let side = entered else { return [] }
        var options: [(Choice, Double)] = [(Choice(), 0)]
        let room = index > 0 ? elements[index - 1].room : nil
        if half == .decoder, elements.contains(where: \.enlarges) {
            options = enlargements(block, side)
        } else if half == .encoder, block.isNumbered {
            // As torchvision's: what changes the channels halves the map.
            if !block.skip.isEmpty { options = [(Choice(), 0.3), (Choice(stride: 2), 0)] }
        } else if half == .encoder {
            if !block.skip.isEmpty { options.append((Choice(stride: 2), block.inputs == block.outputs ? 0.8 : 0.2)) }
            if block.room != 0 {
                let isSeldom = block.startsActive && block.skip.isEmpty
                options.append((Choice(pool: 2), isSeldom ? 3 : block.room == nil ? 0.9 : 0.3))
            }
        } else if room != 0 {
            // What stands before a block in a Sequential beside an activation most often enlarges.
            options =
                room == nil ? [(Choice(), 0), (Choice(scale: 2), 0.7)] : [(Choice(scale: 2), 0), (Choice(), 0.6)]
        }
        return options.compactMap { choice, cost in
            let made = half == .encoder ? (side + choice.stride - 1) / choice.stride / choice.pool : side * choice.scale
            guard (1...1024).contains(made) else { return nil }
            return Extension(choice: choice, side: made, cost: path.cost + cost)
        }
    }

    /// Where some blocks have layers that resize by their names, others do not, but for the first map of one pixel.
    private func enlargements(_ block: ResidualBlock, _ side: Int) -> [(Choice, Double)] {
        if block.enlarging != nil { return [(Choice(scale: 2), 0), (Choice(), 2)] }
        let first = [(Choice(scale: 4), 0.3), (Choice(scale: 2), 0.6), (Choice(scale: 8), 1)]
        return [(Choice(), 0)] + (side == 1 ? first : [(Choice(scale: 2), 3)])
    }

    /// A map's side where the modules that stand before a convolution have had it.
    private func enlarged(_ side: Int, _ before: Step?, _ step: Step) -> Int? {
        let records = (half == .decoder ? before?.records ?? [] : []) + step.leading
        return records.side(after: side)
    }
}

extension ModuleRecord {
    func number(_ name: String) -> Float? {
        switch settings[name] {
        case .number(let number)?: number
        case .integer(let number)?: Float(number)
        case .numbers(let list)? where Set(list).count == 1: list.first
        case .integers(let list)? where Set(list).count == 1: list.first.map { Float($0) }
        default: nil
        }
    }
}

/// What options and records fix of the decoder's convolutions.
struct ForcedChoices {
    var strides: [Int]?
    var paddings: [Int]?
    var outputPaddings: [Int]?
    /// Whether one number is for all of a model's convolutions.
    var isWhole = true

    func applied(_ table: [(choice: Choice, cost: Double)], _ step: Step, _ number: Int) -> [(
        choice: Choice, cost: Double
    )] {
        func value(_ list: [Int]?, _ keyword: String) -> Int? {
            if let list, let last = list.last {
                return list.count == 1 && isWhole ? last : number < list.count ? list[number] : nil
            }
            guard let record = step.layer.record, !record.settings.isEmpty else { return nil }
            return (keyword == "padding" ? record.padding : record.whole(keyword)) ?? (keyword == "stride" ? 1 : 0)
        }
        let stride = value(strides, "stride")
        let padding = value(paddings, "padding")
        let extra = step.role == .transposed ? value(outputPaddings, "output_padding") : 0
        guard stride != nil || padding != nil || (step.role == .transposed && extra != nil) else { return table }
        func allows(_ choice: Choice) -> Bool {
            (stride ?? choice.stride) == choice.stride && (padding ?? choice.padding) == choice.padding
                && (extra ?? choice.outputPadding) == choice.outputPadding
        }
        let left = table.filter { allows($0.choice) }
        if !left.isEmpty { return left }
        // What nobody would expect, but somebody said.
        let rest = table.first?.choice ?? Choice()
        return [
            (
                Choice(
                    stride: max(1, min(stride ?? rest.stride, 64)), padding: max(0, min(padding ?? rest.padding, 64)),
                    outputPadding: max(0, min(extra ?? rest.outputPadding, 63))), 0
            )
        ]
    }
}
