import Importing

/// Weights without an architecture whose layers are known by their names and shapes.
enum KerasKnownLayouts {
    static func source(_ layout: KerasWeights.Layout, version: String?) throws(ImportProblem) -> KerasSource {
        throw ImportProblem(
            .unsupported, "it holds weights alone, and not of which layers they are", advice: KerasAdvice.whole)
    }
}
