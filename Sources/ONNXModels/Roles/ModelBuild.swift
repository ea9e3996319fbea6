import Importing
import Neural
import VAE

/// A model as its parts come together.
struct ModelBuild {
    let decoder: CutPart
    let pixelRange: PixelRange
    let format: String
    private var encoder: EncoderPart?
    var findings: [Finding] = []
    var remarks: [String] = []

    init(decoder: CutPart, pixelRange: PixelRange, format: String) {
        self.decoder = decoder
        self.pixelRange = pixelRange
        self.format = format
    }

    mutating func add(_ part: EncoderPart) throws(ImportProblem) {
        encoder = part
        findings.append(Finding("second head", part.heads.head.rawValue, part.heads.certainty, of: .encoder))
        findings += part.findings + part.part.findings
        remarks += part.remarks
    }

    /// What was guessed when the file was converted is a guess still.
    mutating func noteGuesses(_ reading: GraphReading) {
        guard let guessed = reading.file.property("guessed") else { return }
        findings.append(Finding("before it was converted", guessed, .guessed))
    }

    /// What must be said of a file whose batch is frozen, or whose operators may have changed.
    mutating func noteLimits(_ reading: GraphReading) {
        if reading.file.version > GraphFile.newestVersion {
            remarks.append(
                "its operators are of version \(reading.file.version), and are taken for those of version "
                    + "\(GraphFile.newestVersion), the newest that is known")
        }
        if let batch = reading.frozenBatch {
            remarks.append("the file was made for batches of \(batch), and is taken for one sample")
        }
    }

    func model() throws(ImportProblem) -> ImportedModel {
        do {
            let architecture = try Architecture(
                encoder: encoder?.part.part, secondHead: encoder?.heads.head ?? .logVariance, decoder: decoder.part,
                pixelRange: pixelRange, likelihood: nil)
            let tensors = decoder.tensors.merging(encoder?.part.tensors ?? [:]) { first, _ in first }
            return ImportedModel(
                try Model(architecture: architecture, tensors: tensors), format: format,
                findings: findings + decoder.findings, remarks: remarks, usedOptions: .ofGraphs)
        } catch {
            throw ImportProblem(.unsupported, "\(error)")
        }
    }
}

extension PictureLayout {
    func finding(_ name: String) -> Finding {
        Finding("picture", "\(name), \(image.text)" + (hasChannelsLast ? ", channels last" : ""), certainty)
    }
}

extension [Int] {
    /// `3×32×32`.
    var text: String { isEmpty ? "one number" : map(String.init).joined(separator: "×") }
}

extension PixelRange {
    var text: String {
        switch self {
        case .bounded(let low, let high): "\(low)…\(high)"
        case .free: "free"
        case .logits: "logits"
        }
    }
}

extension TranslatedGraph {
    /// The outputs that are computed from the inputs, each with its elements in place.
    func computedOutputs() throws(ImportProblem) -> [(port: Port, value: GraphAssembly.Value)] {
        let call = try NodeCall(NodeMessage(), title: "the outputs", version: file.version, inputs: [], in: translation)
        var found: [(port: Port, value: GraphAssembly.Value)] = []
        for output in outputs {
            guard case .computed(let handle) = output.value else { continue }
            found.append((output.port, try call.settle(handle).value))
        }
        return found
    }
}
