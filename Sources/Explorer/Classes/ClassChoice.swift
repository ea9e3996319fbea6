import Latent

/// Whether a conditional model is asked for one class everywhere, or for each image's own. The class itself stands in the
/// point, ``LatentPoint/label``.
struct ClassChoice: Hashable, Sendable {
    /// Whether one class was set, by a key or the command line, and images are of that one too.
    var isSet = false
    /// The class that images are encoded as, as the engine was told last; nil: each as its own.
    var told: Int?

    init(_ model: ModelFacts) {
        isSet = model.label != nil
        told = model.label
    }
}

extension Shared {
    /// The class that images are encoded and decoded as; nil: each as its own, or the model has no classes.
    var imagesClass: Int? { classes.isSet ? explore.point.label?.nearest : nil }

    /// The class that the model is asked for at the code of an image: the one that is set, or its own; nil of a model without
    /// classes. Of data without labels it is the point's.
    func label(ofImage image: Int) -> ClassMix? {
        guard model.classCount != nil else { return nil }
        if let imagesClass { return ClassMix(imagesClass) }
        guard let own = cloud?.imageClasses, own.indices.contains(image) else { return explore.point.label }
        return ClassMix(Int(own[image]))
    }

    /// Where the encoder puts an image, of the class that it is asked for.
    func code(ofImage image: Int, in cloud: LatentCloud) -> LatentPoint {
        cloud.mean(of: image).labelled(label(ofImage: image))
    }

    /// A point with a class: its own, or the present one.
    func classed(_ point: LatentPoint) -> LatentPoint { point.labelled(point.label ?? explore.point.label) }

    // MARK: Choosing

    /// To the next class, or the one before; after the last comes the first.
    mutating func stepClass(by count: Int) -> [Effect] {
        guard let classes = classCount() else { return [] }
        return choose(class: Self.stepped(explore.point.label, by: count, of: classes))
    }

    /// - Parameter classes: how many there are.
    static func stepped(_ label: ClassMix?, by count: Int, of classes: Int) -> Int {
        let next = ((label?.nearest ?? 0) + count) % classes
        return next < 0 ? next + classes : next
    }

    /// How many classes there are; nil, and a word about it: the model has none.
    mutating func classCount() -> Int? {
        if model.classCount == nil { note("this model has no classes: < > and ' are for conditional models") }
        return model.classCount
    }

    /// Asks for one class everywhere.
    mutating func choose(class label: Int) -> [Effect] {
        var effects = finishGlide()
        classes.isSet = true
        explore.point.label = ClassMix(label)
        note("class \(className(label)) for all; ' and enter: each image its own")
        effects.append(decodeRequest())
        return effects
    }

    /// Asks for each image's own class again; the point stays as it is.
    mutating func chooseOwnClasses() {
        classes.isSet = false
        note("each image is of its own class")
    }

    mutating func askForClass() {
        if classCount() != nil { prompt = Prompt(.pointClass) }
    }

    mutating func chooseClass(typed line: String) -> [Effect] {
        guard line.contains(where: { $0 != " " }) else {
            chooseOwnClasses()
            return []
        }
        return typedClass(line).map { choose(class: $0) } ?? []
    }

    /// The class that was typed, by its number or its name in the data; nil, and a word about it: there is no such class.
    mutating func typedClass(_ text: String) -> Int? {
        guard let count = classCount() else { return nil }
        if let label = classNumber(text) { return label }
        let named = (0..<count).compactMap { name(ofClass: $0) }.prefix(4).map(cellText).joined(separator: ", ")
        fail(
            "There is no class \(theme.typography.quoted(cellText(text))): they are 0 to \(count - 1)"
                + (named.isEmpty ? "." : ", by name \(named)\(count > 4 ? theme.typography.ellipsis : "")."))
        return nil
    }

    /// A class by its number, its name, or how that begins.
    func classNumber(_ text: String) -> Int? {
        let words = text.split(separator: " ").joined(separator: " ").lowercased()
        let all = 0..<(model.classCount ?? 0)
        // Names first: a class may be called by a number that is not its label.
        let names = all.map { name(ofClass: $0)?.lowercased() }
        if let label = names.firstIndex(of: words) { return label }
        if let label = Int(words) { return all.contains(label) ? label : nil }
        let begun = all.filter { names[$0]?.hasPrefix(words) == true }
        return begun.count == 1 ? begun[0] : nil
    }

    // MARK: What follows

    /// Tells the engine where images are of other classes than before: their codes and all that comes of them are others.
    mutating func refreshClasses() -> [Effect] {
        guard imagesClass != classes.told else { return [] }
        classes.told = imagesClass
        return [.classify(imagesClass)]
    }
}

extension Prompt.Purpose {
    /// `'`: a class.
    static let pointClass = Self(name: "class", sign: "class: ") { shared in
        let names = (0..<(shared.model.classCount ?? 0)).compactMap { shared.name(ofClass: $0) }
        let name = names.first.map { " or a name (\(cellText($0)))" } ?? ""
        return "0 to \((shared.model.classCount ?? 1) - 1)\(name); empty: each image its own"
    } enter: {
        $1.chooseClass(typed: $0)
    }
}

extension CommonKeys {
    /// The keys of a conditional model.
    static let classes: [Binding<CommonKeys>] = [
        Binding(
            .look, "< >", hint: "class", "the class before, after",
            [(.character("<"), Action { $0.stepClass(by: -1) }), (.character(">"), Action { $0.stepClass(by: 1) })],
            applies: { $1.view.digit != WalkView.digit }, isUseful: { $1.model.classCount != nil }),
        Binding(
            .look, "'", hint: "which", "a class by number or name",
            [(.character("'"), .change { $0.askForClass() })], applies: { $1.view.digit != WalkView.digit },
            isUseful: { $1.model.classCount != nil }),
    ]
}
