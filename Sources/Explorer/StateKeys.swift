import Cells
import Latent
import Shading

/// What keys and commands do.
extension State {
    mutating func press(_ key: Key) -> [Effect] {
        if shared.prompt != nil { return pressInPrompt(key) }
        shared.beginKey()
        if terminalPage != nil, let effects = pressInTerminalPage(key) { return effects }
        if let offset = shared.helpOffset, let effects = pressInHelp(key, offset: offset) { return effects }
        var common = CommonKeys()
        if let effects = pressInView(key) ?? common.press(key, &shared) { return effects }
        if shared.endsByAnyKey { return [.quit] }
        if case .character("1"..."9") = key { shared.note("there is no such view: \(Views.list)") }
        return []
    }

    // MARK: Help

    /// - Returns: nil where the key does what it does elsewhere.
    private mutating func pressInHelp(_ key: Key, offset: Int) -> [Effect]? {
        let pages = HelpContent(self)
        // The key that opened it closes it.
        let action =
            key == .character("?")
            ? .close : PageKey(key, from: offset, rows: pages.visibleRows, last: pages.lastOffset)
        switch action {
        case .close: shared.helpOffset = nil
        case .scroll(let line): shared.helpOffset = line
        case .pass: return nil
        case .leave:
            shared.helpOffset = nil
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
        guard let entered = shared.type(key) else { return [] }
        return entered.purpose.enter(entered.line, &self)
    }

    mutating func enterCommand(_ line: String) -> [Effect] {
        switch shared.command(typed: line) {
        case .success(let command): return perform(command)
        case .failure(let sentence): shared.fail(sentence.text)
        case nil: break
        }
        return []
    }

    /// What a command does that is not for one view alone.
    private mutating func perform(_ command: Command) -> [Effect] {
        switch command {
        case .goTo(let destination): return shared.go(to: destination)
        case .open(let path): return [.openModel(path: path)]
        case .data(let name): return [.openData(name)]
        case .walkEnd(let side, let place): shared.choose(side, place)
        case .export(let path): return export(to: path)
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
        case .help: shared.helpOffset = 0
        case .quit: return shared.quit()
        }
        return []
    }
}
