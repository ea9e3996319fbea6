/// What a model lacks for a question. Each case prints one sentence.
public enum MissingPart: Error, Hashable, Sendable, CustomStringConvertible {
    case encoder
    case likelihood
    /// A plain autoencoder's posteriors have no width.
    case posteriorWidth

    public var description: String {
        switch self {
        case .encoder: "this model is a decoder alone: to place images, name a model that has an encoder too"
        case .likelihood:
            "the model does not say what its pixels are distributed as, which this needs: name it with --likelihood "
                + "bernoulli or --likelihood gaussian:VARIANCE"
        case .posteriorWidth:
            "this model is a plain autoencoder: its encoder gives points and not posteriors, so there are no nats to measure"
        }
    }
}

extension Model {
    /// Whether nats can be measured by its encoder.
    ///
    /// - Throws: ``MissingPart``: what is missing for that.
    public func checkNats() throws(MissingPart) {
        guard architecture.encoder != nil else { throw .encoder }
        guard distribution != nil else { throw .likelihood }
        guard architecture.secondHead != .none else { throw .posteriorWidth }
    }
}
