import ArgumentParser

@main
struct LatentWalk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latentwalk",
        abstract: "Walk through the latent space of a variational autoencoder.",
        version: "0.1.0",
        subcommands: []
    )
}
