import Importing
import Neural

/// All that names and shapes of tensors leave no doubt about: the layers of both halves in their order.
struct Blueprint {
    var decoder: [Element]
    /// Nil where there is none, or none that can be used.
    var encoder: [Element]?
    var heads: Heads?
    /// The heads as steps, which read the encoder's last value.
    var headSteps: [Step] = []
    /// What the decoder reads: a vector, or a map of so many channels.
    var latent: Flow
    /// How wide a label is where it is joined, and how many classes there are.
    var label: Label?
    var encoderLabel: WeightedLayer?
    var decoderLabel: WeightedLayer?
    var remarks: [String]
    /// The side of pictures that the file's hyper-parameters name.
    var hintedSide: Int?
    /// By how much the decoder's last map grows when its channels become pixels; 1: they stay.
    var lastShuffle: Int
    /// Whether nothing tells how many channels a picture has.
    var arePictureChannelsOpen: Bool

    struct Label: Hashable, Sendable {
        let classes: Int
        let width: Int
    }

    /// - Parameter imageShape: a picture's, as an option says.
    init(_ dict: StateDict, _ inventory: LayerInventory, imageShape: [Int]?) throws(ImportProblem) {
        let halves = try Halves(inventory)
        remarks = halves.remarks
        (encoderLabel, decoderLabel) = (halves.encoderLabel, halves.decoderLabel)
        heads = halves.heads
        let ordering = Ordering(dict: dict, halves: halves)
        let end = ordering.end(imageShape)
        (latent, decoder) = try ordering.decoder(end)
        lastShuffle = end.factor(decoder)
        arePictureChannelsOpen = end.isOpen(decoder)
        if heads != nil {
            if let (elements, steps) = ordering.encoder(decoder, lastShuffle) {
                (encoder, headSteps) = (elements, steps)
            } else {
                remarks.append(
                    "an encoder is passed over, whose layers' shapes do not chain: \(listed(halves.encoder.map(\.path)))"
                )
            }
        }
        label = findLabel()
        hintedSide = dict.hintedSide
    }

    /// How many channels the decoder's last map has as a picture; nil where a vector comes last.
    var pictureChannels: Int? {
        decoder.last.flatMap { $0.isConvolution ? $0.outputs / (lastShuffle * lastShuffle) : nil }
    }

    /// Whether normalizations of maps may be of any number of groups.
    var hasOpenGroups: Bool {
        (decoder + (encoder ?? [])).contains { element in
            element.isConvolution
                && element.layers.contains { layer in
                    if case .scale(let extents) = layer.kind {
                        extents.count == 1 && layer.record == nil
                    } else {
                        false
                    }
                }
        }
    }

    /// The linear layer before the decoder's convolutions after which only statistics and trials tell whether an activation
    /// stands.
    var openMap: WeightedLayer? {
        for (left, right) in zip(decoder, decoder.dropFirst()) {
            guard let step = left.step, step.role == .linear, !step.isActivationKnown, right.isConvolution else {
                continue
            }
            return step.layer
        }
        return nil
    }

    /// What modules of an author's own do between the layers, as far as their names tell.
    var ownModules: [ModuleRecord] {
        (decoder + (encoder ?? [])).compactMap(\.step).flatMap { $0.leading + $0.between + ($0.records ?? []) }
            .filter { !$0.isOfTorch }
    }

    /// How wide a label is, as the layers say that read one.
    private func findLabel() -> Label? {
        let steps = (decoder + (encoder ?? [])).compactMap(\.step) + headSteps
        guard let width = steps.map(\.labels).first(where: { $0 > 0 }) else { return nil }
        if let table = decoderLabel ?? encoderLabel, case .linear(let inputs, let outputs) = table.kind {
            // A table is [classes, width]; a linear layer [width, classes].
            if table.bias == nil, inputs == width { return Label(classes: outputs, width: width) }
            if outputs == width { return Label(classes: inputs, width: width) }
        }
        return Label(classes: width, width: width)
    }
}

/// Finds the order of the layers of both halves.
private struct Ordering {
    let dict: StateDict
    let halves: Halves

    /// How many inputs may be a label's.
    private var labels: [Int] {
        var widths: [Int] = []
        for table in [halves.decoderLabel, halves.encoderLabel].compactMap(\.self) {
            if case .linear(let inputs, let outputs) = table.kind { widths += [inputs, outputs] }
        }
        if let heads = halves.heads, let first = halves.decoder.first(where: \.isMain)?.decoderInputs,
            first > heads.latents
        {
            widths.append(first - heads.latents)
        }
        return widths
    }

    private var prefersTransposed: Bool {
        let kernels = halves.decoder.compactMap { layer -> (conv: Bool, transposed: Bool)? in
            guard case .convolution(let extents) = layer.kind, let bias = layer.bias, extents[0] != extents[1] else {
                return nil
            }
            return (bias == extents[0], bias == extents[1])
        }
        return kernels.contains { $0.transposed }
    }

    /// How many channels a picture has tells where a decoder ends.
    func end(_ imageShape: [Int]?) -> PictureEnd {
        PictureEnd(
            imageShape, reader: halves.heads == nil ? nil : halves.encoder.first(where: \.isMain), labels: labels)
    }

