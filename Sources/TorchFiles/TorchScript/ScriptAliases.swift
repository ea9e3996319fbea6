import Importing

/// Which values share their numbers, so that what is written over one changes the others: `relu_`, `add_`.
struct ScriptAliases {
    /// What a value became by functions that write over it.
    private var newer: [GraphAssembly.Value: GraphAssembly.Value] = [:]
    /// Of views, what they are views of, directly or through others.
    private var bases: [GraphAssembly.Value: GraphAssembly.Value] = [:]
    private var views: [GraphAssembly.Value: [GraphAssembly.Value]] = [:]
    /// Values that changed together with others, in a way that is not followed.
    private var stale: Set<GraphAssembly.Value> = []

    /// What a value is by now; nil where that is not known.
    mutating func current(_ value: GraphAssembly.Value) -> GraphAssembly.Value? {
        var last = value
        while let next = newer[last] { last = next }
        if last != value { newer[value] = last }
        return stale.contains(last) ? nil : last
    }

    mutating func note(_ call: ScriptCall, _ result: ScriptFollower.Value) {
        guard let input = call.input else { return }
        if ScriptSignature.views.contains(call.word) {
            let base = bases[input] ?? input
            for case .computed(let view) in Self.parts(result) where view != input {
                bases[view] = base
                views[base, default: []].append(view)
            }
        }
        guard call.isInPlace, case .computed(let output) = result, output != input else { return }
        let base = bases[input] ?? input
        for other in [base] + (views.removeValue(forKey: base) ?? []) where other != input { stale.insert(other) }
        newer[input] = output
    }

    private static func parts(_ value: ScriptFollower.Value) -> [ScriptFollower.Value] {
        if case .list(let list) = value { list } else { [value] }
    }
}
