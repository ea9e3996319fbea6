import Neural

extension Architecture {
    /// How many numbers a label has that the model takes as a one-hot vector; nil where it takes none.
    public var oneHotCount: Int? {
        (decoderRoles + encoderRoles).lazy.compactMap { role in
            if case .label(let classes, .oneHot) = role { classes } else { nil }
        }.first
    }

    /// The same networks with a condition where a label is a one-hot vector.
    ///
    /// - Throws: ``ArchitectureError`` where one part takes several of them.
    func takingOneHotAsCondition() throws(ArchitectureError) -> Architecture {
        func free(_ roles: [InputRole]) -> [InputRole] {
            roles.map { if case .label(_, .oneHot) = $0 { .condition } else { $0 } }
        }
        return try Architecture(
            encoder: encoder.map { Part($0, roles: free(encoderRoles)) }, secondHead: secondHead,
            decoder: Part(decoder, roles: free(decoderRoles)), pixelRange: pixelRange, likelihood: likelihood)
    }
}

extension Model {
    /// The same model, asked with some numbers where it takes a condition or, if it has none, a class's one-hot vector: that is
    /// a condition then, and the model has no classes.
    ///
    /// - Parameter vector: as many numbers as it takes.
    /// - Throws: ``ArchitectureError`` where one part takes several one-hot vectors.
    public func asked(with vector: [Float]) throws(ArchitectureError) -> Model {
        var model = self
        if architecture.conditionCount == nil, architecture.oneHotCount != nil {
            let free = try architecture.takingOneHotAsCondition()
            do {
                model = try Model(architecture: free, tensors: tensors, provenance: provenance)
            } catch {
                throw .invalid("\(error)")
            }
            model.condition.label = condition.label
        }
        model.condition.vector = vector
        return model
    }
}
