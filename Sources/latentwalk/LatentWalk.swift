import ArgumentParser
import Files
import HDF5Files

@main
struct LatentWalk: AsyncParsableCommand, ExampledCommand {
    static let examples = [
        Example("latentwalk", endsSoon: false), Example("latentwalk explore mnist-8d", endsSoon: false),
        Example("latentwalk train --data sample --out run", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "latentwalk",
        abstract: "Walk through the latent space of a variational autoencoder.",
        discussion: help(
            "The models that ship are mnist-2d, which opens if none is named, mnist-8d and fashion-2d."),
        version: "0.1.0",
        subcommands: [
            ExploreCommand.self, TrainCommand.self, WatchCommand.self, EvaluateCommand.self, RenderCommand.self,
            EncodeCommand.self, DecodeCommand.self, InspectCommand.self, ConvertCommand.self, DataCommand.self,
            TerminalCommand.self,
        ],
        defaultSubcommand: ExploreCommand.self
    )

    /// Runs the command that the arguments name; an error is one sentence on standard error and its exit code.
    static func main() async {
        // A process that reads an HDF5 file for another one of this program.
        HDF5Child.run(CommandLine.arguments)
        do {
            let arguments = CommandLine.arguments.dropFirst().map { HomeFolder.expanding(option: $0) }
            try MistypedCommand.check(arguments)
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as any CommandError {
            StandardError.write("latentwalk: \(error)\n")
            exit(withError: ExitCode(error.exit.rawValue))
        } catch  where exitCode(for: error).isSuccess || error is ExitCode {
            exit(withError: error)
        } catch {
            // The parser would print the usage of the whole command as well.
            StandardError.write("latentwalk: \(message(for: error))\n")
            exit(withError: exitCode(for: error))
        }
    }
}
