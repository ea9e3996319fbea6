import Deduction
import Files
import Importing
import KerasModels
import ONNXModels
import TorchFiles

/// Opens other frameworks' files, of one part or of two.
struct ForeignReader {
    let place: ModelPlace
    let request: ModelRequest

    /// How long answers are tried on pictures.
    private static let trialTime = Duration.milliseconds(900)

    /// A model, and how its guesses are tried later where the request wants that: it answers with nil where pictures
    /// decide nothing.
    typealias Answer = (model: ImportedModel, trial: (@Sendable (_ isOver: () -> Bool) -> ImportedModel?)?)

    func imported() throws(ImportProblem) -> Answer {
        guard let (encoder, decoder) = try halves() else { return try alone() }
        switch place.kind {
        case .onnx:
            return (try ONNXModel.read(decoder: decoder.file, encoder: encoder.file, options: request.options), nil)
        case .keras:
            let decoder = try KerasModel.decoder(decoder.file, options: request.options)
            let encoder = try KerasModel.encoder(encoder.file, for: decoder, options: request.options)
            return (try KerasModel.join(decoder: decoder, encoder: encoder), nil)
        default:
            return try deduced(NamedTensors(encoder: NamedTensors(encoder), decoder: NamedTensors(decoder)))
        }
    }

    /// Both halves' files, where another one was named.
    private func halves() throws(ImportProblem) -> (encoder: ModelPlace, decoder: ModelPlace)? {
        switch (request.encoder, request.decoder) {
        case (nil, nil): return nil
        case (let encoder?, nil): return (try other(encoder, "--encoder"), place)
        case (nil, let decoder?): return (place, try other(decoder, "--decoder"))
        case (_?, _?):
            throw ImportProblem(
                .options, "the file, --encoder and --decoder are three files",
                advice: "name one half and one of the options")
        }
    }

    private func other(_ path: String, _ option: String) throws(ImportProblem) -> ModelPlace {
        let other: ModelPlace
        do {
            other = try ModelPlace(path)
        } catch {
            throw ImportProblem(.badFile, "\(option): \(error)")
        }
        guard place.isOfSameFramework(as: other) else {
            throw ImportProblem(
                .options, "\(option) \(path.printable) is of another framework than the other half",
                advice: "take both halves from one")
        }
        return other
    }

    private func alone() throws(ImportProblem) -> Answer {
        switch place.kind {
        case .onnx: return (try ONNXModel.read(place.file, options: request.options), nil)
        case .keras: return (try KerasModel.read(place.file, options: request.options), nil)
        case .torch:
            let file = try TorchFile.read(place.file)
            // A program says everything; one that cannot be followed still has names and tensors.
            if let model = try? file.program?.model(options: request.options) { return (model, nil) }
            return try deduced(NamedTensors(file))
        case .tensors: return try deduced(NamedTensors(place))
        case .native, .damaged, .other: preconditionFailure("our own reader has these")
        }
    }

    private func deduced(_ tensors: NamedTensors) throws(ImportProblem) -> Answer {
        let deduced = try Deduced(tensors.dict, options: request.options, format: tensors.format)
        let remarks = tensors.remarks
        var model = try deduced.imported()
        model.remarks = remarks + model.remarks
        guard model.isGuessed, deduced.canBeTried else { return (model, nil) }
        let pictures = request.pictures
        let trial: @Sendable (() -> Bool) -> ImportedModel? = { isOver in
            guard let pictures = pictures() else { return nil }
            let end = ContinuousClock.now + ForeignReader.trialTime
            var tried = try? deduced.tried(on: pictures, isOver: { isOver() || ContinuousClock.now >= end })
            tried?.remarks.insert(contentsOf: remarks, at: 0)
            return tried
        }
        return request.defersTrial ? (model, trial) : (trial { false } ?? model, nil)
    }
}
