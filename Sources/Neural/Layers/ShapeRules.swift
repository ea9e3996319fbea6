/// What layers ask of shapes, each with its sentence.
extension Layer {
    func expect(_ isRight: Bool, _ found: Shape, _ expected: String) throws(ArchitectureError) {
        guard isRight else { throw .wrongInput(name, found: found, expected: expected) }
    }

    func require(_ isRight: Bool, _ what: String) throws(ArchitectureError) {
        guard isRight else { throw .badLayer(name, needs: what) }
    }

    /// The extents of an image, of so many channels where that is given.
    func imageInput(
        _ shape: Shape, channels: Int? = nil
    ) throws(ArchitectureError) -> (channels: Int, height: Int, width: Int) {
        guard let image = shape.image, channels == nil || image.channels == channels else {
            throw .wrongInput(
                name, found: shape,
                expected: channels.map { counted($0, "channel", "channels") + " × height × width" }
                    ?? "channels × height × width")
        }
        return image
    }

    /// A place among a sample's extents from PyTorch's axis, which counts the batch as 0 and may count from the end.
    func axis(_ axis: Int, of shape: Shape) throws(ArchitectureError) -> Int {
        let place = place(of: axis, in: shape)
        guard axis != 0, shape.extents.indices.contains(place) else {
            throw .wrongInput(name, found: shape, expected: "a value with an axis \(axis)")
        }
        return place
    }

    /// A place from an axis that was checked.
    func place(of axis: Int, in shape: Shape) -> Int { place(of: axis, among: shape.extents.count) }

    /// The same among so many extents.
    func place(of axis: Int, among rank: Int) -> Int { axis < 0 ? axis + rank : axis - 1 }

    /// The places of some axes, each of which may be named once.
    func differentAxes(_ axes: [Int], of shape: Shape) throws(ArchitectureError) -> Set<Int> {
        var places: Set<Int> = []
        for number in axes {
            let isNew = places.insert(try axis(number, of: shape)).inserted
            try require(isNew, "different axes")
        }
        return places
    }

    /// How many windows fit along one side.
    func windows(_ size: Int, _ window: Window) throws(ArchitectureError) -> Int {
        try check(window)
        let covered = size + 2 * window.padding - window.span
        try require(
            covered >= 0, "an input of at least \(counted(window.span, "pixel", "pixels")) a side, and it has \(size)")
        let count = covered / window.stride + 1
        guard window.roundsUp, covered % window.stride != 0 else { return count }
        // A last window must begin within the image or its padding before it.
        return count * window.stride < size + window.padding ? count + 1 : count
    }

    func check(_ window: Window) throws(ArchitectureError) {
        try require(
            window.kernel >= 1 && window.stride >= 1 && window.dilation >= 1, "a kernel and a stride of at least 1")
        try require(
            window.kernel <= 1024 && window.stride <= 1024 && (0...1024).contains(window.padding)
                && window.dilation <= 1024, "a kernel, stride and padding of at most 1024")
    }
}

/// A number with its noun: "1 axis", "2 axes".
func counted(_ count: Int, _ one: String, _ several: String) -> String { "\(count) \(count == 1 ? one : several)" }

/// A window that slides along one side of an image.
struct Window {
    var kernel: Int
    var stride = 1
    var padding = 0
    var dilation = 1
    var roundsUp = false

    /// Pixels from the first tap to the last.
    var span: Int { (kernel - 1) * dilation + 1 }
}

/// A height and a width: of a kernel, a stride, a padding.
public struct Extent: Hashable, Sendable {
    public let height: Int
    public let width: Int

    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    public init(_ both: Int) { self.init(both, both) }
}
