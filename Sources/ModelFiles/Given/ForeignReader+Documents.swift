import Importing
import KerasModels
import Neural

extension ForeignReader {
    /// Whether a document may say what the file does not: that of a state dict, or of Keras's weights alone.
    var isOpenToDocument: Bool {
        if case .keras = place.kind { return KerasModel.holdsWeightsAlone(place.file) }
        return place.isStateDict && place.folder == nil
    }

    /// The model as a document says it is.
    func given(_ document: ArchitectureDocument) throws(ImportProblem) -> OpenedModel {
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
            let model = try KerasModel.read(config: config, weights: place.file, options: request.options)
            try model.check(request.options)
            return OpenedModel(model)
        case .other: return try found()
        }
    }

    /// The tensors of the files under their names there, as a document refers to them.
    func storedTensors() throws(ImportProblem) -> [(name: String, tensor: Tensor)] {
        switch place.kind {
        case .keras:
            guard let (encoder, decoder) = try halves() else { return try KerasModel.tensors(in: place.file) }
            return try KerasModel.tensors(in: encoder.file).map { ("encoder/\($0.name)", $0.tensor) }
                + KerasModel.tensors(in: decoder.file).map { ("decoder/\($0.name)", $0.tensor) }
        case .onnx:
            throw ImportProblem(
                .unsupported, "a graph of ONNX says its architecture itself",
                advice: "latentwalk convert MODEL OUT.safetensors writes it with its weights")
        default: return try tensors().dict.plain().map { ($0.name, $0.tensor) }
        }
    }

    private func format() throws(ImportProblem) -> String {
        if case .keras = place.kind { return "Keras weights" }
        return try tensors().format
    }
}
