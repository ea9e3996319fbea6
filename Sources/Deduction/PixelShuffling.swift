import Importing

/// Channels that become pixels (Shi et al. 2016), which only the numbers of channels tell: r² times as many come out of one
/// convolution as the next one reads, or as a picture has.
enum PixelShuffling {
    /// The factors that people use.
    private static let factors = [2, 3, 4]

    /// By how much a map grows whose channels become so many; nil where no factor fits.
    static func factor(from channels: Int, to wanted: Int) -> Int? {
        factors.first { channels == $0 * $0 * wanted }
    }

    /// By how much the last map of a decoder grows, where nothing says how many channels a picture has.
    ///
    /// - Parameter isUsed: whether the decoder shuffles pixels before.
    static func last(_ channels: Int, isUsed: Bool) -> Int? {
        if channels <= 4 { return isUsed && channels == 4 ? 2 : 1 }
        return [3, 1].lazy.compactMap { factor(from: channels, to: $0) }.first
    }
}

extension Element {
    /// By how much a map grows before it, where channels become pixels there.
    var shuffle: Int? { if case .shuffle(let factor)? = first?.entrance { factor } else { nil } }
}

/// How a decoder's last map becomes a picture.
struct PictureEnd {
    /// How many channels a picture has, as options or the encoder's first convolution say; empty where nothing does.
    let channels: [Int]
    let given: Int?

    /// - Parameters:
    ///   - shape: a picture's, as an option says.
    ///   - reader: the encoder's first layer.
    ///   - labels: how many of its inputs may be a label's.
    init(_ shape: [Int]?, reader: WeightedLayer?, labels: [Int]) {
        given = shape.flatMap { $0.count == 3 ? $0[0] : nil }
        if let given {
            channels = [given]
        } else if let reader, reader.isConvolution, let inputs = reader.features?.inputs {
            channels = ([0] + labels).map { inputs - $0 }.filter { (1...4).contains($0) }
        } else {
            channels = []
        }
    }

    /// What a chain of layers may end with, the likeliest first.
    var ends: [(Flow) -> Bool] {
        func maps(_ body: @escaping (Int) -> Bool) -> (Flow) -> Bool {
            { flow in
                switch flow {
                case .vector(let count): count >= 16
                case .map(let count): body(count)
                }
            }
        }
        let known: [(Flow) -> Bool] = [
            maps { channels.contains($0) },
            maps { count in channels.contains { PixelShuffling.factor(from: count, to: $0) != nil } },
        ]
        // Pictures of two channels are rare.
        let usual: [(Flow) -> Bool] = [maps { [1, 3, 4].contains($0) }, maps { $0 == 2 }]
        let shuffled = maps { PixelShuffling.last($0, isUsed: true) != nil }
        return channels.isEmpty ? usual + [shuffled] : known + usual
    }

    /// By how much the last map grows when its channels become pixels; 1: they stay.
    func factor(_ elements: [Element]) -> Int {
        guard let last = elements.last, last.isConvolution else { return 1 }
        if channels.contains(last.outputs) { return 1 }
        if let factor = channels.lazy.compactMap({ PixelShuffling.factor(from: last.outputs, to: $0) }).first {
            return factor
        }
        guard channels.isEmpty else { return 1 }
        return PixelShuffling.last(last.outputs, isUsed: elements.contains { $0.shuffle != nil }) ?? 1
    }

    /// Whether nothing tells how many channels a picture has.
    func isOpen(_ elements: [Element]) -> Bool {
        guard channels.isEmpty, let last = elements.last, last.isConvolution else { return false }
        return last.outputs > 3
    }
}
