import Checkpoints
import ModelFiles
import Neural
import VAE

/// What became of a file: a model that decodes, or a sentence.
public enum Opening: Hashable, Sendable {
    case model(String)
    case refused(String)

    public var text: String {
        switch self {
        case .model(let text), .refused(let text): text
        }
    }

    /// Whether a terminal that is shown the text stays as it is.
    public var isHarmless: Bool { text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }

    /// Opens a file as the commands do, and decodes a point.
    public init(of path: String) {
        do {
            let contents = try ModelFile.contents(of: path)
            // What `inspect` and the explorer show.
            let shown = contents.findings.map { "\($0.subject) \($0.value)" } + contents.remarks
            self.init(using: contents.model, shown)
        } catch {
            self = .refused("\(error)")
        }
    }

    /// Decodes a point, where that is a matter of milliseconds.
    init(using model: Model, _ shown: [String] = []) {
        let architecture = model.architecture
        var text = "a model of \(architecture.latentSize) latents, images \(architecture.image)"
        if model.tensorNotFinite != nil { text += ", not finite" }
        let parameters = architecture.decoder.parameters.reduce(0) { $0 + $1.count }
        let (work, overflows) = architecture.decoder.valueCount.multipliedReportingOverflow(by: max(1, parameters))
        if !overflows, work < 1 << 26 {
            let decoder = Decoder(model, pool: WorkerPool(threads: 1), maximumBatch: 1)
            let image = decoder.decode([Float](repeating: 0.5, count: architecture.latentSize), count: 1)
            text += ", decoded to \(image.count) numbers"
        }
        self = .model(([text] + shown).joined(separator: "; "))
    }
}
