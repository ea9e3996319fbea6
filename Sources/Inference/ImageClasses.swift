import Datasets
import VAE

/// The classes of images, as a conditional model asks for them: each image's own, unless one is named for all.
extension Dataset {
    /// The classes of some images, for a model that asks each image for its own; nil where it does not, or there are none.
    public func classes(of range: Range<Int>, for model: Model) -> [Int]? {
        guard model.takesImagesClasses, hasLabels else { return nil }
        return range.map { label($0) ?? 0 }
    }

    /// Refuses data whose images a conditional model cannot be asked about.
    ///
    /// - Throws: ``EvaluationError/noLabels(_:)`` or ``EvaluationError/labelOutside(_:classes:)``.
    public func checkClasses(for model: Model) throws(EvaluationError) {
        guard let classes = model.architecture.classCount, model.condition.label == nil else { return }
        guard hasLabels else { throw .noLabels(name) }
        if let label = (0..<count).lazy.compactMap({ label($0) }).first(where: { $0 >= classes }) {
            throw .labelOutside(label, classes: classes)
        }
    }
}

/// Asks about images class by class.
///
/// - Parameters:
///   - labels: each image's class.
///   - progress: told after each class the share of the images that are done.
///   - ask: is given a class and the images of it; answers for each of them.
/// - Returns: an answer for each image, in the order of the images.
func byClass<Answer>(
    _ labels: [Int], progress: (Double) -> Void, _ ask: (Int, [Int]) -> [Answer]
) -> [Answer] {
    var answers = [Answer?](repeating: nil, count: labels.count)
    var done = 0
    for label in Set(labels).sorted() {
        let images = labels.indices.filter { labels[$0] == label }
        for (image, answer) in zip(images, ask(label, images)) { answers[image] = answer }
        done += images.count
        progress(Double(done) / Double(labels.count))
    }
    return answers.compactMap { $0 }
}
