/// Images of one size, and their labels if there are any.
///
/// The pixels are kept as bytes wherever that loses nothing, and shared by all copies and windows (``prefix(_:)``,
/// ``subscript(_:)``), so a data set is cheap to pass from thread to thread; floats are made where a batch is gathered.
/// Pixels are laid out `[count, channels, height, width]`, as the networks take them.
public struct Dataset: Sendable {
    /// Which part of a data set this is: models learn from one and are measured on the other.
    public enum Split: String, Hashable, Sendable, CaseIterable {
        case train, test
    }

    /// What the data set is called: `mnist`, or the name of its folder.
    public let name: String
    public let split: Split
    /// The name, and the split where the data have two: `mnist test`, `photos`.
    public let title: String
    /// The well-known data set that this is, recognized by its first images; nil for all others.
    public let known: KnownDataset?
    public let channels: Int
    public let height: Int
    public let width: Int
    /// The name of each class, by label; one for every label that occurs. Empty without labels.
    public let classNames: [String]

    /// What captions count the images of: the split, or what was taken from it.
    private let part: String
    let pixels: Pixels
    private let labels: [UInt16]?
    /// The images of the split that this value shows.
    let window: Range<Int>

    /// The values of all images.
    enum Pixels: Sendable {
        /// 0 black, 255 white.
        case bytes([UInt8])
        /// 0 black, 1 white: for values that lie between those of bytes.
        case floats([Float])

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .floats(let floats): floats.count
            }
        }
    }

    /// - Parameters:
    ///   - pixels: `[count, channels, height, width]`, 0 black, 255 white.
    ///   - labels: `[count]`; nil if there are none.
    ///   - classNames: the names of the classes by label; labels without a name are called by their number.
    /// - Precondition: the extents are positive, the pixels make whole images, and there is a label for each.
    public init(
        name: String, split: Split, channels: Int = 1, height: Int, width: Int, pixels: [UInt8], labels: [UInt8]? = nil,
        classNames: [String] = [], known: KnownDataset? = nil
    ) {
        self.init(
            name: name, split: split, shape: ImageShape(channels: channels, height: height, width: width),
            pixels: .bytes(pixels), labels: labels.map { $0.map(UInt16.init) }, classNames: classNames, known: known)
    }

    /// - Parameter isUndivided: whether these images are all that there are, not one of two splits.
    init(
        name: String, split: Split, isUndivided: Bool = false, shape: ImageShape, pixels: Pixels, labels: [UInt16]?,
        classNames: [String] = [], known: KnownDataset? = nil
    ) {
        (channels, height, width) = (shape.channels, shape.height, shape.width)
        precondition(channels > 0 && height > 0 && width > 0, "an image has channels, rows and columns")
        let valuesPerImage = channels * height * width
        precondition(pixels.count.isMultiple(of: valuesPerImage), "the pixels make whole images")
        precondition(labels.map { $0.count == pixels.count / valuesPerImage } ?? true, "each image has its label")
        self.name = name
        self.split = split
        part = isUndivided ? "image" : split.rawValue
        title = isUndivided ? name : "\(name) \(split.rawValue)"
        self.known = known
        self.pixels = pixels
        self.labels = labels
        let classCount = labels?.max().map { Int($0) + 1 } ?? 0
        self.classNames = (0..<classCount).map { classNames.indices.contains($0) ? classNames[$0] : String($0) }
        window = 0..<pixels.count / valuesPerImage
    }

    private init(
        _ whole: Dataset, window: Range<Int>, part: String, shape: ImageShape, pixels: Pixels, labels: [UInt16]?
    ) {
        name = whole.name
        title = whole.title
        split = whole.split
        known = whole.known
        (channels, height, width) = (shape.channels, shape.height, shape.width)
        classNames = whole.classNames
        self.pixels = pixels
        self.labels = labels
        self.window = window
        self.part = part
    }

    private init(_ whole: Dataset, window: Range<Int>, part: String) {
        self.init(
            whole, window: window, part: part, shape: whole.shape, pixels: whole.pixels, labels: whole.labels)
    }

    /// The number of images.
    public var count: Int { window.count }

    /// The numbers that make one image: `channels · height · width`.
    public var valuesPerImage: Int { channels * height * width }

    public var hasLabels: Bool { labels != nil }

    public var shape: ImageShape { ImageShape(channels: channels, height: height, width: width) }
}

