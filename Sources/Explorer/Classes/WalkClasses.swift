import Latent

/// The classes of a walk's ends, of a conditional model: each keeps its own, and between two the class changes evenly.
extension Shared {
    /// The end that the walk leads to, as the next class, or the one before.
    mutating func stepWalkClass(by count: Int) {
        guard let classes = classCount(), let end = walkPoint(.end) else { return }
        setWalkClass(.end, to: Self.stepped(end.label, by: count, of: classes))
    }

    /// An end at the same place, as another class.
    private mutating func setWalkClass(_ side: WalkSide, to label: Int) {
        guard let point = walkPoint(side), point.label != ClassMix(label) else { return }
        settle(side, at: .point(point.labelled(ClassMix(label))))
        note("the walk \(side == .start ? "begins" : "ends") as class \(className(label))" + betweenClasses)
    }

    /// To the same place as where it begins, as the class of the end, or another one.
    mutating func walkAtOnePoint() {
        guard let classes = classCount(), let start = walkPoint(.start), let label = start.label else { return }
        let own = walkPoint(.end)?.label
        let other = own == label ? nil : own
        settle(.end, at: .point(start.labelled(other ?? ClassMix(Self.stepped(label, by: 1, of: classes)))))
        note("from class to class at the same point" + betweenClasses)
    }

    /// What happens on the way between two classes where there is nothing between them.
    private var betweenClasses: String {
        guard !model.blendsClasses, walkPoint(.start)?.label != walkPoint(.end)?.label else { return "" }
        return ": the class changes at the middle, since this model takes whole classes"
    }

    mutating func askForWalkClass() {
        if classCount() != nil { prompt = Prompt(.walkClass) }
    }

    /// One class for the end, or two for both; none: image ends are of their own classes.
    mutating func chooseWalkClass(typed line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return chooseOwnClasses() }
        if words.count == 2, classNumber(line) == nil, let start = classNumber(words[0]),
            let end = classNumber(words[1])
        {
            setWalkClass(.start, to: start)
            return setWalkClass(.end, to: end)
        }
        if let label = typedClass(line) { setWalkClass(.end, to: label) }
    }
}

extension Prompt.Purpose {
    /// `'` in Walk: the classes of its ends.
    static let walkClass = Self(name: "walk's class", sign: "class: ") { shared in
        "of the end, 8; of both, 3 8; empty: each image its own"
    } enter: { line, shared in
        shared.chooseWalkClass(typed: line)
        return []
    }
}

extension WalkKeys {
    /// The keys of a conditional model.
    static let classes: [Binding<WalkView>] = [
        Binding(
            .look, "< >", hint: "end's class", "class of the walk's end",
            [
                (.character("<"), .change { $0.stepWalkClass(by: -1) }),
                (.character(">"), .change { $0.stepWalkClass(by: 1) }),
            ], isUseful: { $1.model.classCount != nil }),
        Binding(
            .look, "'", hint: "which", "a class by number or name",
            [(.character("'"), .change { $0.askForWalkClass() })], isUseful: { $1.model.classCount != nil }),
        Binding(
            .jump, "=", hint: "same z", "other class at the same z",
            [(.character("="), .change { $0.walkAtOnePoint() })], isUseful: { $1.model.classCount != nil }),
    ]
}
