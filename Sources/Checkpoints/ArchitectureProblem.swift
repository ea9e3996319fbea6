import Neural

/// Why JSON is no architecture. Each prints one clause that names the layer.
public enum ArchitectureProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case notObject(String)
    case newerVersion(Int)
    /// `what` is `the architecture` or a layer: `layer decoder.3 (Conv2d)`.
    case missingKey(String, what: String)
    case unknownKey(String, what: String)
    case wrongType(key: String, what: String, expected: String, found: String)
    case unsupported(key: String, value: String, what: String, supported: String)
    case unknownLayer(String, what: String)
    /// A name that stands for no input and no layer before.
    case unknownValue(String, what: String)
    case unknownLikelihood(String)
    case tooManyLayers(String, Int)
    case inconsistent(ArchitectureError)

    /// Layers of one network: far more than any model here.
    public static let largestLayerCount = 1000

    public var description: String {
        switch self {
        case .notObject(let kind): "it is \(kind) where an object should be"
        case .newerVersion(let version): "it has version \(version), and this program knows versions 1 and 2"
        case .missingKey(let key, let what): "\(what) has no \(shortened(key))"
        case .unknownKey(let key, let what): "\(what) has the unknown key \(shortened(key))"
        case .wrongType(let key, let what, let expected, let found):
            "\(key) of \(what) must be \(expected), but is \(shortened(found))"
        case .unsupported(let key, let value, let what, let supported):
            "\(key) of \(what) is \(shortened(value)), and only \(supported) is supported"
        case .unknownLayer(let type, let what): "\(what) is of the unknown type \(shortened(type))"
        case .unknownValue(let name, let what):
            "\(what) reads \(shortened(name)), which is no input and no layer before it"
        case .unknownLikelihood(let name):
            "the likelihood \(shortened(name)) is unknown; bernoulli and gaussian are known"
        case .tooManyLayers(let part, let count):
            "the \(part) has \(count) layers, more than \(ArchitectureProblem.largestLayerCount)"
        case .inconsistent(let error): "\(error)"
        }
    }
}
