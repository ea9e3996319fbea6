import Latent

/// What the Train view knows of a run, and how it shows it.
struct TrainState: Sendable {
    /// Nil: nothing is trained or watched.
    var facts: RunDescription?
    var phase = RunPhase.running
    var progress = RunProgress()
    var histories: [RunQuantity: History] = [:]
    /// The newest KL of each latent.
    var divergences: [Double] = []
    /// By the latest validation; nil before the first.
    var assessment: RunAssessment?
    var kept: [KeptCheckpoint] = []
    /// The kept checkpoint that is shown; nil: the present.
    var shown: Int?
    var pictures: RunPictures?
    /// How many pictures have come: another number, other things to draw.
    var picturesCount = 0
    var drawn = DrawnPictures()
    /// The codes that the newest weights give.
    var plane = PlaneMap()
    var request: RunPictureRequest?
    /// The two latents that the manifold spans.
    var axes = [0, 1]
    /// Whose weights the engine has: "epoch 7".
    var moment: String?

    // How it is shown.
    var isLogarithmic = false
    var smoothing = Smoothing.none
    var zoom = ChartSpan.Zoom.whole
    var showsObjective = false
    /// Whether values are multiplied by the image's values, since they look like means over pixels.
    var isRescaled = false
    /// Axes of the losses, of the reconstruction and of the KL.
    var scales = Scales()
    /// Leave as soon as the run has stopped.
    var leavesAtEnd = false

    /// How strongly curves are smoothed.
    enum Smoothing: Double, CaseIterable, Hashable, Sendable {
        case none = 0
        case light = 0.8
        case strong = 0.96

        var decay: Double? { self == .none ? nil : rawValue }
        var name: String {
            switch self {
            case .none: "none"
            case .light: "over about 5 measurements"
            case .strong: "over about 25 measurements"
            }
        }
    }

    struct Scales: Hashable, Sendable {
        var loss: ChartScale?
        var reconstruction: ChartScale?
        var kl: ChartScale?
        /// The span that they were fitted to.
        var extent = 0.0
    }

    /// Whether a training goes on in this process.
    var isLive: Bool { facts?.isControlled == true && !phase.isOver }

    /// What curves' values are multiplied by.
    var factor: Double { isRescaled ? Double(facts?.valuesPerImage ?? 1) : 1 }

    // MARK: Measurements

    /// Whatever was measured goes into its history; the axes grow where they must.
    mutating func take(_ measurement: RunMeasurement) {
        for (quantity, value) in measurement.values {
            histories[quantity, default: History()].append(value, at: measurement.step)
        }
        if !measurement.divergences.isEmpty { divergences = measurement.divergences }
        fitScales()
        let factor = factor
        func value(_ quantity: RunQuantity) -> Double { (measurement.values[quantity] ?? .nan) * factor }
        for quantity in lossQuantities { scales.loss?.include(value(quantity)) }
        scales.reconstruction?.include(value(.trainReconstruction))
        scales.kl?.include(value(.trainKL))
    }

    /// The curves of the large chart, in the order of their rank.
    var lossQuantities: [RunQuantity] {
        [.validationNegativeELBO, .trainNegativeELBO] + (showsObjective ? [.objective] : [])
    }

    /// The newest position of any curve.
    var end: Double { histories.values.compactMap(\.end).max() ?? 0 }

    var span: ChartSpan {
        let unit = facts?.stepsPerEpoch.map(Double.init)
        return ChartSpan(
            to: end, total: facts?.steps.map(Double.init), unit: unit ?? 1, unitName: unit == nil ? "steps" : "epochs",
            zoom: zoom)
    }

    /// Fits the vertical axes to what is seen.
    ///
    /// Between two fits they only grow. Fitted anew they are when the horizontal axis has doubled, where all that is
    /// drawn changes its place anyway, or when the person asks for another look.
    mutating func fitScales(force: Bool = false) {
        let span = span
        let extent = span.range.upperBound
        guard force || extent != scales.extent || scales.loss == nil else { return }
        scales.extent = extent
        scales.loss = scale(of: lossQuantities, in: span)
        scales.reconstruction = scale(of: [.trainReconstruction], in: span)
        scales.kl = scale(of: [.trainKL], in: span, isLogarithmic: false)
    }

    /// The first moments of a run are many times as high as all that follows: of a whole run they are left out, and the
    /// curve comes in from above.
    private func scale(of quantities: [RunQuantity], in span: ChartSpan, isLogarithmic: Bool? = nil) -> ChartScale? {
        let isLogarithmic = isLogarithmic ?? self.isLogarithmic
        let range = span.range
        let settled = range.lowerBound + (zoom == .whole ? (range.upperBound - range.lowerBound) / 8 : 0)
        func values(from start: Double) -> [Double] {
            quantities.flatMap { quantity in
                (histories[quantity]?.groups(in: start...range.upperBound) ?? []).flatMap { [$0.least, $0.greatest] }
            }.map { $0 * factor }
        }
        return ChartScale(showing: values(from: settled), isLogarithmic: isLogarithmic)
            ?? ChartScale(showing: values(from: range.lowerBound), isLogarithmic: isLogarithmic)
    }

    /// Nothing of another run stays.
    mutating func begin(_ facts: RunDescription) {
        let (log, smoothing, zoom) = (isLogarithmic, smoothing, zoom)
        self = TrainState()
        self.facts = facts
        (isLogarithmic, self.smoothing, self.zoom) = (log, smoothing, zoom)
    }
}
