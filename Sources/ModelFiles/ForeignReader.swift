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

    func opened() throws(ImportProblem) -> OpenedModel {
        if let path = request.architecture { return try given(ArchitectureDocument.named(path)) }
        guard request.encoder == nil, request.decoder == nil, mayLieBesideJSON,
            let (document, name) = try ArchitectureDocument.beside(place.file)
        else { return try found() }
        if case .other = document {
            return try found().changed { model in
                model.remarks.append(
                    "\(name) beside it is neither an architecture of latentwalk nor of Keras, and is ignored")
            }
        }
        return try given(document)
    }

    /// Whether a file beside this one may say what it does not: a state dict, or weights alone.
    private var mayLieBesideJSON: Bool {
        if case .keras = place.kind { return KerasModel.holdsWeightsAlone(place.file) }
        return place.isStateDict && place.folder == nil
    }

    /// The model as a document says it is.
    private func given(_ document: ArchitectureDocument) throws(ImportProblem) -> OpenedModel {
        switch document {
        case .ours(let given) where given.architecture != nil:
            guard request.options == ImportOptions() else {
                throw ImportProblem(
                    .options, "\(given.name) has an architecture, which says all that these options could",
                    advice: "leave them out, or correct the file")
            }
            return OpenedModel(try given.model(storedTensors(), format: format()))
        case .ours(let given):
            var reader = self
            reader.request.options = request.options.filled(from: given.options)
            return try reader.found()
        case .keras(let config):
            guard case .keras = place.kind, request.encoder == nil, request.decoder == nil else {
                throw ImportProblem(
                    .options, "a model that Keras describes needs one file of weights that Keras wrote",
                    advice: "name the weights' file")
            }
            return OpenedModel(
                try KerasModel.read(config: config, weights: place.file, options: request.options))
        case .other: return try found()
        }
    }

    /// The tensors of the files under their names there, as a document may refer to them.
    func storedTensors() throws(ImportProblem) -> [(name: String, tensor: Tensor)] {
        let halves = try halves()
        switch place.kind {
        case .keras:
            guard let (encoder, decoder) = halves else { return try KerasModel.tensors(in: place.file) }
            return try KerasModel.tensors(in: encoder.file).map { ("encoder/\($0.name)", $0.tensor) }
                + KerasModel.tensors(in: decoder.file).map { ("decoder/\($0.name)", $0.tensor) }
        case .onnx:
            throw ImportProblem(
                .unsupported, "a graph of ONNX says its architecture itself",
                advice: "latentwalk convert MODEL OUT.safetensors writes it with its weights")
        default: return try tensors(halves).dict.plain().map { ($0.name, $0.tensor) }
        }
    }

    private func tensors(_ halves: (encoder: ModelPlace, decoder: ModelPlace)?) throws(ImportProblem) -> NamedTensors {
        guard let (encoder, decoder) = halves else { return try NamedTensors(place) }
        return try NamedTensors(encoder: NamedTensors(encoder), decoder: NamedTensors(decoder))
    }

    private func format() throws(ImportProblem) -> String {
        if case .keras = place.kind { return "Keras weights" }
        return try tensors(halves()).format
    }

    // MARK: Reading

    private func found() throws(ImportProblem) -> OpenedModel {
        guard let (encoder, decoder) = try halves() else { return try alone() }
        switch place.kind {
        case .onnx:
            return OpenedModel(
                try ONNXModel.read(decoder: decoder.file, encoder: encoder.file, options: request.options))
        case .keras:
            let decoder = try KerasModel.decoder(decoder.file, options: request.options)
            let encoder = try KerasModel.encoder(encoder.file, for: decoder, options: request.options)
            return OpenedModel(try KerasModel.join(decoder: decoder, encoder: encoder))
        default:
            return try deduced(tensors((encoder, decoder)))
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

    private func alone() throws(ImportProblem) -> OpenedModel {
        switch place.kind {
        case .onnx: return OpenedModel(try ONNXModel.read(place.file, options: request.options))
        case .keras:
            let reading = try KerasModel.reading(place.file, options: request.options)
            return OpenedModel(reading.model, pictures: request.pictures) { pictures, isOver in
                try? reading.tried(score: PictureTrial(pictures).score, isOver: isOver)
            }
        case .torch:
            let file = try TorchFile.read(place.file)
            // A program says everything; one that cannot be followed still has names and tensors.
            if let model = try? file.program?.model(options: request.options) { return OpenedModel(model) }
            var tensors = NamedTensors(file)
            if let folder = place.folder { tensors.add(folder) }
            return try deduced(tensors)
        case .tensors, .parts: return try deduced(NamedTensors(place))
        case .native, .damaged, .other: preconditionFailure("our own reader has these")
        }
    }

    private func deduced(_ tensors: NamedTensors) throws(ImportProblem) -> OpenedModel {
        let deduced = try self.deduction(tensors)
        let (remarks, likelihood) = (tensors.remarks, place.folder?.likelihood.flatMap(Likelihood.init))
        let model = try deduced.imported()
        let opened =
            deduced.canBeTried
            ? OpenedModel(model, pictures: request.pictures) { try? deduced.tried(on: $0, isOver: $1) }
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
