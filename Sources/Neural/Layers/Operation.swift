/// A layer of any type: what a node of a network computes.
public struct Operation: Sendable {
    public var layer: any Layer { executable }
    let executable: any ExecutableLayer

    init(_ layer: some ExecutableLayer) { executable = layer }

    /// The layer, if it is of this type.
    public func `as`<Wanted: Layer>(_ type: Wanted.Type) -> Wanted? { executable as? Wanted }

    /// The shape that it makes of its inputs' shapes.
    ///
    /// - Throws: ``ArchitectureError`` where the operation's own numbers, or the inputs, don't fit.
    public func outputShape(of inputs: [Shape]) throws(ArchitectureError) -> Shape {
        guard executable.inputCount.contains(inputs.count) else {
            throw .wrongInputCount(executable.name, expected: executable.inputCount, found: inputs.count)
        }
        let output = try executable.outputShape(of: inputs)
        for limit in executable.limits(of: inputs, to: output) where !limit.isKept {
            throw .tooMuch(executable.name, limit.subject, most: limit.most)
        }
        return output
    }

    /// Multiplications for one sample; 0 of layers that have few.
    func multiplications(of inputs: [Shape], to output: Shape) -> Int {
        executable.limits(of: inputs, to: output).first(where: \.isOfMultiplications)?.factors.reduce(1, *) ?? 0
    }

    /// What files call it: the name of a class of `torch.nn` or a function of `torch`.
    ///
    /// - Parameter inputs: what it reads, where that is known.
    public func kind(of inputs: [Shape] = []) -> String { executable.kind(of: inputs) }

    /// Its keywords and their values, in the order in which files have them.
    public func settings(of inputs: [Shape] = []) -> [(name: String, value: Setting)] {
        values(of: inputs).filter { $0.isWrittenAlways || $0.value != $0.standard }.map { ($0.name, $0.value) }
    }

    /// The call that makes it in PyTorch, with what differs from the defaults: `Conv2d(1, 32, 3, padding=1)`.
    public func summary(of inputs: [Shape]) -> String {
        let arguments = values(of: inputs).filter { $0.value != $0.standard }.map { keyword in
            keyword.standard == nil ? "\(keyword.value)" : "\(keyword.name)=\(keyword.value)"
        }
        let name = kind(of: inputs)
        return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
    }

    private typealias KeywordValue = (name: String, value: Setting, standard: Setting?, isWrittenAlways: Bool)

    /// The keywords that files may name, with what they are in this layer.
    private func values(of inputs: [Shape]) -> [KeywordValue] {
        func values<Subject: Layer>(_ layer: Subject) -> [KeywordValue] {
            let kind = layer.kind(of: inputs)
            let keywords = Subject.kinds.first { $0.name == kind }?.keywords ?? []
            return keywords.compactMap { keyword in
                keyword.get.map { (keyword.name, $0(layer), keyword.standard, keyword.isWrittenAlways) }
            }
        }
        return values(executable)
    }

    /// The tensors of a node of this operation, in the order in which PyTorch lists them.
    ///
    /// - Parameter prefix: the node's name, `decoder.3`.
    public func parameters(named prefix: String) -> [ParameterDeclaration] {
        executable.parameters.map {
            ParameterDeclaration(name: "\(prefix).\($0.name)", extents: $0.extents, role: $0.role)
        }
    }

    /// Whether it keeps running statistics of what it saw in training.
    public var keepsStatistics: Bool { executable.parameters.contains { $0.name == "running_mean" } }

    /// Why it cannot stand in a network that is trained, in a clause; nil where it can.
    public var trainingProblem: String? { executable.trainingProblem }

    /// Whether it does nothing but give a value another shape.
    public var onlyReshapes: Bool { executable is any ReshapingLayer }

    /// Whether each of its outputs is one of its inputs, in whatever place and shape, so that a function of single values may
    /// as well come after it.
    public var onlyMovesValues: Bool { onlyReshapes || (executable as? any IndexMapLayer)?.fills == false }

    /// How one of its parameters begins, as PyTorch has it.
    public func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization {
        executable.initialization(of: parameter)
    }
}

extension Operation: Hashable {
    public static func == (left: Operation, right: Operation) -> Bool {
        func isEqual<Subject: ExecutableLayer>(_ layer: Subject) -> Bool { right.executable as? Subject == layer }
        return isEqual(left.executable)
    }

    public func hash(into hasher: inout Hasher) { executable.hash(into: &hasher) }
}

extension Operation {
    public static func linear(inputs: Int, outputs: Int, bias: Bool = true) -> Operation {
        Operation(Linear(inputs: inputs, outputs: outputs, bias: bias))
    }
    public static func convolution(_ layer: Convolution) -> Operation { Operation(layer) }
    public static func transposedConvolution(_ layer: TransposedConvolution) -> Operation { Operation(layer) }
    public static func maxPooling(_ window: Pooling) -> Operation { Operation(MaxPooling(window)) }
    public static func averagePooling(_ window: Pooling) -> Operation { Operation(AveragePooling(window)) }
    /// Nearest neighbor, by whole factors.
    public static func upsampling(_ factor: Extent) -> Operation { Operation(Upsampling(factor)) }
    public static func activation(_ layer: Activation) -> Operation { Operation(layer) }
    /// Over the features of a vector.
    public static var softmax: Operation { Operation(Softmax(axis: 1)) }
    public static func batchNormalization(_ layer: BatchNormalization) -> Operation { Operation(layer) }
    public static var flatten: Operation { Operation(Flatten()) }
    public static func unflatten(_ shape: Shape) -> Operation { Operation(Unflatten(shape.extents)) }
}
