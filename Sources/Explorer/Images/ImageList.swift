/// In which order images are browsed.
enum ImageOrder: Hashable, Sendable {
    /// As the data set has them.
    case data
    /// By −ELBO, from the greatest.
    case worst
    /// By −ELBO, from the least.
    case best

    var name: String {
        switch self {
        case .data: "data order"
        case .worst: "worst first"
        case .best: "best first"
        }
    }
}

/// The images that are browsed, by their indices in the cloud, in their order.
struct ImageList: Sendable {
    struct Key: Hashable, Sendable {
        var count: Int
        var filter: UInt8?
        var order: ImageOrder
    }

    let key: Key
    let images: [Int]

    init() {
        key = Key(count: 0, filter: nil, order: .data)
        images = []
    }

    /// - Parameters:
    ///   - labels: of all images, where there are any.
    ///   - losses: −ELBO of all images; needed unless they are in the data's order.
    init(_ key: Key, labels: [UInt8]?, losses: [Float]) {
        self.key = key
        let all = 0..<key.count
        let filtered =
            key.filter.flatMap { filter in labels.map { labels in all.filter { labels[$0] == filter } } } ?? Array(all)
        func rank(_ image: Int) -> Float {
            // What is no number is worst of all.
            let loss = losses[image].isNaN ? .infinity : losses[image]
            return key.order == .worst ? -loss : loss
        }
        images =
            key.order == .data || losses.count < key.count
            ? filtered : filtered.sorted { (rank($0), $0) < (rank($1), $1) }
    }
}
