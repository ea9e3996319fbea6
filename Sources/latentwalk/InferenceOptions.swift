import ArgumentParser
import Inference
import Latent
import Neural
import VAE

extension InferenceMethod: ExpressibleByArgument {}

/// `--inference`: whose answer says where images lie, the same for all commands.
struct InferenceOptions: ParsableArguments {
    @Option(
        help: """
            Whose answer says where images lie: encoder, refined (three Gauss–Newton steps from the encoder's, up to \
            \(InferenceMethod.mostRefinedLatents) latents), or exact (the posterior on the plane, two latents). (default: \
            encoder)
            """)
    var inference: InferenceMethod?

    var method: InferenceMethod { inference ?? .encoder }
}

extension InferenceMethod {
    /// Before anything is read or computed: whether the model can be asked like this.
    ///
    /// - Throws: ``InferenceOptionError``
    func check(_ model: Model) throws(InferenceOptionError) {
        let latents = model.architecture.latentSize
        guard isPossible(latents: latents) else {
            throw .impossible(self == .exact ? .latents(latents) : .tooManyLatents(latents))
        }
    }

    /// - Parameter batch: how many images go through the encoder together.
    /// - Throws: ``InferenceOptionError``
    func makeInference(
        _ model: Model, batch: Int = 64, pool: WorkerPool
    ) throws(InferenceOptionError) -> ImageInference {
        do throws(InferenceError) {
            return try ImageInference(model, by: self, batch: batch, pool: pool)
        } catch {
            throw .impossible(error)
        }
    }
}

/// Why a model cannot be asked as `--inference` wants it. Prints one sentence.
enum InferenceOptionError: CommandError, Equatable {
    case impossible(InferenceError)

    var exit: SystemExit {
        switch self {
        case .impossible(.missing(let part)): part.exit
        case .impossible(.latents), .impossible(.tooManyLatents): .dataError
        }
    }

    var description: String {
        switch self {
        case .impossible(.missing(let part)): part.description
        case .impossible(let error):
            "\(error): take \(others(error)), or leave --inference out"
        }
    }

    private func others(_ error: InferenceError) -> String {
        switch error {
        case .latents(let count) where InferenceMethod.refined.isPossible(latents: count): "--inference refined"
        case .latents, .tooManyLatents, .missing: "--inference encoder"
        }
    }
}
