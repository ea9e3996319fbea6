import Importing

/// How sure it is what convolutions do to the sizes of maps.
struct SizeCertainty {
    /// How much less plausible the next best answer is where shapes alone decide.
    private static let clear = 0.5

    let picture: Certainty
    let decoder: Certainty
    let encoder: Certainty

    init(deduction: Deduction, hypothesis: Hypothesis, trial: TrialVerdict?) {
        let (own, options) = (hypothesis.sizes, deduction.options)
        func inferred(_ others: [Sizes], _ subject: TrialSubject) -> Certainty {
            // Where pictures are fitted, their size tells nothing.
            let isOpen = options.fit != nil || others.contains { $0.cost - own.cost <= SizeCertainty.clear }
            guard !others.isEmpty, isOpen else { return .inferred }
            return trial?.certainty(of: subject) ?? .guessed
        }
        let isRoleOpen = deduction.blueprint.decoder.contains { $0.step?.isRoleOpen == true }
        if SizeCertainty.areGiven(deduction, own) {
            decoder = .known
        } else if !deduction.blueprint.decoder.contains(where: \.isConvolution) {
            decoder = .inferred
        } else if isRoleOpen {
            decoder = trial?.certainty(of: .decoderSizes) ?? .guessed
        } else {
            decoder = inferred(deduction.sizes.filter { $0.decoder != own.decoder }, .decoderSizes)
        }
        picture =
            options.imageShape != nil ? .known : deduction.blueprint.arePictureChannelsOpen ? .guessed : decoder
        let others = deduction.sizes.filter { $0.decoder == own.decoder && $0.encoder != own.encoder }
        let alone = inferred(others, .encoderSizes)
        // The encoder's sizes are those that lead to the decoder's picture.
        let elements = deduction.blueprint.decoder + (deduction.blueprint.encoder ?? [])
        let told = min(options.strides?.count ?? 0, options.paddings?.count ?? 0)
        switch picture {
        case _ where told >= elements.count { $0.isConvolution } && told > 0: encoder = .known
        case .guessed: encoder = .guessed
        case .tried where alone == .inferred: encoder = picture
        default: encoder = alone
        }
    }

    /// Whether options say all about the decoder's convolutions.
    private static func areGiven(_ deduction: Deduction, _ sizes: Sizes) -> Bool {
        let options = deduction.options
        guard options.strides != nil, options.paddings != nil else { return false }
        return options.outputPaddings != nil
            || zip(deduction.blueprint.decoder, sizes.decoder).allSatisfy { element, choice in
                element.step?.role != .transposed || choice.stride == 1
            }
    }
}
