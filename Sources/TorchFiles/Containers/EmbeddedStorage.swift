/// A storage that Python's own `pickle` wrote: a stream of `torch.save` as bytes within the pickle.
struct EmbeddedStorage {
    let meaning: TorchTypes.Meaning?
    /// Of the numbers, in those bytes.
    let range: Range<Int>

    init?(_ bytes: [UInt8]) {
        guard let stream = bytes.withUnsafeBytes({ try? LegacyStream($0) }),
            case .persistent(let description) = stream.graph[stream.graph.root],
            let storage = stream.graph.storage(describedBy: description), case .storage(let key) = storage.source,
            let range = stream.ranges[key]
        else { return nil }
        meaning = storage.meaning
        self.range = range
    }
}

extension PickleGraph {
    static let embeddingFunction = "torch.storage._load_from_bytes"

    /// Finds the storages within the pickle, each once.
    mutating func findEmbeddedStorages() {
        for record in records where callee(record) == Self.embeddingFunction {
            guard let place = record.arguments.first, embedded[place.place] == nil, let bytes = bytes(place) else {
                continue
            }
            embedded[place.place] = EmbeddedStorage(bytes)
        }
    }
}
