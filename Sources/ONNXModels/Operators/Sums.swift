import Importing
import Neural

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension OperatorTable {
    static let sums: [String: Function] = ["Einsum": { call throws(ImportProblem) in try einsum(call) }]

    /// Products of two values that are summed along the axes that the result lacks, each axis once in each value.
    private static func einsum(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let equation = call.text("equation", "").filter { $0 != " " }
        let terms = equation.replacingOccurrences(of: "->", with: ",").split(separator: ",").map(Array.init)
        guard equation.contains("->"), terms.count == 3, call.inputs.count == 2,
            terms.allSatisfy({ $0.allSatisfy(\.isLetter) && Set($0).count == $0.count })
        else { throw call.unsupported("its equation \(equation.prefix(60)) is not supported") }
        let (left, right) = (try call.value(0), try call.value(1))
        let (a, b, result) = (terms[0], terms[1], terms[2])
        guard left.rank == a.count, right.rank == b.count else {
            throw call.wrong("its equation \(equation.prefix(60)) does not fit its inputs' axes")
        }
        var extents: [Character: Int] = [:]
        for (letter, extent) in zip(a + b, left.extents + right.extents) {
            guard extents.updateValue(extent, forKey: letter) ?? extent == extent else {
                throw call.wrong(
                    "its equation \(equation.prefix(60)) does not fit inputs of \(left.extents.text) and \(right.extents.text)"
                )
            }
        }
        let shared = result.filter { a.contains($0) && b.contains($0) }
        let summed = a.filter { b.contains($0) && !result.contains($0) }
        let rows = a.filter { !b.contains($0) }
        let columns = b.filter { !a.contains($0) }
        guard Set(rows + columns).isSubset(of: Set(result)), Set(result) == Set(shared + rows + columns) else {
            throw call.unsupported("its equation \(equation.prefix(60)) is not supported")
        }
        func count(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * (extents[$1] ?? 1) } }
        func matrices(
            _ handle: Handle, _ letters: [Character], _ order: [Character], _ shape: [Int]
        ) throws(ImportProblem) -> TranslatedValue {
            try call.refuseMixing(handle, letters.indices.filter { summed.contains(letters[$0]) })
            let sorted = try call.settle(handle.transposed(order.compactMap { letters.firstIndex(of: $0) }))
            return .computed(Handle(sorted.value, shape, batchAxis: nil))
        }
        let product = try call.multiplied(
            try matrices(left, a, shared + rows + summed, [count(shared), count(rows), count(summed)]),
            try matrices(right, b, shared + summed + columns, [count(shared), count(summed), count(columns)]))
        let found = shared + rows + columns
        let batch = [(left, a), (right, b)].lazy.compactMap { handle, letters in handle.batchAxis.map { letters[$0] } }
            .first
        let wide = Handle(
            product.value, found.map { extents[$0] ?? 1 }, batchAxis: batch.flatMap { found.firstIndex(of: $0) })
        return [.computed(wide.transposed(result.compactMap { found.firstIndex(of: $0) }))]
    }
}
