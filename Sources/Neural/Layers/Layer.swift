/// What a node of a network computes.
///
/// Semantics, names, keywords and weight layouts are those of the class of `torch.nn`, or of the function of `torch`, of
/// the same name; axes count the batch as axis 0, as PyTorch's do. All that is said of a layer outside of its execution
/// stands in the type that conforms, once.
public protocol Layer: Hashable, Sendable {
    /// The names by which files know it, each with its keywords; most layers have one.
    static var kinds: [LayerKind<Self>] { get }
    /// Which of them this one is.
    ///
    /// - Parameter inputs: what it reads; batch normalization has another name for images than for features.
    func kind(of inputs: [Shape]) -> String
    /// How many values it reads.
    var inputCount: ClosedRange<Int> { get }
    /// The shape that it makes of its inputs' shapes, `inputCount` of them.
    ///
    /// - Throws: ``ArchitectureError`` where its own numbers, or the inputs, don't fit.
    func outputShape(of inputs: [Shape]) throws(ArchitectureError) -> Shape
    /// The tensors that it needs, in the order in which PyTorch lists them; names are PyTorch's, `weight`.
    var parameters: [ParameterDeclaration] { get }
}

extension Layer {
    public var inputCount: ClosedRange<Int> { 1...1 }
    public var parameters: [ParameterDeclaration] { [] }
    public func kind(of inputs: [Shape]) -> String { Self.kinds[0].name }

    /// The name for sentences, where the inputs don't matter.
    var name: String { kind(of: []) }
}

/// A name by which files know a layer, and its keywords.
public struct LayerKind<Subject: Layer>: Sendable {
    /// A class of `torch.nn` (`Conv2d`), or a function of `torch` (`cat`).
    public let name: String
    /// The layer with PyTorch's defaults.
    let prototype: Subject
    public let keywords: [Keyword<Subject>]

    init(_ name: String, _ prototype: Subject, _ keywords: [Keyword<Subject>] = []) {
        self.name = name
        self.prototype = prototype
        self.keywords = keywords
    }

    func make(_ settings: [(name: String, value: Setting)]) throws(SettingProblem) -> Subject {
        var layer = prototype
        for (name, _) in settings where !keywords.contains(where: { $0.name == name }) { throw .unknown(name) }
        for keyword in keywords {
            guard let value = settings.first(where: { $0.name == keyword.name })?.value ?? keyword.standard else {
                throw .missing(keyword.name)
            }
            guard keyword.supported.isEmpty || keyword.supported.contains(value) else {
                throw .unsupported(keyword.name, supported: keyword.supported[0])
            }
            guard keyword.set(&layer, value) else { throw .wrong(keyword.name, expected: keyword.expected) }
        }
        return layer
    }
}

/// What a layer's name stands for, for readers of files and for documentation.
public struct LayerEntry: Sendable {
    public struct Keyword: Sendable {
        public let name: String
        public let expected: String
        public let standard: Setting?
        public let supported: [Setting]
    }

    public let name: String
    public let keywords: [Keyword]
    /// How many values it reads.
    public let inputCount: ClosedRange<Int>
    /// The names of the tensors that a layer with the defaults has.
    public let tensors: [String]
    public let make: @Sendable ([(name: String, value: Setting)]) throws(SettingProblem) -> Operation

    init<Subject: ExecutableLayer>(_ kind: LayerKind<Subject>) {
        name = kind.name
        keywords = kind.keywords.map {
            Keyword(name: $0.name, expected: $0.expected, standard: $0.standard, supported: $0.supported)
        }
        inputCount = kind.prototype.inputCount
        tensors = kind.prototype.parameters.map(\.name)
        make = { settings throws(SettingProblem) in Operation(try kind.make(settings)) }
    }
}

/// A layer that the engine can run: it says how it becomes stages of a plan.
protocol ExecutableLayer: Layer {
    /// Appends the stages that compute a node of this layer.
    func lower(_ node: LoweredNode, into lowering: inout Lowering)
    /// The same layer with a bias, into which a batch normalization after it can be folded; nil where there is none.
    var withBias: Operation? { get }
    /// The axis of its weight that counts output channels.
    var outputAxis: Int { get }
    /// Whether its result lies in whatever order its input has, so that what comes after it may ask for one.
    var isElementwise: Bool { get }
    /// Whether it reads images, and wants their channels innermost.
    var readsImages: Bool { get }
    /// Whether it treats each sample by itself, so that its input may lie in a tile that is gone afterwards.
    var keepsTiles: Bool { get }
    /// Why it cannot stand in a network that is trained, in a clause; nil where it can.
    var trainingProblem: String? { get }
    /// What one sample may not take too much of, where shapes alone don't bound it: a small file may ask for large kernels.
    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit]
    /// The initial values of a parameter, as PyTorch draws them.
    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization
}

extension ExecutableLayer {
    var withBias: Operation? { nil }
    var outputAxis: Int { 0 }
    var isElementwise: Bool { false }
    var readsImages: Bool { false }
    var keepsTiles: Bool { true }
    var trainingProblem: String? { nil }
    func limits(of inputs: [Shape], to output: Shape) -> [LayerLimit] { [] }
    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization {
        .constant(parameter.role == .weight || parameter.name.hasSuffix("var") ? 1 : 0)
    }
}

/// How a parameter begins, as PyTorch has it.
public enum ParameterInitialization: Hashable, Sendable {
    case constant(Float)
    /// Uniform in ±1/√fan.
    case uniform(fan: Int)
    /// N(0, 1).
    case normal
}
