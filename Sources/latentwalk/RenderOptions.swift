import ArgumentParser

/// Options of `render` that not every kind takes.
struct PlaneOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The plane's extent on both axes. (default: the middle 99 % of the encoded data; without data -3,3)",
            valueName: "lo,hi"),
        transform: LatentRange.init(text:))
    var latentRange: LatentRange?

    @Option(
        help: ArgumentHelp(
            """
            Pictures in a row, or columns and rows; for a traversal, images and latents. (default: 20 in a file, 10 for an \
            evolution, as many as fit in text; 10 for a traversal)
            """, valueName: "n or nxm"),
        transform: TileCount.init(text:))
    var tiles: TileCount?

    @Flag(help: "Spread the manifold's pictures evenly in the prior's probability, not in z.")
    var quantiles = false

    @Flag(
        help: """
            A row of the manifold for each class of a conditional model, along the first latent of its plane; all others \
            at 0. (default: 64 classes at most)
            """)
    var classRows = false

    func validate() throws {
        if quantiles, latentRange != nil {
            throw ValidationError("--quantiles shows all of the prior: leave --latent-range out.")
        }
    }

    /// The options that were given, and what they are for.
    var given: [(option: String, kinds: [RenderKind])] {
        [
            ("--latent-range", latentRange != nil, [.manifold, .evolution]),
            ("--tiles", tiles != nil, [.manifold, .traverse, .evolution]),
            ("--quantiles", quantiles, [.manifold, .evolution]), ("--class-rows", classRows, [.manifold, .evolution]),
        ].filter(\.1).map { ($0.0, $0.2) }
    }
}

/// Options of `render walk`.
struct WalkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where it begins: CLASS:INDEX for the INDEX-th image of a class (from 0), '#N' for image N, z:A,B for a point. \
            Of a conditional model @CLASS behind it says as which class, as in z:0,0@3; else it is the image's own.
            """, valueName: "end"),
        transform: EndOption.init(text:))
    var from: EndOption?

    @Option(help: ArgumentHelp("Where it ends.", valueName: "end"), transform: EndOption.init(text:))
    var to: EndOption?

    @Option(
        help: "straight, spherical or geodesic, the shortest one by how much the image changes. (default: straight)")
    var path: PathOption?

    @Option(
        help: """
            What a geodesic is short in: plain (distances of images), fisher (Fisher's information), or density (plain, \
            longer where there are no data). (default: density where there are data, else plain)
            """)
    var metric: MetricOption?

    @Option(parsing: .unconditional, help: "How many pictures, with both ends. (default: 24)")
    var frames: Int?

    @Option(
        help: "After the last frame of a .gif: repeat, ping-pong or once. (default: repeat)")
    var loop: WalkLoop?

    private static let mostFrames = 1000

    func validate() throws {
        if let frames, !(2...WalkOptions.mostFrames).contains(frames) {
            throw ValidationError("--frames must lie between 2 and \(WalkOptions.mostFrames).")
        }
        if metric != nil, path != .geodesic { throw ValidationError("--metric is for --path geodesic.") }
    }

    /// - Throws: `ValidationError` where an end is missing, or both are the same.
    func film() throws -> RenderedWalk {
        guard let from, let to else {
            throw ValidationError(
                "a walk has two ends: name them as in --from 3:12 --to 8:7, or --from z:-1,0 --to z:2,1")
        }
        guard from != to else { throw ValidationError("\(RenderError.sameEnds)") }
        return RenderedWalk(ends: (from, to), path: path ?? .straight, metric: metric, frames: frames ?? 24)
    }

    var given: [(option: String, kinds: [RenderKind])] {
        [
            ("--from", from != nil, [.walk]), ("--to", to != nil, [.walk]), ("--path", path != nil, [.walk]),
            ("--metric", metric != nil, [.walk]), ("--frames", frames != nil, [.walk]),
            ("--loop", loop != nil, [.walk, .evolution]),
        ].filter(\.1).map { ($0.0, $0.2) }
    }
}
