import Neural

/// Why tensors do not make a model of an architecture. Each case prints one sentence.
public enum ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingTensor(String)
    case superfluousTensor(String)
    case wrongShape(String, found: [Int], expected: [Int])

    public var description: String {
        switch self {
        case .missingTensor(let name): "tensor \(name) is missing"
        case .superfluousTensor(let name): "tensor \(name) belongs to no layer"
        case .wrongShape(let name, let found, let expected):
            "tensor \(name) is \(text(found)), but its layer needs \(text(expected))"
        }
    }

    private func text(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: "×") }
}

/// A variational autoencoder: an architecture, all of its tensors in PyTorch's layout, and where it comes from.
public struct Model: Sendable {
    public let architecture: Architecture
    public let tensors: [String: Tensor]
    public var provenance: Provenance
    /// What a conditional model is asked for, where nothing else says it.
    public var condition = Condition()
    /// How pixels of a free range are shown, once somebody asked.
    let freeScale = FreePixelScale()

    /// - Throws: ``ModelError`` unless the tensors are exactly the architecture's.
    public init(
        architecture: Architecture, tensors: [String: Tensor], provenance: Provenance = Provenance()
    ) throws(ModelError) {
        var superfluous = Set(tensors.keys)
        for parameter in architecture.parameters {
            guard let tensor = tensors[parameter.name] else { throw .missingTensor(parameter.name) }
            guard tensor.extents == parameter.extents else {
                throw .wrongShape(parameter.name, found: tensor.extents, expected: parameter.extents)
            }
            superfluous.remove(parameter.name)
        }
        if let name = superfluous.min() { throw .superfluousTensor(name) }
        self.architecture = architecture
        self.tensors = tensors
        self.provenance = provenance
    }
}

extension Model {
    /// The same model with another likelihood.
    ///
    /// - Throws: ``ArchitectureError`` for one that the decoder's end does not fit.
    public func assuming(_ likelihood: Likelihood) throws(ArchitectureError) -> Model {
        let other = try architecture.assuming(likelihood)
        var tensors = tensors
        let needed = Set(other.parameters.map(\.name))
        for name in tensors.keys where !needed.contains(name) { tensors[name] = nil }
        for parameter in likelihood.parameters where tensors[parameter.name] == nil {
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: [Likelihood.firstLogVariance])
        }
        do {
            var model = try Model(architecture: other, tensors: tensors, provenance: provenance)
            model.condition = condition
            return model
        } catch {
            throw .invalid("\(error)")
        }
    }

    /// The first tensor, in the architecture's order, with a value that is not finite; nil where all are numbers.
    public var tensorNotFinite: String? {
        architecture.parameters.first { tensors[$0.name]?.values.allSatisfy(\.isFinite) == false }?.name
    }
}

/// Where a model comes from: what it was trained with, and how well it does.
public struct Provenance: Hashable, Sendable, Codable {
    /// The data set's name: `mnist`.
    public var dataset: String?
    /// The recipe's name: `default`.
    public var recipe: String?
    /// The settings of its training, by name: `epochs`: `30`.
    public var settings: [String: String]
    /// The figures of its evaluation.
    public var evaluation: EvaluationFigures?

    public init(
        dataset: String? = nil, recipe: String? = nil, settings: [String: String] = [:],
        evaluation: EvaluationFigures? = nil
    ) {
        self.dataset = dataset
        self.recipe = recipe
        self.settings = settings
        self.evaluation = evaluation
    }
}

/// What an evaluation found, in nats an image.
public struct EvaluationFigures: Hashable, Sendable, Codable {
    /// What it was evaluated on: `mnist test`.
    public var data: String
    public var images: Int
    /// −log p(x|z), averaged over posterior samples and images.
    public var reconstruction: Double
    /// KL(q(z|x) ‖ p(z)).
    public var kl: Double

    /// −ELBO: reconstruction + KL.
    public var negativeELBO: Double { reconstruction + kl }

    public init(data: String, images: Int, reconstruction: Double, kl: Double) {
        self.data = data
        self.images = images
        self.reconstruction = reconstruction
        self.kl = kl
    }
}