    func decoder(_ end: PictureEnd) throws(ImportProblem) -> (Flow, [Element]) {
        let search = ResidualSearch(half: .decoder)
        let (units, norms) = search.units(halves.decoder)
        for start in starts() {
            func order(_ isEnd: (Flow) -> Bool, prefersTransposed: Bool) -> [Element]? {
                var chain = Chain(.decoder, labels: start.labels, prefersTransposed: prefersTransposed)
                return chain.order(units, from: start.flow, isEnd: isEnd)
            }
            var found: [Element]?
            let isEnd = end.ends.first { isEnd in
                found = order(isEnd, prefersTransposed: prefersTransposed)
                return found != nil
            }
            guard var elements = found, let isEnd else { continue }
            if !prefersTransposed, isCompanyTransposed(elements) {
                elements = order(isEnd, prefersTransposed: true) ?? elements
            }
            let (finished, left) = finished(elements, norms, next: nil)
            guard left.isEmpty else {
                throw ImportProblem(
                    .unsupported, "what \(listed(left.map(\.path))) normalizes cannot be told from the file",
                    advice: ImportProblem.exportAdvice)
            }
            return (start.flow, finished)
        }
        if halves.heads == nil, let problem = ImportProblem.withoutDecoder(halves.decoder.filter(\.isMain)) {
            throw problem
        }
        throw ImportProblem(
            .unsupported,
            (halves.heads == nil
                ? "no chain of the file's layers turns latents into a picture"
                : "no order of the decoder's layers was found whose shapes chain from latents to a picture")
                + ": \(listed(halves.decoder.filter(\.isMain).map(\.path)))",
            advice: ImportProblem.exportAdvice)
    }

    /// Whether all convolutions whose shapes say what they are turned out transposed, beside some that say nothing.
    private func isCompanyTransposed(_ elements: [Element]) -> Bool {
        let convolutions = elements.compactMap(\.step).filter { $0.role != .linear }
        let sure = convolutions.filter { !$0.isRoleOpen }
        return sure.count < convolutions.count && !sure.isEmpty && sure.allSatisfy { $0.role == .transposed }
    }

    /// What the decoder may begin with.
    private func starts() -> [(flow: Flow, labels: [Int])] {
        let mains = halves.decoder.filter(\.isMain)
        if let heads = halves.heads {
            let isMap =
                heads.layers.first?.isConvolution ?? (halves.encoder.last(where: \.isMain)?.isConvolution ?? false)
            let flow: Flow = isMap ? .map(heads.latents) : .vector(heads.latents)
            return [(flow, labels)]
        }
        var found: [(Flow, [Int])] = []
        let hint = dict.hintedLatents
        for main in mains {
            guard let inputs = main.decoderInputs else { continue }
            if let hint, hint < inputs { found.append((.vector(hint), [inputs - hint])) }
            if case .linear = main.kind {
                let table = halves.decoderLabel?.features
                for width in [table?.outputs, table?.inputs].compactMap(\.self) where width < inputs {
                    found.append((.vector(inputs - width), [width]))
                }
                found.append((.vector(inputs), []))
            } else if case .convolution(let extents) = main.kind {
                // A vector of latents begins as one pixel; maps of latents have few channels.
                let isOnePixel =
                    extents[2] >= 3 && extents[0] > 4
                    && (main.bias == extents[1]
                        || main.bias == nil && (extents[0] >= extents[1] || extents[0] >= 32 || hint == inputs))
                found.append((isOnePixel ? .vector(inputs) : .map(inputs), []))
                if extents[1] != inputs { found.append((.map(extents[1]), [])) }
            }
        }
        return found
    }

    /// - Parameter lastShuffle: by how much the decoder's last map grows when its channels become pixels.
    func encoder(_ decoder: [Element], _ lastShuffle: Int) -> ([Element], [Step])? {
        guard let heads = halves.heads else { return nil }
        let search = ResidualSearch(half: .encoder)
        let (units, norms) = search.units(halves.encoder)
        guard let first = halves.encoder.first(where: \.isMain) ?? heads.layers.first,
            let inputs = first.features?.inputs
        else {
            return nil
        }
        for extra in [0] + labels where inputs > extra {
            let start: Flow = first.isConvolution ? .map(inputs - extra) : .vector(inputs - extra)
            guard isImage(start, decoder, lastShuffle) else { continue }
            var chain = Chain(.encoder, labels: labels, prefersTransposed: false)
            let ends: (Flow) -> [Step]? = { [chain] flow in
                if case .none(let latents) = heads {
                    return flow == .vector(latents) || flow == .map(latents) ? [] : nil
                }
                let steps = heads.layers.compactMap { chain.steps($0, from: flow).first?.0 }
                return steps.count == heads.layers.count ? steps : nil
            }
            var last: Flow?
            let found = chain.order(units, from: start) { flow in
                guard ends(flow) != nil else { return false }
                last = flow
                return true
            }
            guard let found, let last, let steps = ends(last) else { continue }
            var headSteps = steps
            for index in headSteps.indices {
                headSteps[index].isHead = true
            }
            let (elements, left) = finished(found, norms, next: headSteps.first)
            return left.isEmpty ? (elements, headSteps) : nil
        }
        return nil
    }

    /// Whether the encoder can begin with a picture that the decoder makes.
    private func isImage(_ flow: Flow, _ decoder: [Element], _ lastShuffle: Int) -> Bool {
        guard let last = decoder.last else { return false }
        let outputs = last.outputs / (lastShuffle * lastShuffle)
        switch flow {
        case .map(let channels): return last.isConvolution ? channels == outputs : (1...4).contains(channels)
        case .vector(let count): return last.isConvolution ? count >= 16 : count == outputs
        }
    }

    private func finished(_ elements: [Element], _ norms: [WeightedLayer], next: Step?) -> (
        elements: [Element], left: [WeightedLayer]
    ) {
        var attachment = Attachment(elements)
        attachment.attach(norms)
        attachment.readGaps(dict.order, next: next)
        return (attachment.elements, attachment.left)
    }
}
