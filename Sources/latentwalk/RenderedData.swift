import ArgumentParser
import Datasets
import VAE

/// What a picture is drawn with beside the model.
enum DataUse: Equatable {
    /// Nothing is read, and why.
    case none(String)
    /// It is better with data, and can be drawn without.
    case better
    /// What cannot be drawn without data.
    case needed(String)
}

extension RenderCommand {
    /// The data that a picture is drawn with; nil where it needs none, or where there are none.
    ///
    /// - Throws: `ValidationError` where options about data would do nothing, and what reading them throws.
    func dataset(for kind: RenderKind, behind model: Model) throws -> Dataset? {
        let request = try reading.request(split: split, for: model.architecture)
        switch try use(of: kind, latents: model.architecture.latentSize) {
        case .none(let reason):
            let given = (data == nil ? [] : ["--data"]) + (split == nil ? [] : ["--split"]) + reading.given
            if let option = given.first { throw ValidationError("\(option) would do nothing: \(reason).") }
            return nil
        case .better: return try Studio.dataset(data, behind: model, request, neededFor: nil)
        case .needed(let what): return try Studio.dataset(data, behind: model, request, neededFor: what)
        }
    }

    func use(of kind: RenderKind, latents: Int) throws -> DataUse {
        switch kind {
        case .point: return .none("points that --z names need no data")
        case .traverse: return .needed("a traversal")
        case .walk:
            let film = try walk.film()
            guard film.usesData else {
                return .none("a walk between points needs no data, unless it is a geodesic by density")
            }
            return film.needsData ? .needed("this walk") : .better
        case .manifold:
            // Codes say how far the plane reaches, and which two of many latents it spans.
            guard latents > 2 || (plane.latentRange == nil && !plane.quantiles) else {
                let option = plane.quantiles ? "--quantiles" : "--latent-range"
                return .none("with \(option) the manifold of so few latents needs no data")
            }
            return .better
        }
    }
}
