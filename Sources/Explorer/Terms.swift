/// What the words and numbers on the screens mean: the help's second page.
extension Term {
    static let point = Term("z", "the point in the latent space, a coordinate for each latent")
    static let step = Term("step", "how far an arrow moves the point; , and . halve and double it")
    static let nearest = Term("nearest", "the image whose code is nearest to the point, and its distance in z")
    static let looksLike = Term(
        "looks like", "the classes of the codes around the point, the nearer the more they count")
    static let fewData = Term("few data near", "the codes around are farther away than those of nine images in ten")
    static let pixelUnits = Term(
        "px-units", "distance of two images: root of the summed squares of their pixels' changes")
    static let refined = Term(
        "refined codes", "where the decoder fits an image best: three Gauss-Newton steps from its code")
    static let kl = Term("KL", "nats that the code costs: divergence of the posterior from the prior")
    static let elbo = Term(
        "−ELBO", "reconstruction + KL in nats an image: an upper bound of −log p(image); less is better")
}

extension ExploreView {
    static let terms: [Term] = [
        .point, Term("log p(z)", "the prior's log density at the point, in nats; greatest in the middle"), .looksLike,
        .fewData, .nearest, .refined,
        Term("stretch", "change of the image for a unit of z, along the direction of most change and across it"),
        .pixelUnits, Term("plane: stretch", "√det JᵀJ of the decoder's Jacobian: how much it enlarges areas"),
        Term("plane: density", "the aggregate posterior: how densely codes lie there"), .step,
        Term("decoded in", "the decoder's time for this picture"),
        Term("×2.0", "how many times the picture is enlarged; each pixel is whole cells where it is a whole number"),
    ]
}

extension ManifoldView {
    static let terms: [Term] = [
        .point, Term("×9", "how many times nearer than the whole plane one is"),
        Term("quantiles", "steps of equal probability under the prior instead of equal steps in z"),
        Term("class of a tile", "the class of most codes around its point; none where no codes are near"),
        Term("faded tiles", "no codes are near: the decoder was never asked for such a point"),
    ]
}

extension WalkView {
    static let terms: [Term] = [
        Term("t", "how far along the path, from 0 to 1"),
        Term("length", "sum of the images' changes from frame to frame; the geodesic has the least"), .pixelUnits,
        Term("sd-units", "by Fisher's information: changes in standard deviations of the pixels' distribution"),
        Term("by density", "px-units, weighted more where few codes lie, so that paths stay among the data"),
        Term("change per step", "how much each frame differs from the one before; a geodesic's is flat"),
        Term("geodesic", "the shortest path in image space under the chosen metric"),
        Term("spherical", "along an arc, keeping the distance from the origin in proportion"),
    ]
}

extension ImagesView {
    static let terms: [Term] = [
        Term("μ σ", "mean and standard deviation of the posterior, for each latent"), .elbo, .kl,
        Term("pixels", "−log p(image | z): nats that the reconstruction costs"),
        Term("−log p", "exact, by quadrature over the plane: no answer of an encoder can be better"),
        Term("nats lost", "the encoder's bound above the exact −log p: its place, and the Gaussian's shape"), .refined,
        Term("difference", "reconstruction minus image: brighter where too bright, darker where too dark"),
        Term("±6σ", "the lens shows six standard deviations on each side of the answer"), .looksLike,
    ]
}

extension TrainView {
    static let terms: [Term] = [
        .elbo, Term("reconstruction", "the part of it that the pixels cost, in nats an image"), .kl,
        Term("objective", "what is minimized: reconstruction + β KL, with the warm-up's β"),
        Term("β", "the weight of the KL term"), Term("lr", "the learning rate at this step"),
        Term("active", "latents whose KL is above 0.01 nats; the others are ignored by the decoder"),
        Term("img/s", "training images a second"),
        Term("smoothing", "a running mean of the curve; the figures are never smoothed"),
    ]
}
