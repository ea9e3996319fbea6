import Files
import Platform
import Runs

/// A minute's training on the digits that ship, begun from the explorer: in a temporary folder, which is kept if the person
/// wants it.
struct SampleTraining {
    let screen: ScreenOptions
    let computing: ThreadOptions

    /// So many take about a minute on two processors.
    private static let epochs = 25
    /// Of the 5,000 digits.
    private static let heldBack = 500

    func run() throws {
        let temporary = try Folder.makeTemporary(named: "latentwalk")
        defer { Folder.removeAll(temporary) }
        let run = "\(temporary)/sample"
        var command = try TrainCommand.parse([
            "--data", "sample", "--out", run, "--epochs", "\(Self.epochs)", "--validation", "\(Self.heldBack)",
        ])
        (command.screen, command.computing) = (screen, computing)
        try command.run()
        try keep(run)
    }

    /// Asks once whether the run is to be kept, and where.
    private func keep(_ run: String) throws {
        guard Folder.exists(run), isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return }
        while true {
            try StandardOutput.write("Keep this run? A name for its folder, or Enter to forget it: ")
            guard let line = readLine(), case let name = HomeFolder.expanding(line.trimmed), !name.isEmpty else {
                return
            }
            guard !Folder.hasEntry(name) else {
                try StandardOutput.write("\(name.printable) is there already: another name.\n")
                continue
            }
            do {
                try Folder.move(run, to: name)
            } catch {
                // The run is not lost by a name that cannot be.
                try StandardOutput.write("\(error)\n")
                continue
            }
            return try StandardOutput.write(
                "kept: latentwalk explore \(name.printable), latentwalk train --resume \(name.printable)\n")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
