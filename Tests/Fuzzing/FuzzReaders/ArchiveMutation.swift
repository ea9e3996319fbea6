/// Changes one entry of a zip archive whose entries are stored, and writes the archive anew: lengths and checksums are true.
enum ArchiveMutation {
    private struct Entry {
        var name: [UInt8]
        var bytes: [UInt8]
    }

    /// - Returns: nil for what is no such archive.
    static func mutate(_ bytes: [UInt8], _ random: inout Randomness) -> [UInt8]? {
        guard var entries = entries(of: bytes), !entries.isEmpty else { return nil }
        let place = random.below(entries.count)
        switch random.below(20) {
        case 0: entries.remove(at: place)
        case 1: entries[place].name = plainlyMutated(entries[place].name, growth: 8)
        case 2: entries[place].bytes = entries[random.below(entries.count)].bytes
        default:
            // What is read as more than numbers matters most.
            let texts = entries.indices.filter { index in
                [".pkl", ".json", ".py"].contains { entries[index].name.suffix($0.utf8.count).elementsEqual($0.utf8) }
            }
            let chosen = texts.isEmpty || random.below(4) == 0 ? place : texts[random.below(texts.count)]
            let isJSON = entries[chosen].name.suffix(5).elementsEqual(".json".utf8)
            let document =
                isJSON && random.below(4) > 0 ? DocumentMutation.mutate(entries[chosen].bytes, &random) : nil
            entries[chosen].bytes = document ?? plainlyMutated(entries[chosen].bytes)
        }
        return archive(entries)
    }

    private static func entries(of bytes: [UInt8]) -> [Entry]? {
        func little(_ count: Int, at place: Int) -> Int {
            bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var (entries, place) = ([Entry](), 0)
        while place + 30 <= bytes.count, little(4, at: place) == 0x0403_4B50 {
            let (size, name, extra) = (little(4, at: place + 18), little(2, at: place + 26), little(2, at: place + 28))
            let start = place + 30 + name + extra
            guard little(2, at: place + 8) == 0, start + size <= bytes.count else { return nil }
            entries.append(
                Entry(name: Array(bytes[place + 30..<place + 30 + name]), bytes: Array(bytes[start..<start + size])))
            place = start + size
        }
        return entries
    }

    private static func archive(_ entries: [Entry]) -> [UInt8] {
        var (archive, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let place = archive.count
            let common =
                little(20, 2) + little(0, 8) + little(checksum(entry.bytes), 4) + little(entry.bytes.count, 4)
                + little(entry.bytes.count, 4) + little(entry.name.count, 2) + little(0, 2)
            archive += little(0x0403_4B50, 4) + common + entry.name + entry.bytes
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 10) + little(place, 4) + entry.name
        }
        return archive + directory + little(0x0605_4B50, 4) + little(0, 4) + little(entries.count, 2)
            + little(entries.count, 2) + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    private static func checksum(_ bytes: [UInt8]) -> Int {
        Int(~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] })
    }
}
