import ArgumentParser

/// What `render` draws.
enum RenderKind: String, CaseIterable {
    /// A plane of the latent space as a sheet of decoded pictures.
    case manifold
    /// The way from one picture to another.
    case walk
    /// Points that are named.
    case point
    /// Images, their reconstructions, and a traversal of each latent.
    case traverse
    /// The manifold at each kept checkpoint of a run.
    case evolution

    /// Whether it is a manifold, or several.
    var isManifold: Bool { self == .manifold || self == .evolution }

    /// `manifold, walk, point, traverse or evolution`
    static var list: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// `--path`: how a walk goes.
enum PathOption: String, CaseIterable, ExpressibleByArgument {
    case straight, spherical, geodesic
}

/// `--metric`: what the geodesic is the shortest path under.
enum MetricOption: String, CaseIterable, ExpressibleByArgument {
    case plain, fisher, density
}

/// `--loop`: what an animation does after its last frame.
enum WalkLoop: String, CaseIterable, ExpressibleByArgument {
    /// Begins anew, for ever.
    case `repeat`
    /// Goes back the same way, for ever.
    case pingPong = "ping-pong"
    /// Stops.
    case once
}

/// `--tiles N` or `--tiles NxM`: how many pictures stand in a row, and how many rows there are.
struct TileCount: Equatable {
    /// The most pictures of a sheet, and so the most in a row.
    static let most = 10_000

    let across: Int
    /// Nil where only one number is given.
    let down: Int?

    init(across: Int, down: Int? = nil) { (self.across, self.down) = (across, down) }

    /// - Throws: `ValidationError`
    init(text: String) throws {
        let parts = text.replacing("×", with: "x").split(separator: "x", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (1...2).contains(numbers.count), numbers.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--tiles is a number, or columns and rows as in --tiles 30x20.")
        }
        (across, down) = (numbers[0], numbers.count == 2 ? numbers[1] : nil)
        guard across <= TileCount.most, down ?? 1 <= TileCount.most, across * (down ?? 1) <= TileCount.most else {
            throw TileCount.tooMany
        }
    }

    /// For sheets in which one number stands for as many rows.
    ///
    /// - Throws: `ValidationError`
    func checkSquare() throws {
        guard across * (down ?? across) <= TileCount.most else { throw TileCount.tooMany }
    }

    private static var tooMany: ValidationError {
        ValidationError("--tiles asks for more than \(most) pictures: take fewer.")
    }
}
