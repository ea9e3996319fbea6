import Importing
import Neural
import VAE

/// What an encoder answers with: the values, and what the second one means.
struct PosteriorHeads {
    /// The means, and perhaps the second head; or one value that has both.
    let values: [GraphAssembly.Value]
    let head: SecondHead
    let certainty: Certainty

    /// Where a whole graph was cut.
    ///
    /// - Parameter outputs: others of the graph, of which one may be the second head.
    init(
        _ cut: LatentCut, outputs: [(port: Port, value: GraphAssembly.Value)], assembly: GraphAssembly,
        _ options: ImportOptions
    ) {
        if let second = cut.second, assembly.shape(of: second).count == assembly.shape(of: cut.mean).count {
            self.init(
                [cut.mean, second], options.secondHead ?? cut.head, options.secondHead == nil ? cut.certainty : .known)
            return
        }
        let count = assembly.shape(of: cut.mean).count
        let others = outputs.filter { assembly.shape(of: $0.value).count == count && $0.value != cut.mean }
        if options.secondHead != SecondHead.none, let second = others.first(where: { $0.port.has(PortWords.second) }) {
            let (head, certainty) = PosteriorHeads.head(of: second.port, second.value, assembly, options)
            self.init([cut.mean, second.value], head, certainty)
        } else {
            self.init([cut.mean], .none, cut.certainty)
        }
    }

    /// An encoder's own outputs.
    ///
    /// - Parameter latents: how many numbers a point has.
    init(
        outputs: [(port: Port, value: GraphAssembly.Value)], latents: Int, search: LatentSearch,
        _ options: ImportOptions
    ) throws(ImportProblem) {
        let assembly = search.assembly
        func isNoisy(_ value: GraphAssembly.Value) -> Bool { search.noise.contains { assembly.depends(value, on: $0) } }
        let fitting = outputs.filter { assembly.shape(of: $0.value).count == latents }
        let still = fitting.filter { !isNoisy($0.value) }
        if let joined = outputs.first(where: { assembly.shape(of: $0.value).count == 2 * latents }), still.count < 2 {
            self.init([joined.value], options.secondHead ?? .logVariance, options.secondHead == nil ? .guessed : .known)
            return
        }
        guard
            let mean = still.first(where: { $0.port.has(PortWords.mean) && !$0.port.has(PortWords.second) })
                ?? still.first(where: { !$0.port.has(PortWords.second) }) ?? still.first
        else {
            guard let noisy = fitting.first, let drawn = search.drawn(noisy.value) else {
                throw ImportProblem(
                    .unsupported, "none of the encoder's outputs has the decoder's \(latents) latents, or twice as many"
                )
            }
            self.init(drawn, outputs: [], assembly: assembly, options)
            return
        }
        let rest = still.filter { $0.port.name != mean.port.name }
        guard options.secondHead != SecondHead.none,
            let second = rest.first(where: { $0.port.has(PortWords.second) }) ?? rest.first
        else {
            self.init([mean.value], .none, .inferred)
            return
        }
        let (head, certainty) = PosteriorHeads.head(of: second.port, second.value, assembly, options)
        let values = [mean.value, second.value]
        self.init(options.swapsHeads ? values.reversed() : values, head, certainty)
    }

    private init(_ values: [GraphAssembly.Value], _ head: SecondHead, _ certainty: Certainty) {
        self.values = values
        self.head = head
        self.certainty = certainty
    }

    /// What a second output means, by its name and what makes it.
    private static func head(
        of port: Port, _ value: GraphAssembly.Value, _ assembly: GraphAssembly, _ options: ImportOptions
    ) -> (SecondHead, Certainty) {
        if let given = options.secondHead { return (given, .known) }
        let name = port.words.joined()
        let speaksOfLogarithm = name.contains("log") || name.contains("lnvar")
        if speaksOfLogarithm {
            let isWidth = name.contains("sigma") || name.contains("std") || name.contains("scale")
            return (isWidth ? .logSigma : .logVariance, .inferred)
        }
        if ["exp", "Softplus", "sqrt"].contains(LayerStep(assembly, value).kind) || name.contains("std")
            || name.contains("sigma")
        {
            return (.sigma, .inferred)
        }
        return (.logVariance, .guessed)
    }
}