// MARK: - Parts

extension Dataset {
    /// The images of `range`, which share this data set's memory.
    ///
    /// - Precondition: `range` lies in `0..<count`.
    public subscript(range: Range<Int>) -> Dataset {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range lies within the data set")
        return Dataset(
            self, window: window.lowerBound + range.lowerBound..<window.lowerBound + range.upperBound,
            part: part)
    }

    /// The same images, called `part` in captions: in a sample of a split they have other numbers than in the split.
    func counted(as part: String) -> Dataset { Dataset(self, window: window, part: part) }

    /// The images of this window with other pixels of another shape.
    ///
    /// - Parameter bytes: `[count, channels, height, width]`.
    func replacingPixels(_ bytes: [UInt8], shape: ImageShape) -> Dataset {
        Dataset(
            self, window: 0..<count, part: part, shape: shape, pixels: .bytes(bytes),
            labels: labels.map { Array($0[window]) })
    }

    /// The first `length` images, or all if there are fewer.
    public func prefix(_ length: Int) -> Dataset { self[0..<min(max(length, 0), count)] }
}

// MARK: - One image

extension Dataset {
    /// An image as `[channels, height, width]` numbers in 0…1.
    public func image(_ index: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: valuesPerImage) { buffer, count in
            copyImage(index, into: UnsafeMutableBufferPointer(rebasing: buffer[..<valuesPerImage]))
            count = valuesPerImage
        }
    }

    /// The label of an image; nil if the data set has none.
    public func label(_ index: Int) -> Int? { labels.map { Int($0[place(of: index)]) } }

    /// The name of an image's class; nil if the data set has no labels.
    public func className(_ index: Int) -> String? { label(index).map { classNames[$0] } }

    /// An image as people speak of it: `test #4213 “7”`. The number is the one within the whole split (or
    /// sample), from 0.
    public func caption(_ index: Int) -> String {
        let number = "\(part) #\(place(of: index))"
        return className(index).map { "\(number) “\($0)”" } ?? number
    }

    /// Where an image of this window lies within the whole split.
    private func place(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "the image is within the data set")
        return window.lowerBound + index
    }
}

// MARK: - Batches

extension Dataset {
    /// Writes one image as `[channels, height, width]` numbers in 0…1.
    ///
    /// - Precondition: `destination` has room for exactly one image.
    public func copyImage(_ index: Int, into destination: UnsafeMutableBufferPointer<Float>) {
        precondition(destination.count == valuesPerImage, "the destination has room for one image")
        let start = place(of: index) * valuesPerImage
        switch pixels {
        case .bytes(let bytes):
            bytes.withUnsafeBufferPointer { bytes in
                for offset in 0..<valuesPerImage {
                    // A division, as others do it: the product with 1/255 differs from it in the last bit.
                    destination.initializeElement(at: offset, to: Float(bytes[start + offset]) / 255)
                }
            }
        case .floats(let floats):
            _ = destination.initialize(fromContentsOf: floats[start..<start + valuesPerImage])
        }
    }

    /// Some images one after the other: `[range.count, channels, height, width]` numbers in 0…1.
    public func images(_ range: Range<Int>) -> [Float] {
        let size = range.count * valuesPerImage
        return [Float](unsafeUninitializedCapacity: size) { buffer, count in
            copyImages(range, into: UnsafeMutableBufferPointer(rebasing: buffer[..<size]))
            count = size
        }
    }

    /// Gathers a batch: `[indices.count, channels, height, width]` numbers in 0…1.
    ///
    /// - Precondition: `destination` has room for exactly these images.
    public func copyImages(_ indices: some Collection<Int>, into destination: UnsafeMutableBufferPointer<Float>) {
        precondition(destination.count == indices.count * valuesPerImage, "the destination has room for the batch")
        var start = 0
        for index in indices {
            copyImage(index, into: UnsafeMutableBufferPointer(rebasing: destination[start..<start + valuesPerImage]))
            start += valuesPerImage
        }
    }
}
