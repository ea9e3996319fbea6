import Importing
import Neural

extension OperatorTable {
    static let paddings: [String: Function] = ["Pad": { call throws(ImportProblem) in try pad(call) }]

    private static func pad(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let word = call.text("mode", "constant")
        guard let mode = ["constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"][word]
        else { throw call.unsupported("its mode \(word) is not supported") }
        let pads: [Int]?
        var value: Float = 0
        var axes = Array(0..<handle.rank)
        if call.version < 11 {
            pads = try call.integers(call.version < 2 ? "paddings" : "pads")
            value = call.number("value", 0)
        } else {
            pads = try call.indices(1, "pads")
            value = try call.scalar(2, "value") ?? 0
            axes = try call.axes(3, of: handle.rank) ?? axes
        }
        guard let pads, pads.count == 2 * axes.count, pads.allSatisfy({ abs($0) <= 1 << 20 }) else {
            throw call.wrong("its pads must be two whole numbers for each of \(axes.count) axes")
        }
        var (before, after) = (Array(repeating: 0, count: handle.rank), Array(repeating: 0, count: handle.rank))
        for (index, axis) in axes.enumerated() { (before[axis], after[axis]) = (pads[index], pads[axes.count + index]) }
        let touched = axes.filter { before[$0] != 0 || after[$0] != 0 }
        guard !touched.isEmpty else { return [.computed(handle)] }
        try call.refuseMixing(handle, touched)
        let view = try call.view(handle, touching: touched)
        /// The layer's amounts begin with the last axis.
        func amounts(_ part: (Int) -> Int) -> [Int] {
            (0..<handle.rank).suffix(view.extents.count).reversed().flatMap { [part(before[$0]), part(after[$0])] }
        }
        var result = view.value
        if mode == "constant" {
            result = try call.add("pad", ["pad": .integers(amounts { $0 }), "value": .number(value)], [result])
        } else {
            if touched.contains(where: { before[$0] < 0 || after[$0] < 0 }) {
                result = try call.add("pad", ["pad": .integers(amounts { min(0, $0) })], [result])
            }
            result = try call.add("pad", ["pad": .integers(amounts { max(0, $0) }), "mode": .text(mode)], [result])
        }
        let extents = handle.extents.indices.map { handle.extents[$0] + before[$0] + after[$0] }
        return [.computed(call.result(result, extents, like: handle))]
    }
}
