import Cells
import Latent
import Shading

/// What keys and commands do.
extension State {
    mutating func press(_ key: Key) -> [Effect] {
        if shared.prompt != nil { return pressInPrompt(key) }
        let effects = shared.beginKey()
        return effects + pressInView(key)
    }

    private mutating func pressInView(_ key: Key) -> [Effect] {
        if case .overwrite(var order)? = shared.answered {
            guard key == .character("y") else { return [] }
            order.overwrites = true
            return [.export(order)]
        }
        if terminalPage != nil, let effects = pressInTerminalPage(key) { return effects }
        if let help = shared.help, let effects = pressInHelp(key, help) { return effects }
        var common = CommonKeys()
        if let effects = pressOwn(key) ?? common.press(key, &shared) { return effects }
        if shared.endsByAnyKey { return [.quit] }
        noteUnbound(key)
        return []
    }

    /// Says why a key does nothing: what it is for, or where.
    private mutating func noteUnbound(_ key: Key) {
        if case .character("1"..."9") = key {
            return shared.note("there is no such view: \(Views.list)")
        }
        if let reason = view.reason(for: key, shared) { return shared.note(reason) }
        guard case .character(let scalar) = key, scalar != " " else { return }
        let others = Views.all.filter { view in view.notes.contains { $0.keys.contains(key) } }
        guard let other = others.first, let note = other.notes.first(where: { $0.keys.contains(key) }) else {
            return shared.note("no key here: ? shows those that there are")
        }
        shared.note("\(scalar) is a key of \(other.card.digit) \(other.card.title): \(note.help)")
    }

    // MARK: Help

    /// - Returns: nil where the key does what it does elsewhere.
    private mutating func pressInHelp(_ key: Key, _ place: HelpPlace) -> [Effect]? {
        // The key that opened it turns the page, and closes the last one.
        if key == .character("?") {
            shared.help = place.page == .keys ? HelpPlace(page: .terms) : nil
            return []
        }
        let content = HelpContent(self, place.page)
        switch PageKey(key, from: place.offset, rows: content.visibleRows, last: content.lastOffset) {
        case .close: shared.help = nil
        case .scroll(let line): shared.help?.offset = line
        case .pass: return nil
        case .leave:
            shared.help = nil
            return nil
        }
        return []
    }

    // MARK: Lines that are typed

    private mutating func pressInPrompt(_ key: Key) -> [Effect] {
        switch key {
        // A line that is being typed is no reason to put up with a spoiled screen.
        case .control("l"): return [.repaint]
        case .control("z"): return [.suspend]
        default: break
        }
        switch shared.type(key) {
        case .entered(let line, let purpose): return purpose.enter(line, &self)
        case .going(let effects): return effects
        }
    }

    mutating func enterCommand(_ line: String) -> [Effect] {
        switch shared.command(typed: line) {
        case .success(let command): return [.keepHistory(shared.history)] + perform(command)
        case .failure(let sentence):
            shared.fail(sentence.text)
            return [.keepHistory(shared.history)]
        case nil: return []
        }
    }

    /// What a command does that is not for one view alone.
    private mutating func perform(_ command: Command) -> [Effect] {
        switch command {
        case .goTo(let destination): return shared.go(to: destination)
        case .open(let path): return [.openModel(path: path)]
        case .data(let name): return [.openData(name)]
        case .walkEnd(let side, let place): shared.choose(side, place)
        case .export(let path, let scale): return export(to: path, scale: scale)
        case .shading(let mode): return shared.choose(shading: mode)
        case .palette(let palette): return shared.choose(palette: palette)
        case .plane(let plane): return shared.choose(plane: plane)
        case .background(let background): return shared.choose(background: background)
        case .terminal: return [.inspectTerminal]
        case .step(let step): shared.setStep(step)
        case .range(let range): shared.show(range)
        case .unmark(let letter): shared.unmark(letter)
        case .direction(let command): return shared.perform(command)
        case .apply(let name, let steps): return shared.applyDirection(name, steps: steps)
        case .forget(let name): return shared.forgetDirection(name)
        case .confirm: return shared.confirmGuess()
        case .slider(let latent): shared.chooseSlider(latent: latent)
        case .help: shared.help = HelpPlace()
        case .quit: return shared.quit()
        }
        return []
    }
}
