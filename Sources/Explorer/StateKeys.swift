import Cells
import Latent
import Shading

/// What keys and commands do.
extension State {
    mutating func press(_ key: Key) -> [Effect] {
        if prompt != nil { return pressInPrompt(key) }
        if message?.isError == true { message = nil }
        showsHints = false
        (answered, question) = (question, nil)
        if terminalPage != nil, let effects = pressInTerminalPage(key) { return effects }
        if let offset = helpOffset, let effects = pressInHelp(key, offset: offset) { return effects }
        if let action = KeyTable(view, in: self)[key] { return action.perform(&self) }
        if endsByAnyKey { return [.quit] }
        if case .character("1"..."9") = key { note("there is no such view: \(Views.list)") }
        return []
    }

    /// Opens the view of a digit.
    mutating func open(view digit: Int) -> [Effect] {
        guard let other = Views.of(digit: digit), other.digit != view.digit else { return [] }
        let effects = view.leave(&self)
        forgetNote()
        view = other
        return effects + other.enter(&self)
    }

    /// To Explore, at the point under the view's cursor; in Explore, back to the view that one came from.
    mutating func changeSides() -> [Effect] {
        guard view.digit == ExploreView.digit else {
            guard let point = view.pointUnderCursor(self) else { return open(view: ExploreView.digit) }
            let before = view
            let effects = open(view: ExploreView.digit) + jump(to: point)
            origin = before
            return effects
        }
        guard let origin else {
            note("Tab goes back to the view that one came from: \(Views.list)")
            return []
        }
        return open(view: origin.digit)
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
        case .close: helpOffset = nil
        case .scroll(let line): helpOffset = line
        case .pass: return nil
        case .leave:
            helpOffset = nil
            return nil
        }
        return []
    }

    // MARK: The prompt

    private mutating func pressInPrompt(_ key: Key) -> [Effect] {
        guard var prompt else { return [] }
        switch key {
        // A line that is being typed is no reason to put up with a spoiled screen.
        case .control("l"): return [.repaint]
        case .control("z"): return [.suspend]
        default: break
        }
        let outcome = prompt.apply(key)
        self.prompt = prompt
        switch outcome {
        case .edited: historyIndex = nil
        case .cancelled: closePrompt()
        case .completion:
            if prompt.purpose == .command, let completed = CommandTable.completion(of: prompt.string) {
                self.prompt?.replace(with: completed)
            }
        case .history(let direction):
            if prompt.purpose == .command { recall(direction) }
        case .entered(let line):
            closePrompt()
            return prompt.purpose.enter(line, &self)
        }
        return []
    }

    private mutating func closePrompt() {
        prompt = nil
        historyIndex = nil
    }

    private mutating func recall(_ direction: Int) {
        let index = (historyIndex ?? history.count) + direction
        guard index >= 0, index <= history.count else { return }
        historyIndex = index
        prompt?.replace(with: index < history.count ? history[index] : "")
    }

    mutating func enterDestination(_ line: String) -> [Effect] {
        guard line.contains(where: { $0 != " " }) else { return [] }
        switch Destination.parse(line, latentCount: model.latentCount) {
        case .success(let destination): return go(to: destination)
        case .failure(let sentence): fail(sentence.text)
        }
        return []
    }

    mutating func enterCommand(_ line: String) -> [Effect] {
        guard let parsed = CommandTable.parse(commandNumberingClasses(in: line), latentCount: model.latentCount) else {
            return []
        }
        history = Array((history.filter { $0 != line } + [line]).suffix(100))
        switch parsed {
        case .success(let command): return perform(command)
        case .failure(let sentence): fail(sentence.text)
        }
        return []
    }

    /// A command line with classes by their numbers, where it is one that takes classes.
    private func commandNumberingClasses(in line: String) -> String {
        guard let command = line.split(separator: " ").first, let start = line.firstIndex(where: { $0 != " " }) else {
            return line
        }
        let rest = String(line[start...].dropFirst(command.count))
        switch command {
        case "from", "to": return "\(command) \(numberingClasses(in: rest))"
        case "direction":
            // One word is the name of a direction to keep.
            let numbered = numberingClasses(in: rest).split(separator: " ")
            return numbered.count == 2 && numbered.allSatisfy { Int($0) != nil }
                ? "direction \(numbered.joined(separator: " "))" : line
        default: return line
        }
    }

    private mutating func perform(_ command: Command) -> [Effect] {
        switch command {
        case .goTo(let destination): return go(to: destination)
        case .open(let path): return [.openModel(path: path)]
        case .data(let name): return [.openData(name)]
        case .walkEnd(let side, let place): choose(side, place)
        case .export(let path): return export(to: path)
        case .shading(let mode): return choose(shading: mode)
        case .palette(let palette): return choose(palette: palette)
        case .plane(let plane): return choose(plane: plane)
        case .background(let background): return choose(background: background)
        case .terminal: return [.inspectTerminal]
        case .step(let step): setStep(step)
        case .range(let range): show(range)
        case .unmark(let letter): unmark(letter)
        case .direction(let command): return perform(command)
        case .apply(let name, let steps): return applyDirection(name, steps: steps)
        case .forget(let name): return forgetDirection(name)
        case .confirm: return confirmGuess()
        case .slider(let latent): chooseSlider(latent: latent)
        case .help: helpOffset = 0
        case .quit: return quit()
        }
        return []
    }

    // MARK: How things are drawn

    mutating func nextPlane() -> [Effect] {
        guard explore.plane != nil else {
            note("a line has the data alone behind it: 2 shows the pictures along it")
            return []
        }
        return choose(plane: PlaneBackground.allCases.next(after: preferences.plane))
    }

    private mutating func choose(plane: PlaneBackground) -> [Effect] {
        preferences.plane = plane
        note("plane: " + planeName)
        return [.remember(preferences)]
    }

    private mutating func choose(background: TerminalBackground?) -> [Effect] {
        preferences.background = background
        see(terminal: terminal)
        note("background: " + (background?.rawValue ?? "\(terminal.background?.rawValue ?? "unknown"), as found out"))
        return [.remember(preferences)]
    }

    /// Draws for a terminal of which more has become known, or something else was said.
    mutating func see(terminal: TerminalProfile) {
        self.terminal = terminal
        var profile = terminal
        profile.background = preferences.background ?? terminal.background
        guard profile != theme.profile else { return }
        theme = Theme(profile: profile, borders: borders)
    }

    var look: PictureLook {
        PictureLook(shading: preferences.shading, palette: preferences.palette, terminal: theme.profile)
    }

    var shader: Shader { look.shader }

    /// Goes round the terminal's modes. The first one comes last: where pictures fit it is what suits best anyway, and
    /// the first press should change something.
    mutating func nextShading() -> [Effect] {
        let modes = Shader.modes(for: theme.profile).map(Optional.some)
        return choose(shading: ([nil] + modes.dropFirst() + modes.prefix(1)).next(after: preferences.shading))
    }

    private mutating func choose(shading: ShadingMode?) -> [Effect] {
        let offered = Shader.modes(for: theme.profile)
        if let shading, !offered.contains(shading) {
            fail(
                "This terminal's font may not have \(shading.rawValue): there are "
                    + offered.map(\.rawValue).joined(separator: ", ") + ".")
            return []
        }
        preferences.shading = shading
        note("shading: " + (shading?.rawValue ?? "as suits terminal and size"))
        return [.remember(preferences)]
    }

    mutating func nextPalette() -> [Effect] { choose(palette: Palette.allCases.next(after: preferences.palette)) }

    private mutating func choose(palette: Palette) -> [Effect] {
        preferences.palette = palette
        note("colors: \(palette.rawValue)")
        return [.remember(preferences)]
    }
}

extension Array where Element: Equatable {
    /// The element behind another, the first one behind the last.
    func next(after element: Element) -> Element {
        let place = firstIndex(of: element).map { $0 + 1 } ?? 0
        return self[place % count]
    }
}
