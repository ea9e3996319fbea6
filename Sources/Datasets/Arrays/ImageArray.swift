import Numbers

/// An array understood as images.
struct ImageArray: Sendable {
    let array: StoredArray
    let count: Int
    let shape: ImageShape
    /// Whether the channels of a pixel stand together.
    private let isInterleaved: Bool
    /// Whether each image is a row of numbers, whose square it is taken for.
    private let isFlat: Bool

    /// Tells the layout from the shape: `[N, H, W]`, `[N, H, W, C]` or `[N, C, H, W]` with 1, 3 or 4 channels,
    /// and `[N, side²]`.
    ///
    /// - Throws: ``DatasetError/array(path:_:)``
    init(_ array: StoredArray) throws(DatasetError) {
        let extents = array.shape
        func wrong(_ problem: ArrayProblem) -> DatasetError { .array(path: array.place.path, problem) }
        var (isInterleaved, isFlat) = (false, false)
        switch extents.count {
        case 2:
            let side = Int(Double(extents[1]).squareRoot().rounded())
            guard side > 1, side * side == extents[1] else { throw wrong(.imageShape(extents)) }
            shape = ImageShape(channels: 1, height: side, width: side)
            isFlat = true
        case 3: shape = ImageShape(channels: 1, height: extents[1], width: extents[2])
        case 4:
            // Four rows or columns are met where there are gray values or colors; channels are four where nothing else is.
            let usual = [1, 3].contains(extents[3]) || [1, 3].contains(extents[1])
            let channels = usual ? [1, 3] : [4]
            let (isLast, isSecond) = (channels.contains(extents[3]), channels.contains(extents[1]))
            guard isLast || isSecond else { throw wrong(.imageShape(extents)) }
            guard !(isLast && isSecond) else { throw wrong(.ambiguousChannels(extents)) }
            isInterleaved = isLast
            shape =
                isLast
                ? ImageShape(channels: extents[3], height: extents[1], width: extents[2])
                : ImageShape(channels: extents[1], height: extents[2], width: extents[3])
        default: throw wrong(.imageShape(extents))
        }
        (self.isInterleaved, self.isFlat) = (isInterleaved, isFlat)
        count = extents[0]
        self.array = array
        let sides = 1...ImageSizing.largest
        guard count > 0, sides.contains(shape.height), sides.contains(shape.width) else {
            throw wrong(.imageShape(extents))
        }
    }

    /// Reads the first images.
    ///
    /// Numbers other than bytes are read twice: first to see from where to where they go and whether bytes can hold
    /// them, then into their place; so nothing but the result takes memory.
    ///
    /// - Parameter listener: hears how the values were understood, where that is not plain.
    func read(
        limit: Int?, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset.Pixels {
        let count = min(limit ?? self.count, self.count)
        guard product(of: [shape.count, count], atMost: PictureFolder.maximumSize) != nil else {
            throw .array(path: array.place.path, .tooLarge(array.shape))
        }
        let path = array.place.path.printable
        if isFlat { listener(.noted("\(path) holds rows of \(shape.count) numbers: read as images of \(shape)")) }
        guard !array.element.isByte else { return .bytes(try readBytes(count, listener)) }
        var range = ValueRange(element: array.element)
        try array.forEachEntry(
            count,
            numbers: { (index, numbers) throws(DatasetError) in
                range.extend(by: numbers)
                guard range.isFinite else { throw .array(path: array.place.path, .notFinite(image: index)) }
            })
        guard let scale = range.scale else {
            throw .array(path: array.place.path, .range(least: range.least, most: range.most))
        }
        if let note = range.note { listener(.noted("\(path) \(note)")) }
        return range.isExactInBytes
            ? .bytes(try convert(count, listener) { UInt8((scale.unit($0) * 255).rounded()) })
            : .floats(try convert(count, listener) { Float(scale.unit($0)) })
    }

    private func readBytes(_ count: Int, _ listener: (DatasetEvent) -> Void) throws(DatasetError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * shape.count)
        try array.forEachEntry(
            count,
            { (index, entry) throws(DatasetError) in
                appendPlanes(
                    of: UnsafeBufferPointer(
                        start: entry.baseAddress?.assumingMemoryBound(to: UInt8.self), count: entry.count), to: &bytes
                ) { $0 }
                told(index, of: count, listener)
            })
        // Bytes up to 255 are gray values; where none is over 1 they are pixels that are off or on.
        if bytes.allSatisfy({ $0 <= 1 }), bytes.contains(1) {
            listener(.noted("\(array.place.path.printable) holds zeros and ones only: read as black and white"))
            for place in bytes.indices { bytes[place] *= 255 }
        }
        return bytes
    }

