import Latent

/// −ELBO of the images, as far as it is measured.
struct LossTable: Sendable {
    /// By the images' indices in the cloud, in nats, at the posterior's mean.
    private(set) var values: [Float] = []
    /// The request that brings the next ones, and the number of images that there will be then.
    private var asked: (number: Int, count: Int)?

    /// The images to be measured next; nil: nothing has to be asked for.
    func missing(of count: Int) -> Range<Int>? {
        values.count < count && asked?.count != count ? values.count..<count : nil
    }

    func isComplete(for count: Int) -> Bool { count > 0 && values.count >= count }

    func share(of count: Int) -> Double { Double(values.count) / Double(max(1, count)) }

    mutating func ask(_ number: Int, count: Int) { asked = (number, count) }

    /// Takes a part that has come; what answers an older request is let pass.
    mutating func take(_ losses: [Float], first: Int, number: Int) {
        guard number == asked?.number, first == values.count else { return }
        values += losses
    }
}
