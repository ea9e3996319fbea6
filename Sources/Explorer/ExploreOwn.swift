import Latent

/// What the Explore view knows beside the point and the plane that all views share.
struct ExploreOwn: Sendable {
    /// The decoder's stretch over the plane, kept until the plane is another.
    var map: StretchMap?
    /// Counts what has come of it.
    var arrivals = 0
    /// The decoder's stretch at the point.
    var stretch = StretchHere()
    var images = NearestImages()
    var sliders = Sliders()
    /// The direction that was found or named last.
    var direction: LatentDirection?
}
