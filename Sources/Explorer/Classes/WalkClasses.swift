import Latent

/// The classes of a walk's ends, of a conditional model: each keeps its own, and between two the class changes evenly.
extension WalkView {
    /// The end that the walk leads to, as the next class, or the one before.
    fileprivate func stepClass(by count: Int, _ shared: inout Shared) {
        guard let classes = shared.classCount(), let end = shared.walkPoint(.end) else { return }
        setClass(.end, to: Shared.stepped(end.label, by: count, of: classes), &shared)
    }

    /// An end at the same place, as another class.
    private func setClass(_ side: WalkSide, to label: Int, _ shared: inout Shared) {
        guard let point = shared.walkPoint(side), point.label != ClassMix(label) else { return }
        shared.settle(side, at: .point(point.labelled(ClassMix(label))))
        shared.note(
            "the walk \(side == .start ? "begins" : "ends") as class \(shared.className(label))"
                + betweenClasses(shared))
    }

    /// To the same place as where it begins, as the class of the end, or another one.
    fileprivate func stayAtOnePoint(_ shared: inout Shared) {
        guard let classes = shared.classCount(), let start = shared.walkPoint(.start), let label = start.label else {
            return
        }
        let own = shared.walkPoint(.end)?.label
        let other = own == label ? nil : own
        shared.settle(
            .end, at: .point(start.labelled(other ?? ClassMix(Shared.stepped(label, by: 1, of: classes)))))
        shared.note("from class to class at the same point" + betweenClasses(shared))
    }

    /// What happens on the way between two classes where there is nothing between them.
    private func betweenClasses(_ shared: Shared) -> String {
        guard !shared.model.blendsClasses, shared.walkPoint(.start)?.label != shared.walkPoint(.end)?.label else {
            return ""
        }
        return ": the class changes at the middle, since this model takes whole classes"
    }

    fileprivate func askForClass(_ shared: inout Shared) {
        if shared.classCount() != nil { shared.prompt = Prompt(.walkClass) }
    }

    /// One class for the end, or two for both; none: image ends are of their own classes.
    func chooseClass(typed line: String, _ shared: inout Shared) {
        let words = line.split(separator: " ").map(String.init)
        guard !words.isEmpty else { return shared.chooseOwnClasses() }
        if words.count == 2, shared.classNumber(line) == nil, let start = shared.classNumber(words[0]),
            let end = shared.classNumber(words[1])
        {
            setClass(.start, to: start, &shared)
            return setClass(.end, to: end, &shared)
        }
        if let label = shared.typedClass(line) { setClass(.end, to: label, &shared) }
    }
}

extension Prompt.Purpose {
    /// `'` in Walk: the classes of its ends.
    static let walkClass = Self(ofView: "walk's class", sign: "class: ") { _ in
        "of the end, 8; of both, 3 8; empty: each image its own"
    }
}

extension WalkKeys {
    /// The keys of a conditional model.
    static let classes: [Binding<WalkView>] = [
        Binding(
            .look, "< >", hint: "end's class", "class of the walk's end",
            [
                (.character("<"), .own { $0.stepClass(by: -1, &$1) }),
                (.character(">"), .own { $0.stepClass(by: 1, &$1) }),
            ], isUseful: { $1.model.classCount != nil }),
        Binding(
            .look, "'", hint: "which", "a class by number or name",
            [(.character("'"), .own { $0.askForClass(&$1) })], isUseful: { $1.model.classCount != nil }),
        Binding(
            .jump, "=", hint: "same z", "other class at the same z",
            [(.character("="), .own { $0.stayAtOnePoint(&$1) })], isUseful: { $1.model.classCount != nil }),
    ]
}
