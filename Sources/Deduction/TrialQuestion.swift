import Neural
import VAE

/// What can be asked about a model, one at a time.
enum TrialQuestion: CaseIterable {
    case output, activation, places, enlargement, groups, encoderActivation, sizes

    /// Of how many of the best answers so far it is asked at least: an activation in the wrong place may hide the right one.
    var leaders: Int { self == .places ? 5 : 1 }

    /// The answers to it, all else as it is.
    func variants(_ start: Hypothesis, _ deduction: Deduction) -> [Hypothesis] {
        let evidence = deduction.evidence
        func changed(_ body: (inout Hypothesis) -> Void) -> Hypothesis {
            var other = start
            body(&other)
            return other
        }
        switch self {
        case .places:
            var found: [Hypothesis] = []
            if evidence.areHeadsOpen { found.append(changed { $0.swapsHeads.toggle() }) }
            if !evidence.isMapSettled { found.append(changed { $0.activatesMap.toggle() }) }
            found.append(changed { $0.activatesHeads.toggle() })
            if deduction.blueprint.headSteps.isEmpty {
                found.append(changed { $0.activatesLatents.toggle() })
            }
            if deduction.blueprint.label != nil { found.append(changed { $0.isLabelFirst.toggle() }) }
            return found
        case .activation:
            guard evidence.isActivationOpen else { return [] }
            return Activations.between.map { kind in changed { ($0.activation, $0.encoderActivation) = (kind, kind) } }
        case .encoderActivation:
            guard evidence.isActivationOpen else { return [] }
            return Activations.between.prefix(4).map { kind in changed { $0.encoderActivation = kind } }
        case .output:
            return evidence.ends(start).map { end in changed { ($0.output, $0.pixelRange) = end } }
        case .enlargement:
            guard deduction.options.upsampling == nil, start.sizes.decoder.contains(where: { $0.scale > 1 }) else {
                return []
            }
            return [changed { $0.isBilinear.toggle() }]
        case .groups:
            guard deduction.blueprint.hasOpenGroups else { return [] }
            return [32, 16, 8, 4, 2, 1].map { groups in changed { $0.groups = groups } }
        case .sizes:
            return deduction.sizes.prefix(24).filter { $0.encoder != nil }.map { sizes in changed { $0.sizes = sizes } }
        }
    }
}

extension Evidence {
    /// What speaks against an answer before it is tried, small beside the differences between scores.
    func surprise(_ hypothesis: Hypothesis) -> Double {
        var surprise = 0.02 * hypothesis.sizes.cost
        let usual = first(hypothesis.sizes)
        // Leaky slopes are near to ReLU, and pictures of another kind may like them better.
        if hypothesis.activation != usual.activation {
            surprise += Activations.isLeaky(hypothesis.activation) ? 0.03 : 0.02
        }
        if hypothesis.output != usual.output || hypothesis.pixelRange != usual.pixelRange { surprise += 0.02 }
        if hypothesis.encoderActivation != hypothesis.activation { surprise += 0.01 }
        if hypothesis.isBilinear != usual.isBilinear { surprise += 0.01 }
        if hypothesis.groups != usual.groups { surprise += 0.01 }
        if hypothesis.activatesMap != usual.activatesMap { surprise += 0.01 }
        if hypothesis.activatesHeads != usual.activatesHeads { surprise += 0.02 }
        if hypothesis.isLabelFirst { surprise += 0.005 }
        if hypothesis.swapsHeads != usual.swapsHeads { surprise += 0.01 }
        return surprise
    }
}
