import Datasets
import VAE

/// What a picture is drawn with beside the model.
enum DataUse: Equatable {
    /// Nothing is read, even where some are named: scripts may name the same data for whatever they draw.
    case none
    /// It is better with data, and can be drawn without.
    case better
    /// What cannot be drawn without data.
    case needed(String)
}

extension RenderCommand {
    /// The data that a picture is drawn with; nil where it needs none, or where there are none.
    ///
    /// - Throws: what reading them throws; `MissingPart` where no data help, since nothing places them.
    func dataset(for kind: RenderKind, behind model: Model) throws -> Dataset? {
        let architecture = model.architecture
        let use = try use(of: kind, latents: architecture.latentSize, hasEncoder: architecture.encoder != nil)
        let request = try images.request(for: architecture)
        switch use {
        case .none: return nil
        case .better: return try Studio.dataset(images.data, behind: model, request, neededFor: nil)
        case .needed(let what):
            return try Studio.dataset(images.data, behind: model, request, neededFor: what)
        }
    }

    func use(of kind: RenderKind, latents: Int, hasEncoder: Bool = true) throws -> DataUse {
        // The exact answer is the decoder's alone.
        let placesImages = hasEncoder || answer.method == .exact
        switch kind {
        case .point: return .none
        case .traverse:
            guard !placesImages else { return .needed("a traversal") }
            guard answer.inference == nil else { throw MissingPart.encoder }
            return .none
        case .walk:
            let film = try walk.film()
            // What density counts are the encoder's codes.
            guard placesImages || !film.namesImages, hasEncoder || film.metric != .density else {
                throw MissingPart.encoder
            }
            guard !film.needsData else { return .needed("this walk") }
            return film.usesData && hasEncoder ? .better : .none
        case .manifold, .evolution:
            // Codes say how far the plane reaches, and which two of many latents it spans.
            guard hasEncoder, latents > 2 || (plane.latentRange == nil && !plane.quantiles) else { return .none }
            return .better
        }
    }
}
