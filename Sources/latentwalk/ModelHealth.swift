import Datasets
import Explorer
import Neural
import Session
import VAE

/// What the digits that ship tell of a model of their size.
enum ModelHealth {
    private static let digits = 500

    /// What is wrong, in one sentence, as the explorer says it; nil where nothing is, or where the digits tell nothing: of
    /// a model of other pictures, without an encoder, or where they are not installed.
    static func sentence(_ model: Model) -> String? {
        guard model.architecture.encoder != nil,
            let dataset = try? DatasetLibrary.installed.load(SampleDigits.name, DatasetRequest(limit: digits)),
            dataset.shape.description == model.architecture.image.description,
            let studio = try? Studio(model, dataset: dataset, pool: WorkerPool()), let cloud = studio.cloud
        else { return nil }
        return RunAssessment(cloud)?.finding
    }
}
