import Importing
import JSON

/// Finds out the architecture of weights alone: what layers' names and shapes leave open is answered by what is usual with
/// Keras, and can be tried on pictures.
struct KerasDeduction: Sendable {
    let partition: KerasPartition
    let options: ImportOptions
    let version: String?
    /// The most plausible answers.
    let first: KerasHypothesis
    private let sizes: [[KerasStep]]

    /// - Throws: ``ImportProblem`` where the layers do not chain to a picture.
    init(_ layout: KerasWeights.Layout, _ options: ImportOptions, version: String?) throws(ImportProblem) {
        let parts = KerasLeaf.parts(of: layout)
        guard let partition = KerasPartition(parts) else {
            throw ImportProblem(
                .unsupported, "it holds weights alone, and their layers do not make a decoder by themselves",
                advice: KerasAdvice.whole)
        }
        (self.partition, self.options, self.version) = (partition, options, version)
        let images = partition.decoder.images
        var found: [KerasSizes.Answer] = []
        if !images.isEmpty {
            found = KerasSizes.decoder(
                partition.decoder, isComplete: partition.isComplete, channels: partition.channels)
            if let encoder = partition.encoder {
                for place in found.indices {
                    let ways = KerasSizes.encoder(encoder, image: found[place].side)
                    found[place].cost += ways.map(\.cost).min().map { min($0, 1.5) } ?? 1.5
                }
                found.sort { $0.cost < $1.cost }
            }
            if let given = options.imageShape?.suffix(2) {
                found = found.filter { given.allSatisfy { [side = $0.side] in $0 == side } }
            }
            guard !found.isEmpty else {
                throw ImportProblem(
                    .unsupported, "it holds weights alone, and no usual strides lead to a picture",
                    advice: KerasAdvice.whole)
            }
        }
        sizes = found.isEmpty ? [[]] : found.prefix(12).map { KerasDeduction.given($0.steps, options) }
        let hasNormalization = partition.decoder.links.contains { $0.leaf.kind == .normalization }
        let usual = hasNormalization && partition.channels == 3 ? KerasActivation.leaky(0.3) : .string("relu")
        let activation = options.activation.flatMap { KerasActivation.named($0.value) } ?? usual
        let usualEnd = options.pixelRange == .logits ? "linear" : "sigmoid"
        let output = options.outputActivation.flatMap { KerasActivation.named($0.value) } ?? .string(usualEnd)
        first = KerasHypothesis(sizes: sizes[0], activation: activation, output: output)
    }

    /// Strides and paddings as options have them.
    private static func given(_ steps: [KerasStep], _ options: ImportOptions) -> [KerasStep] {
        func number(_ list: [Int]?, _ place: Int) -> Int? {
            guard let list, !list.isEmpty else { return nil }
            return list.count == 1 ? list[0] : list.indices.contains(place) ? list[place] : nil
        }
        return steps.enumerated().map { place, step in
            var step = step
            if let stride = number(options.strides, place), (1...64).contains(stride) { step.stride = stride }
            if let padding = number(options.paddings, place) { step.isSame = padding != 0 }
            return step
        }
    }

    /// Whether an activation is a layer of its own, of a known class, everywhere.
    private var isActivationOpen: Bool { options.activation == nil }
    /// Logits are what no activation was applied to.
    private var isOutputOpen: Bool { options.outputActivation == nil && options.pixelRange != .logits }

    /// The same with other sizes.
    func sizes(of start: KerasHypothesis) -> [KerasHypothesis] {
        sizes.map { steps in
            var other = start
            other.sizes = steps
            return other
        }
    }

    func variants(of start: KerasHypothesis, _ question: KerasHypothesis.Question) -> [KerasHypothesis] {
        func changed(_ body: (inout KerasHypothesis) -> Void) -> KerasHypothesis {
            var other = start
            body(&other)
            return other
        }
        switch question {
        case .activation:
            guard isActivationOpen else { return [] }
            // Where layers before a map may have none, both are asked at once: one hides the other.
            let places = partition.decoder.side == nil ? [start.activatesMap] : [true, false]
            return KerasActivation.between.flatMap { activation in
                places.map { isActive in
                    changed { ($0.activation, $0.activatesMap) = (activation, isActive) }
                }
            }
        case .places:
            return [changed { $0.activatesFirst.toggle() }, changed { $0.activatesMap.toggle() }]
        case .output:
            guard isOutputOpen else { return [] }
            return KerasActivation.ends.map { end in changed { $0.output = end } }
        case .heads:
            let isOpen = partition.encoder.map { $0.heads.count == 2 && !KerasSampling.tellsHeads($0.heads) } ?? false
            return isOpen && !options.swapsHeads ? [changed { $0.swapsHeads.toggle() }] : []
        }
    }

    /// What speaks against an answer before it is tried, small beside the differences between scores: of logits a trial sees
    /// the same pictures as of what a sigmoid makes of them.
    func surprise(_ hypothesis: KerasHypothesis) -> Double { hypothesis.output == first.output ? 0 : 0.01 }

    func source() throws(ImportProblem) -> KerasSource { try source(first) }

    /// The model as Keras would have described it.
    ///
    /// - Parameter certainty: of the answers.
    func source(
        _ hypothesis: KerasHypothesis, _ certainty: Certainty = .guessed
    ) throws(ImportProblem) -> KerasSource {
        let (config, tensors) = KerasDescription.model(partition, hypothesis)
        let sure = { (isGiven: Bool) -> Certainty in isGiven ? .known : certainty }
        var findings: [Finding] = []
        if !hypothesis.sizes.isEmpty {
            findings.append(
                Finding(
                    "the convolutions", hypothesis.sizes.map(\.text).joined(separator: ", "),
                    sure(options.strides != nil)))
        }
        let between = KerasActivation.text(hypothesis.activation)
        let end = KerasActivation.text(hypothesis.output)
        findings.append(Finding("between the layers", between, sure(options.activation != nil)))
        findings.append(Finding("after the last layer", end, sure(!isOutputOpen)))
        var source = KerasSource(
            model: try KerasConfigReader.model(config), layout: .flat(tensors), version: version,
            format: "Keras weights", findings: findings)
        source.deduction = self
        return source
    }
}

extension KerasPartition {
    /// Of the picture.
    var channels: Int {
        switch decoder.end {
        case .map(let channels): channels
        case .vector(let count): KerasImage.guess(count)?.first ?? 1
        }
    }
}

extension KerasStep {
    /// `×2`, `stride 2`, `stride 2 valid`.
    var text: String {
        (enlarged > 1 ? "×\(enlarged) " : "") + "stride \(stride)" + (isSame ? "" : " valid")
    }
}
