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
            "tensor \(name) is \(Shape.text(of: found)), but its layer needs \(Shape.text(of: expected))"
        }
    }
}

/// A tensor of a model has values that are no finite numbers. Prints one sentence.
public struct TensorNotFinite: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(name: String) { self.name = name }

    public var description: String {
        "the model's tensor \(name) has values that are not finite: its training went wrong, take an earlier checkpoint"
    }
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

    /// Whether each image is asked about with a class of its own: the model has classes, and none is named for all.
    public var takesImagesClasses: Bool { architecture.classCount != nil && condition.label == nil }

    /// The same model, asked for a class at each point and image: none is named for all.
    public var askedPointByPoint: Model {
        var model = self
        model.condition.label = nil
        return model
    }

    /// Refuses weights that nothing can be computed with.
    ///
    /// - Throws: ``TensorNotFinite``
    public func checkFinite() throws(TensorNotFinite) {
        if let name = tensorNotFinite { throw TensorNotFinite(name: name) }
    }

    /// The first tensor, in the architecture's order, with a value that is not finite; nil where all are numbers.
    public var tensorNotFinite: String? {
        architecture.parameters.first { tensors[$0.name]?.values.allSatisfy(\.isFinite) == false }?.name
    }
}
