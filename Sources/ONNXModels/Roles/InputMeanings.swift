import Importing
import Neural
import VAE

/// What inputs beside the point or the picture mean, by their names and by what reads them.
extension TranslatedGraph {
    /// - Parameters:
    ///   - first: the point or the picture.
    ///   - needed: the values of the part, each after its sources.
    func role(
        of value: GraphAssembly.Value, _ port: Port?, beside first: GraphAssembly.Value,
        _ needed: [GraphAssembly.Value], _ options: ImportOptions
    ) -> (InputRole, Certainty) {
        guard let port else { return (.noise, .known) }
        if port.has(PortWords.noise) { return (.noise, .inferred) }
        let shape = assembly.shape(of: value)
        let isLabel = port.name == options.labelName
        if shape.extents == [1] {
            if let (rows, isDirect) = rows(lookedUpBy: value, among: needed) {
                return (.label(classes: rows, .index), isDirect ? .known : .inferred)
            }
            if port.isInteger || isLabel { return (.label(classes: 10, .index), .guessed) }
        }
        guard shape.extents.count == 1 else { return (.noise, .guessed) }
        let isCondition = port.has(PortWords.condition)
        if isLabel || (port.has(PortWords.label) && !isCondition) {
            return (.label(classes: shape.count, .oneHot), isLabel ? .known : .inferred)
        }
        if !isCondition, !port.has(PortWords.latent), TranslatedGraph.usualClassCounts.contains(shape.count),
            isReadAsFeatures(value, among: needed)
        {
            return (.label(classes: shape.count, .oneHot), .guessed)
        }
        return (.condition, .guessed)
    }

    /// How many classes data sets have whose labels models take: digits, letters, signs, flowers, things.
    private static let usualClassCounts: Set = [10, 26, 27, 36, 37, 43, 47, 62, 100, 102, 200, 1000]

    /// Whether an input is an index: a table or `OneHot` reads it.
    func isLookedUp(_ input: Input) -> Bool {
        let values = outputs.compactMap { output -> GraphAssembly.Value? in
            guard case .computed(let handle) = output.value else { return nil }
            return handle.value
        }
        return assembly.shape(of: input.value).extents == [1]
            && rows(lookedUpBy: input.value, among: assembly.ancestors(of: values)) != nil
    }

    /// How many indices are told apart by the smallest table that an input alone decides the row of, and whether it is
    /// read there as it is; nil: there is none.
    ///
    /// On its way an index is cast and reshaped, and TensorFlow lets a negative one count from the table's end.
    private func rows(
        lookedUpBy input: GraphAssembly.Value, among values: [GraphAssembly.Value]
    ) -> (rows: Int, isDirect: Bool)? {
        var (same, computed): (Set<GraphAssembly.Value>, Set<GraphAssembly.Value>) = ([input], [input])
        var found: (rows: Int, isDirect: Bool)?
        for value in values {
            let sources = assembly.sources(of: value)
            guard let source = sources.first, sources.allSatisfy(computed.contains) else { continue }
            let step = LayerStep(assembly, value)
            if let rows = step.integer(step.kind == "Embedding" ? "num_embeddings" : "num_classes") {
                if rows < found?.rows ?? .max { found = (rows, same.contains(source)) }
            } else if assembly.shape(of: value).count == 1 {
                computed.insert(value)
                let isSame = step.kind == "trunc" || assembly.operation(of: value)?.onlyReshapes == true
                if isSame, same.contains(source) { same.insert(value) }
            }
        }
        return found
    }

    /// Whether a vector is joined to other features or weighed at once, as a one-hot vector is; what is scaled, squashed
    /// or multiplied first is something else.
    private func isReadAsFeatures(_ input: GraphAssembly.Value, among values: [GraphAssembly.Value]) -> Bool {
        var same: Set = [input]
        for value in values where assembly.sources(of: value).contains(where: same.contains) {
            let isMoved =
                assembly.operation(of: value)?.onlyReshapes == true
                || ["expand", "tile", "permute", "transpose"].contains(LayerStep(assembly, value).kind)
            if isMoved {
                same.insert(value)
            } else if !["cat", "Linear", "Conv2d", "ConvTranspose2d"].contains(LayerStep(assembly, value).kind) {
                return false
            }
        }
        return true
    }
}
