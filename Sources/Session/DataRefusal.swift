import Datasets
import Explorer
import Latent

/// Why data cannot be placed by a model.
extension ModelFacts {
    /// - Returns: nil where the images are the model's and it has an encoder for them.
    func refusal(of dataset: Dataset) -> String? {
        guard hasEncoder else { return "this model has no encoder, so it cannot place images on the plane" }
        guard dataset.width != width || dataset.height != height || dataset.channels != channels else { return nil }
        return
            "\(dataset.name) has images of \(dataset.shape), but the model takes "
            + "\(channels)×\(height)×\(width): choose other data with :data, or start with --resize model"
    }

    /// Why a conditional model cannot be asked for each image's own class; nil: it can, or it is asked for one class.
    ///
    /// - Parameter label: the class that all images are encoded as; nil: each its own.
    func classRefusal(of dataset: Dataset, as label: Int?) -> String? {
        guard let count = classCount, label == nil, dataset.hasLabels,
            let outside = (0..<dataset.count).lazy.compactMap({ dataset.label($0) }).first(where: { $0 >= count })
        else { return nil }
        return "an image of \(dataset.name) has the label \(outside), but the model's classes are 0 to \(count - 1): "
            + "' asks for one class for all images"
    }

    /// Whose answer places the codes: on a plane the refined one, since encoders put codes where their own steps end; with
    /// more latents the encoder's.
    ///
    /// - Parameter asked: what was asked for. The exact answer surveys the whole plane for each image and is for one image at
    ///   a time; its place is where refined ones end, but for images that could lie at several.
    func codesInference(asked: InferenceMethod?) -> InferenceMethod {
        let method = asked ?? (latentCount == 2 ? .refined : .encoder)
        let canRefine = InferenceMethod.refined.isPossible(latents: latentCount) && missingNats == nil
        return method != .encoder && canRefine ? .refined : .encoder
    }
}
