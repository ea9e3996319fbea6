import Latent

/// What the Explore view knows beside the point and the plane that all views share.
struct ExploreOwn: Sendable {
    /// The decoder's stretch over the plane where it is seen.
    var map: StretchMap?
    /// Maps of other zooms and windows, the newest first: one comes back to them.
    private(set) var pastMaps: [StretchMap] = []
    /// Counts what has come of it.
    var arrivals = 0
    /// The decoder's stretch at the point.
    var stretch = StretchHere()
    var images = NearestImages()
    var sliders = Sliders()
    /// The direction that was found or named last.
    var direction: LatentDirection?

    private static let mostPastMaps = 6

    /// Shows another map, and keeps the one before as long as there is room.
    mutating func replaceMap(by next: StretchMap) {
        if var map, map.known > 0 || map.isComplete {
            map.request = nil
            pastMaps = Array(([map] + pastMaps.filter { $0.key != map.key }).prefix(Self.mostPastMaps))
        }
        map = next
    }

    /// Other weights stretch otherwise.
    mutating func forgetStretch() {
        map = nil
        pastMaps = []
        stretch.point = nil
    }
}
