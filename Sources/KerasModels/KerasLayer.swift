import JSON

/// A layer as a model's configuration describes it; a model within a model is one too.
struct KerasLayer: Sendable {
    /// `Conv2DTranspose`; with whose it is where it is not Keras's own: `mine>ReLU`.
    let className: String
    let name: String
    let config: JSONObject
    /// Whose layers they are, where it is a model.
    let network: KerasNetwork?
    /// Where its weights are.
    var address = KerasAddress()

    /// Its name for sentences: `Conv2DTranspose up_1`.
    var title: String { "\(className) \(name)".shortened }

    /// The class's name alone.
    var bareClass: Substring { className.split(separator: ">").last ?? "" }

    /// A class's name, with whose it is where it is not Keras's own, be it called like one of Keras's.
    ///
    /// - Parameters:
    ///   - module: where the class comes from, `keras.layers`; nil where nobody says.
    ///   - registeredName: under which name its author registered it, `mine>ReLU`.
    static func className(_ name: String, module: String?, registeredName: String?) -> String {
        if let module, !module.isEmpty {
            let root = module.prefix { $0 != "." }
            if ["keras", "tf_keras", "keras_core", "tensorflow"].contains(root) { return name }
        }
        if let registeredName, registeredName.contains(">") { return registeredName }
        guard let module, !module.isEmpty, !name.contains(">") else { return name }
        return "\(module)>\(name)"
    }
}

/// Where a layer's weights are, in either of the ways in which Keras keeps them.
struct KerasAddress: Hashable, Sendable {
    /// The names of the models around the layer, and its own.
    var names: [String] = []
    /// The group of the newer files in which the words begin; empty for the root.
    var base = ""
    /// Where it is instead, when nothing is there.
    var otherBases: [String] = []
    /// What the newer files call the models around the layer, and the layer itself: by class and number, `conv2d_1`.
    var words: [String] = []
}

/// A model with a graph: functional, or a chain.
struct KerasNetwork: Sendable {
    let name: String
    let layers: [KerasLayer]
    /// By the layers' names, in the order in which they were called.
    let calls: [String: [KerasCall]]
    let inputs: [KerasReference]
    let outputs: [KerasReference]

    func layer(named name: String) -> Int? { places[name] }

    /// What the newer files call each layer.
    let words: [String]

    private let places: [String: Int]

    init(
        name: String, layers: [KerasLayer], calls: [String: [KerasCall]], inputs: [KerasReference],
        outputs: [KerasReference]
    ) {
        self.name = name
        self.layers = layers
        self.calls = calls
        self.inputs = inputs
        self.outputs = outputs
        places = Dictionary(layers.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
        var counts: [String: Int] = [:]
        words = layers.map { layer in
            let word = String(layer.bareClass).kerasSnakeCase
            let before = counts[word, default: 0]
            counts[word] = before + 1
            return before == 0 ? word : "\(word)_\(before)"
        }
    }
}

/// One of the values that a layer made when it was called.
struct KerasReference: Hashable, Sendable {
    let layer: String
    let call: Int
    let output: Int
}

/// What a layer was called with.
struct KerasCall: Sendable {
    var arguments: [KerasArgument] = []
    var keywords: [String: KerasArgument] = [:]

    /// All values that it reads.
    var references: [KerasReference] { arguments.flatMap(\.references) + keywords.values.flatMap(\.references) }
}

/// A value, several of them, or something that stands in the configuration.
indirect enum KerasArgument: Sendable {
    case value(KerasReference)
    case list([KerasArgument])
    case constant(JSONValue)

    /// The values in it, in order.
    var references: [KerasReference] {
        switch self {
        case .value(let reference): [reference]
        case .list(let list): list.flatMap(\.references)
        case .constant: []
        }
    }
}

extension String {
    /// A name out of a file for a sentence: a long one is cut, and what would move the cursor is left out.
    var shortened: String {
        let text = String(prefix(80).filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
        return count > 80 ? text + "…" : text
    }

    /// The name that Keras gives to a class in its newer files: `LeakyReLU` is `leaky_re_lu`.
    var kerasSnakeCase: String {
        let letters = Array(self.filter { $0.isLetter || $0.isNumber || $0 == "_" })
        func isUpper(_ place: Int) -> Bool { letters.indices.contains(place) && letters[place].isUppercase }
        func isLower(_ place: Int) -> Bool { letters.indices.contains(place) && letters[place].isLowercase }
        // A capital and small letters after it begin a word.
        var words: [Character] = []
        var place = 0
        while place < letters.count {
            words.append(letters[place])
            if isUpper(place + 1), isLower(place + 2) {
                words.append("_")
                words.append(letters[place + 1])
                place += 2
                while isLower(place) {
                    words.append(letters[place])
                    place += 1
                }
            } else {
                place += 1
            }
        }
        // So does a capital after a small letter.
        var result = ""
        for (index, letter) in words.enumerated() {
            if letter.isUppercase, index > 0, words[index - 1].isLowercase { result.append("_") }
            result.append(letter)
        }
        return result.lowercased()
    }
}
