import Importing
import JSON
import Neural

extension KerasLayers {
    static let merges: [String: Make] = {
        func fold(_ kind: String) -> Make {
            { (operands, builder) throws(ImportProblem) in
                guard operands.values.count > 1 else { return [try builder.arithmetic(operands, kind)] }
                return [try builder.fold(operands, kind)]
            }
        }
        return [
            "Add": fold("add"), "Subtract": fold("sub"), "Multiply": fold("mul"), "Maximum": fold("maximum"),
            "Minimum": fold("minimum"),
            "Average": { (operands, builder) throws(ImportProblem) in
                let sum = try builder.fold(operands, "add")
                let share = 1 / Float(operands.values.count)
                return [try builder.map("mul", ["other": .number(share)], sum, operands.layer)]
            },
            "Concatenate": { (operands, builder) throws(ImportProblem) in
                let keyword = operands.keyword("axis").flatMap { KerasSettings.whole($0) }
                let own = try operands.settings.integer("axis", -1)
                let axis = keyword ?? own
                return [try builder.concatenate(operands, axis: axis)]
            },
        ]
    }()
}

extension KerasBuilder {
    /// Values of one rank: the smaller ones get axes of 1 behind the batch, as Keras's merging layers do.
    private mutating func ranked(_ operands: KerasOperands) throws(ImportProblem) -> [KerasValue] {
        let rank = operands.values.map(\.shape.count).max() ?? 0
        var values: [KerasValue] = []
        for value in operands.values {
            guard value.shape.count < rank else {
                values.append(value)
                continue
            }
            let source = try plain(value)
            let shape = [Int](repeating: 1, count: rank - value.shape.count) + value.shape
            let made = try add("reshape", ["shape": .integers(shape)], [source.engine], operands.layer)
            values.append(KerasValue(made, shape))
        }
        return try aligned(values)
    }

    /// All values, one after the other, under a function of two.
    fileprivate mutating func fold(_ operands: KerasOperands, _ kind: String) throws(ImportProblem) -> KerasValue {
        let values = try ranked(operands)
        guard var result = values.first else { throw operands.settings.problem("is called without a value") }
        for value in values.dropFirst() {
            let made = try add(kind, [result.engine, value.engine], operands.layer)
            guard let shape = KerasBuilder.broadcast(result.shape, value.shape) else {
                throw operands.settings.problem("reads \(result.shape) and \(value.shape), which do not fit")
            }
            result = KerasValue(made, shape, result.order)
        }
        return result
    }

    /// The shape of two values of one rank that are computed with element by element.
    static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
        guard left.count == right.count, zip(left, right).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
            return nil
        }
        return zip(left, right).map { max($0, $1) }
    }

    fileprivate mutating func concatenate(_ operands: KerasOperands, axis: Int) throws(ImportProblem) -> KerasValue {
        var values = operands.values
        guard let rank = values.first?.shape.count, rank > 0, values.allSatisfy({ $0.shape.count == rank }) else {
            throw operands.settings.problem("joins values of different ranks")
        }
        // Vectors that were images are joined as Keras has them.
        values = try rank == 1 ? values.map { value throws(ImportProblem) in try plain(value) } : aligned(values)
        guard let place = values[0].engineAxis(axis) else { throw operands.settings.wrong("axis") }
        let made = try add("cat", ["dim": .integer(place)], values.map(\.engine), operands.layer)
        let keras = axis < 0 ? axis + rank : axis - 1
        var shape = values[0].shape
        shape[keras] = values.reduce(0) { $0 + $1.shape[keras] }
        return KerasValue(made, shape, values[0].order)
    }
}
