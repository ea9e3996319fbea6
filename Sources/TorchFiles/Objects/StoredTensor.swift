import Numbers

/// Where a tensor's numbers lie, as a pickle describes it: nobody has vouched for any of it.
struct StoredTensor {
    /// Where bytes lie.
    enum Source: Hashable {
        /// Beside the pickle, under this key.
        case storage(String)
        /// A stream of its own within the pickle: the place of its bytes.
        case embedded(Int32)
        /// In the pickle, as NumPy's arrays do: the place of the bytes.
        case bytes(Int32)
    }

    let source: Source
    let type: ElementType
    var isBigEndian = false
    /// The first element, counted in elements.
    let offset: Int
    let extents: [Int]
    /// In elements.
    let strides: [Int]

    /// The number of elements; nil where it is beyond all bounds.
    var count: Int? { product(of: extents.sorted()) }

    /// The elements from the first to the last in the storage; nil where there is no such range.
    var range: Range<Int>? {
        guard extents.count == strides.count, offset >= 0, extents.allSatisfy({ $0 >= 0 }),
            strides.allSatisfy({ $0 >= 0 })
        else { return nil }
        if extents.contains(0) { return 0..<0 }
        var last = offset
        for (extent, stride) in zip(extents, strides) {
            let (span, isLong) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, isLonger) = last.addingReportingOverflow(span)
            guard !isLong, !isLonger else { return nil }
            last = sum
        }
        return last < .max ? offset..<last + 1 : nil
    }

    /// Whether its elements lie one after the other.
    var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(extents, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            (expected, _) = expected.multipliedReportingOverflow(by: extent)
        }
        return true
    }
}

/// What a value of a pickle is, seen as a tensor.
enum FoundTensor {
    case stored(StoredTensor)
    /// A tensor of a kind that is not supported, in the words that follow "is".
    case refused(String)
}
