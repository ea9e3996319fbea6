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
    /// - Throws: what reading them throws.
    func dataset(for kind: RenderKind, behind model: Model) throws -> Dataset? {
        let request = try reading.request(split: split, for: model.architecture)
        switch try use(of: kind, latents: model.architecture.latentSize) {
        case .none: return nil
        case .better: return try Studio.dataset(data, behind: model, request, neededFor: nil)
        case .needed(let what): return try Studio.dataset(data, behind: model, request, neededFor: what)
        }
    }

    func use(of kind: RenderKind, latents: Int) throws -> DataUse {
        switch kind {
        case .point: return .none
        case .traverse: return .needed("a traversal")
        case .walk:
            let film = try walk.film()
            guard film.usesData else { return .none }
            return film.needsData ? .needed("this walk") : .better
        case .manifold:
            // Codes say how far the plane reaches, and which two of many latents it spans.
            guard latents > 2 || (plane.latentRange == nil && !plane.quantiles) else { return .none }
            return .better
        }
    }
}