    private func convert<Value>(
        _ count: Int, _ listener: (DatasetEvent) -> Void, _ convert: (Double) -> Value
    ) throws(DatasetError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count * shape.count)
        try array.forEachEntry(
            count,
            numbers: { (index, numbers) throws(DatasetError) in
                appendPlanes(of: numbers, to: &values, convert)
                told(index, of: count, listener)
            })
        return values
    }

    /// Appends an image, its channels one after the other.
    private func appendPlanes<Number, Value>(
        of numbers: UnsafeBufferPointer<Number>, to values: inout [Value], _ convert: (Number) -> Value
    ) {
        guard isInterleaved, shape.channels > 1 else {
            for number in numbers { values.append(convert(number)) }
            return
        }
        for channel in 0..<shape.channels {
            for place in stride(from: channel, to: numbers.count, by: shape.channels) {
                values.append(convert(numbers[place]))
            }
        }
    }

    private func told(_ index: Int, of count: Int, _ listener: (DatasetEvent) -> Void) {
        if (index + 1).isMultiple(of: 1000) || index + 1 == count { listener(.read(index + 1, of: count)) }
    }
}

/// From where to where an array's values go, and so what they mean.
struct ValueRange {
    let element: ArrayElement
    private(set) var least = Double.infinity
    private(set) var most = -Double.infinity
    private(set) var isFinite = true
    // Whether all are multiples of 1/255, taken as 0…1 or as −1…1, or whole.
    private var isUnitGrid = true
    private var isSignedGrid = true
    private var isWhole = true

    enum Scale {
        case unit, signed, bytes

        /// A value as 0…1.
        func unit(_ value: Double) -> Double {
            switch self {
            case .unit: value
            case .signed: (value + 1) / 2
            case .bytes: value / 255
            }
        }
    }

    init(element: ArrayElement) { self.element = element }

    mutating func extend(by numbers: UnsafeBufferPointer<Double>) {
        let tolerance = 255 * element.roundingError
        for number in numbers {
            guard number.isFinite else {
                isFinite = false
                return
            }
            least = min(least, number)
            most = max(most, number)
            func isNearWhole(_ value: Double) -> Bool { abs(value - value.rounded()) <= tolerance }
            if isUnitGrid { isUnitGrid = isNearWhole(255 * number) }
            if isSignedGrid { isSignedGrid = isNearWhole(127.5 * (number + 1)) }
            if isWhole { isWhole = number == number.rounded() }
        }
    }

    /// Nil where the values are no images'.
    var scale: Scale? {
        if least >= 0, most <= 1 { return .unit }
        if least >= -1, most <= 1 { return .signed }
        if least >= 0, most <= 255 { return .bytes }
        return nil
    }

    /// Whether bytes hold all values but for rounding.
    var isExactInBytes: Bool {
        switch scale {
        case .unit: isUnitGrid
        case .signed: isSignedGrid
        case .bytes: isWhole
        case nil: false
        }
    }

    /// What is worth saying about the values; continues a sentence that begins with the file's name.
    var note: String? {
        switch scale {
        case .signed: "holds values from \(least) to \(most): −1 is read as black, 1 as white"
        case .bytes where element.type.kind == .float: "holds values from \(least) to \(most): 255 is read as white"
        default: nil
        }
    }
}
