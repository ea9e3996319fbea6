import Deduction
import Files
import Importing
import KerasModels
import Neural
import ONNXModels
import TorchFiles
import VAE

/// Opens other frameworks' files, of one part or of two.
struct ForeignReader {
    let place: ModelPlace
    var request: ModelRequest

    /// The model with what is said of it in a document, or else as its own files say.
    func opened() throws(ImportProblem) -> OpenedModel {
        if let path = request.architecture { return try given(ArchitectureDocument.named(path)) }
        guard request.encoder == nil, request.decoder == nil, ArchitectureDocument.mayBeBeside(place.file),
            isOpenToDocument, let (document, name) = try ArchitectureDocument.beside(place.file)
        else { return try found() }
        guard case .other = document else { return try given(document) }
        return try found().changed { model in
            model.remarks.append("\(name) beside it is no architecture of latentwalk's or Keras's, and is ignored")
        }
    }

    /// The model as its own files say.
    func found() throws(ImportProblem) -> OpenedModel {
        let opened = try read()
        try opened.model.check(request.options)
        return opened
    }

    private func read() throws(ImportProblem) -> OpenedModel {
        guard let (encoder, decoder) = try halves() else { return try alone() }
        switch place.kind {
        case .onnx:
            return OpenedModel(
                try ONNXModel.read(decoder: decoder.file, encoder: encoder.file, options: request.options))
        case .keras:
            let decoder = try KerasModel.decoder(decoder.file, options: request.options)
            let encoder = try KerasModel.encoder(encoder.file, for: decoder, options: request.options)
            return OpenedModel(try KerasModel.join(decoder: decoder, encoder: encoder))
        default: return try deduced(tensors())
        }
    }

    /// Both halves' files, where another one was named.
    func halves() throws(ImportProblem) -> (encoder: ModelPlace, decoder: ModelPlace)? {
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

    /// The names and tensors of a state dict, in one file or in two.
    func tensors() throws(ImportProblem) -> NamedTensors {
        guard let (encoder, decoder) = try halves() else { return try NamedTensors(place) }
        return try NamedTensors(encoder: NamedTensors(encoder), decoder: NamedTensors(decoder))
    }

    private func other(_ path: String, _ option: String) throws(ImportProblem) -> ModelPlace {
        let other: ModelPlace
        do {
            other = try ModelPlace(path)
        } catch {
            throw ImportProblem(error.isMissing ? .noInput : .badFile, "\(option): \(error)")
        }
        guard place.isOfSameFramework(as: other) else {
            throw ImportProblem(
                .options, "\(option) \(path.printable) is of another framework than the other half",
                advice: "take both halves from one")
        }
        return other
    }

    private func alone() throws(ImportProblem) -> OpenedModel {
        switch place.kind {
        case .onnx: return OpenedModel(try ONNXModel.read(place.file, options: request.options))
        case .keras:
            let reading = try KerasModel.reading(place.file, options: request.options)
            guard reading.model.isGuessed else { return OpenedModel(reading.model) }
            return OpenedModel(reading.model) { [pictures = request.pictures] isOver in
                guard let pictures = pictures() else { return nil }
                let trial = PictureTrial(pictures)
                return try? reading.tried(score: trial.score, samples: trial.count, isOver: isOver)
            }
        case .torch:
            let file = try TorchFile.read(place.file)
            if let model = try file.chain?.model(options: request.options) { return OpenedModel(model) }
            guard let program = file.program else { return try deduced(NamedTensors(file, place.folder)) }
            do {
                return OpenedModel(try program.model(options: request.options))
            } catch {
                return try withoutProgram(file, error)
            }
        case .tensors, .parts: return try deduced(NamedTensors(place))
        case .native, .damaged, .other: preconditionFailure("our own reader has these")
        }
    }

    /// A program says everything; one that cannot be followed still has names and tensors, which say less.
    private func withoutProgram(_ file: TorchFile, _ problem: ImportProblem) throws(ImportProblem) -> OpenedModel {
        guard problem.kind != .options else { throw problem }
        let unfollowed = Finding.unfollowed(problem.reason)
        do {
            return try deduced(NamedTensors(file, place.folder)).changed { model in
                if let consequence = unfollowed.consequence { model.remarks.insert(consequence, at: 0) }
                model.findings.insert(unfollowed, at: 0)
            }
        } catch {
            throw ImportProblem(
                .unsupported,
                "its \(unfollowed.subject) \(unfollowed.value), and its tensors alone do not say what it is "
                    + "(\(error.reason))",
                advice: ImportProblem.exportAdvice)
        }
    }

    // MARK: State dicts

    private func deduced(_ tensors: NamedTensors) throws(ImportProblem) -> OpenedModel {
        let deduced = try deduction(tensors)
        let (remarks, likelihood) = (tensors.remarks, place.folder?.likelihood)
        let model = try deduced.imported()
        let opened =
            deduced.canBeTried
            // Without pictures of its kind a model is tried on those that it makes.
            ? OpenedModel(model) { [pictures = request.pictures] in try? deduced.tried(on: pictures(), isOver: $0) }
            : OpenedModel(model)
        return opened.changed { model in
            model.remarks.insert(contentsOf: remarks, at: 0)
            if let likelihood, let assuming = try? model.model.assuming(likelihood) { model.model = assuming }
        }
    }

    /// Finds the layers out, with what a configuration beside them says where that fits.
    private func deduction(_ tensors: NamedTensors) throws(ImportProblem) -> Deduced {
        if let options = place.folder?.options(request.options), options != request.options,
            let deduced = try? Deduced(tensors.dict, options: options, format: tensors.format),
            (try? deduced.imported()) != nil
        {
            return deduced
        }
        return try Deduced(tensors.dict, options: request.options, format: tensors.format)
    }
}
