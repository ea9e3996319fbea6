import Importing
import Neural

extension FindingsReport {
    /// What stands between the layers and is no more than likely.
    var between: [Finding] { mapActivation + ownModules }

    /// Whether an activation follows the linear layer before the decoder's convolutions.
    private var mapActivation: [Finding] {
        guard let layer = deduction.blueprint.openMap, hypothesis.activation != nil else { return [] }
        let evidence = deduction.evidence
        let isSure = evidence.isMapSettled || evidence.layout != nil
        return [
            Finding(
                "activation after \(layer.path)", hypothesis.activatesMap ? "as elsewhere" : "none",
                isSure ? .inferred : tried(.guessed, .map), of: .decoder)
        ]
    }

    /// Modules of an author's own class, whose code is not read.
    private var ownModules: [Finding] {
        guard deduction.layout == nil else { return [] }
        return deduction.blueprint.ownModules.compactMap { record in
            let what: String
            switch record.meaning {
            case .shaping, .unknown: return nil
            case .nothing: what = "nothing that decoding sees"
            case .crop(let size):
                let side = size ?? hypothesis.sizes.image[1]
                what = "the first \(side) rows and columns"
            case .pixelNormalization: what = "pixel normalization"
            case .layer(let layer): what = Activations.make(layer).map { $0.summary(of: []) } ?? layer.kind
            }
            return Finding(record.path, "\(what), as its class \(record.kind) is called", .guessed)
        }
    }
}
