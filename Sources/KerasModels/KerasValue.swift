import Importing
import Neural

/// A value of a Keras model within the engine's graph. Keras has an image's channels last, the engine has them first.
struct KerasValue {
    /// How Keras's elements lie in the engine's value.
    enum Order: Hashable {
        /// As in Keras.
        case plain
        /// Keras's [height, width, channels] lie as [channels, height, width].
        case image
        /// Keras's vector was [height, width, channels] and lies as [channels, height, width] did.
        case flat(height: Int, width: Int, channels: Int)
    }

    let engine: GraphAssembly.Value
    /// Keras's shape, without the batch; a single number has no extents and is a vector of one in the engine.
    let shape: [Int]
    let order: Order

    init(_ engine: GraphAssembly.Value, _ shape: [Int], _ order: Order = .plain) {
        self.engine = engine
        self.shape = shape
        self.order = order
    }

    var count: Int { shape.reduce(1, *) }

    /// An axis as the engine counts it.
    ///
    /// - Parameter axis: Keras's, where the batch is 0 and negative ones count from the end.
    /// - Returns: nil for the batch, and for axes that there are not.
    func engineAxis(_ axis: Int) -> Int? {
        let place = axis < 0 ? axis + shape.count + 1 : axis
        guard (1...max(1, shape.count)).contains(place), place <= shape.count else { return nil }
        return order == .image ? [2, 3, 1][place - 1] : place
    }
}

/// Where the elements of [channels, height, width] are in [height, width, channels].
func channelsFirstPlaces(height: Int, width: Int, channels: Int) -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(height * width * channels)
    for channel in 0..<channels {
        for pixel in 0..<height * width { places.append(pixel * channels + channel) }
    }
    return places
}
