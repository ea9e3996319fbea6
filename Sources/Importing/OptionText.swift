import VAE

/// Why a text is not what an option takes. Each prints one sentence, without the option's name.
public enum OptionProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case noActivation(String)
    case noSlope(String)
    case noWholeNumbers(String, ClosedRange<Int>)
    case noPixelRange(String)
    case noShape(String, form: String)
    case noWord(String, choices: [String])
    case unknown(String)

    public var description: String {
        switch self {
        case .noActivation(let text):
            "There is no activation \(OptionProblem.short(text)): choose relu, leaky_relu, elu, selu, gelu, silu, tanh, "
                + "softplus, sigmoid, softmax or none."
        case .noSlope(let text): "\(OptionProblem.short(text)) is no slope: write leaky_relu:0.2."
        case .noWholeNumbers(let text, let range):
            "\(OptionProblem.short(text)) is not a list of whole numbers from \(range.lowerBound) to "
                + "\(range.upperBound): write 2,2,1."
        case .noPixelRange(let text): "\(OptionProblem.short(text)) is no range of pixels: write -1,1 or logits."
        case .noShape(let text, let form): "\(OptionProblem.short(text)) is no shape: write \(form), all above 0."
        case .noWord(let text, let choices):
            "\(OptionProblem.short(text)) is not one of \(choices.joined(separator: ", "))."
        case .unknown(let name): "There is no option \(OptionProblem.short(name))."
        }
    }

    /// Short enough for a sentence, and harmless in a terminal.
    private static func short(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { $0.value < 32 || $0.value == 127 ? "?" : $0 })
        )
    }
}

/// What options take, read from text.
public enum OptionText {
    /// Strides of layers; they and paddings are what layers take.
    public static let strides = 1...64
    public static let paddings = 0...64

    /// Whole numbers with commas between them.
    public static func wholeNumbers(
        _ text: String, in range: ClosedRange<Int> = 0...65536
    ) throws(OptionProblem) -> [Int] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.drop { $0 == " " }) }.filter(range.contains)
        guard numbers.count == parts.count, numbers.count <= 64 else { throw .noWholeNumbers(text, range) }
        return numbers
    }

    /// `LO,HI` or `logits`.
    public static func pixelRange(_ text: String) throws(OptionProblem) -> PixelRange {
        guard text != "logits" else { return .logits }
        let ends = text.split(separator: ",").compactMap { Float($0) }
        guard ends.count == 2, ends[0] < ends[1], (ends[1] - ends[0]).isFinite else { throw .noPixelRange(text) }
        return .bounded(ends[0], ends[1])
    }

    static func shape(_ text: String, _ counts: [Int], _ form: String) throws(OptionProblem) -> [Int] {
        let extents = try wholeNumbers(text)
        guard counts.contains(extents.count), extents.allSatisfy({ $0 >= 1 }) else {
            throw .noShape(text, form: form)
        }
        return extents
    }

    fileprivate static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String
    ) throws(OptionProblem) -> Word {
        guard let word = Word(rawValue: text) else { throw .noWord(text, choices: Word.allCases.map(\.rawValue)) }
        return word
    }
}

extension ImportOptions {
    /// Takes an option by its name on the command line, without the hyphens before it: `output-activation`, `tanh`.
    ///
    /// - Throws: ``OptionProblem``.
    public mutating func set(_ name: String, to text: String) throws(OptionProblem) {
        guard let name = Name(rawValue: name) else { throw .unknown(name) }
        switch name {
        case .activation: activation = Choice(try ActivationName(text).operation)
        case .outputActivation: outputActivation = Choice(try ActivationName(text).operation)
        case .stride: strides = try OptionText.wholeNumbers(text, in: OptionText.strides)
        case .padding: paddings = try OptionText.wholeNumbers(text, in: OptionText.paddings)
        case .outputPadding: outputPaddings = try OptionText.wholeNumbers(text, in: OptionText.paddings)
        case .paddingMode: paddingMode = try OptionText.word(text)
        case .upsample: upsampling = try OptionText.word(text)
        case .imageShape: imageShape = try OptionText.shape(text, [2, 3], "H,W or C,H,W")
        case .latentShape: latentShape = try OptionText.shape(text, [3], "C,H,W")
        case .fit: fit = try OptionText.word(text)
        case .layout: layout = try OptionText.word(text)
        case .pixelRange: pixelRange = try OptionText.pixelRange(text)
        case .secondHead: secondHead = try OptionText.word(text)
        case .swapHeads:
            guard ["true", "false"].contains(text) else { throw .noWord(text, choices: ["true", "false"]) }
            swapsHeads = text == "true"
        case .latent: latentName = text
        case .label: labelName = text
        case .image: imageName = text
        }
    }

    /// These options, and where one is missing, that of others.
    public func filled(from other: ImportOptions) -> ImportOptions {
        var options = other
        func take<Value>(_ path: WritableKeyPath<ImportOptions, Value?>) {
            if let value = self[keyPath: path] { options[keyPath: path] = value }
        }
        take(\.activation)
        take(\.outputActivation)
        take(\.strides)
        take(\.paddings)
        take(\.outputPaddings)
        take(\.paddingMode)
        take(\.upsampling)
        take(\.imageShape)
        take(\.latentShape)
        take(\.fit)
        take(\.layout)
        take(\.pixelRange)
        take(\.secondHead)
        take(\.latentName)
        take(\.labelName)
        take(\.imageName)
        options.swapsHeads = swapsHeads || other.swapsHeads
        return options
    }
}
