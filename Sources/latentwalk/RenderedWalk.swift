import Datasets
import Geometry
import Latent
import VAE

/// The way from one picture to another, frame by frame.
struct RenderedWalk {
    var ends: (from: EndOption, to: EndOption)
    var path = PathOption.straight
    /// Nil for `density` where there are data, else `plain`.
    var metric: MetricOption?
    /// From 2.
    var frames = 24

    /// Whether it is better with data, or cannot be without.
    var usesData: Bool { needsData || (path == .geodesic && metric == nil) }
    var needsData: Bool { namesImages || metric == .density }
    var namesImages: Bool { ends.from.needsData || ends.to.needsData }

    /// - Throws: ``RenderError``, `GeometryError`, `InferenceOptionError`.
    func sheet(_ studio: Studio) throws -> PictureSheet {
        let (start, end) = (
            try point(ends.from, "--from", studio), try point(ends.to, "--to", studio)
        )
        guard start != end else { throw RenderError.sameEnds }
        try studio.checkRoom(forPictures: frames)
        return PictureSheet(
            pictures: try studio.pictures(of: try points(from: start, to: end, studio)), columns: frames)
    }

    private func point(_ end: EndOption, _ option: String, _ studio: Studio) throws -> LatentPoint {
        if case .point(let values) = end.place {
            guard values.count == studio.latents else {
                throw RenderError.coordinateCount(option, found: values.count, latents: studio.latents)
            }
            return LatentPoint(values, label: try label(end, option, studio) ?? studio.label(ofImage: nil))
        }
        guard let dataset = studio.dataset, let index = try dataset.index(of: end) else {
            throw RenderError.noData(option)
        }
        let point = try studio.code(ofImage: index, in: dataset)
        return point.labelled(try label(end, option, studio) ?? point.label)
    }

    /// The class that an end names; nil where it names none.
    private func label(_ end: EndOption, _ option: String, _ studio: Studio) throws -> ClassMix? {
        guard let name = end.label else { return nil }
        guard let classes = studio.model.architecture.classCount else { throw RenderError.noModelClasses(option) }
        let label = studio.dataset?.classNames.firstIndex(of: name) ?? Int(name)
        guard let label, (0..<classes).contains(label) else { throw RenderError.noModelClass(option, name, classes) }
        return ClassMix(label)
    }

    private func points(from start: LatentPoint, to end: LatentPoint, _ studio: Studio) throws -> [LatentPoint] {
        switch path {
        case .straight: return try LatentPath.straight(from: start, to: end, segments: frames - 1).points
        case .spherical: return try LatentPath.spherical(from: start, to: end, segments: frames - 1).points
        case .geodesic:
            guard start.label == end.label else { throw RenderError.geodesicBetweenClasses }
            guard studio.latents <= DecodedSpace.mostLatents else {
                throw GeometryError.tooManyLatents(studio.latents)
            }
            let metric = try latentMetric(studio)
            let space = studio.space(start.label)
            var search = try GeodesicSearch(from: start, to: end, in: space, under: metric)
            // Of large images and many latents it takes minutes, or hours.
            let line = CountingLine()
            while !search.isFinished {
                line.show("geodesic: \(Int(100 * search.progress)) %")
                search.advance(in: space)
            }
            // Even for the eye, whatever it is the shortest by.
            return try space.evenFrames(of: search.path, count: frames).points.map { $0.labelled(start.label) }
        }
    }

    private func latentMetric(_ studio: Studio) throws -> LatentMetric {
        switch metric {
        case .plain: return .plain
        case .fisher:
            guard studio.model.distribution != nil else { throw MissingPart.likelihood }
            return .fisher
        case .density, nil:
            let density = studio.cloud.flatMap { LatentDensity(codes: $0.means, dimension: studio.latents) }
            guard let density else {
                guard metric == nil else { throw RenderError.noData("--metric density") }
                return .plain
            }
            return .densityAware(density)
        }
    }
}
