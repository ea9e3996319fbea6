import ArgumentParser
import Datasets
import VAE

/// What a command takes data for, in its help.
protocol DataRole {
    /// `What to evaluate on`
    static var what: String { get }
    /// What is taken where none are named, in brackets; empty where nothing is.
    static var standard: String { get }
    /// The part that is taken of data that have two.
    static var part: Dataset.Split { get }
}

extension DataRole {
    static var part: Dataset.Split { .test }
    /// What a model was trained on is behind it.
    static var standard: String {
        " (default: what the model was trained on; for MNIST the sample that ships)"
    }
}

/// `--data` and what chooses and prepares the images, together in every command's help.
struct NamedData<Role: DataRole>: ParsableArguments {
    @Option(help: "\(Role.what): \(dataHelp).\(Role.standard)", completion: .file())
    var data: String?

    @Option(
        help:
            "Which part of the data: train or test. (default: \(Role.part.rawValue), or all where the data are one set)"
    )
    var split: Dataset.Split?

    @OptionGroup
    var reading: DataOptions

    /// - Parameter model: what the model takes.
    /// - Throws: ``DataOptionsError``
    func request(for model: Architecture) throws(DataOptionsError) -> DatasetRequest {
        try reading.request(split: split, for: model)
    }
}

enum ExploredData: DataRole { static let what = "The data on the plane" }
enum RenderedData: DataRole { static let what = "The data" }
enum EvaluatedData: DataRole {
    static let what = "What to evaluate on"
    static let standard = " (default: mnist)"
}
enum EncodedData: DataRole {
    static let what = "The images, if no others are named"
    static let standard = ""
}
enum TrainingData: DataRole {
    static let what = "What to train on"
    static let standard = " (default: mnist)"
    static let part = Dataset.Split.train
}
