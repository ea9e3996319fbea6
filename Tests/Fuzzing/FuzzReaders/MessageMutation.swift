/// Changes one field of a protocol buffer, however deep it lies, and keeps the lengths of what is around it true.
enum MessageMutation {
    private struct Field {
        var tag: [UInt8]
        var kind: Int
        /// Without the length, where it has one.
        var content: [UInt8]
    }

    /// - Returns: nil for what is no message.
    static func mutate(_ bytes: [UInt8], _ random: inout Randomness, depth: Int = 0) -> [UInt8]? {
        guard var fields = fields(of: bytes), !fields.isEmpty else { return nil }
        let place = random.below(fields.count)
        switch random.below(depth == 0 ? 40 : 12) {
        case 0: fields.remove(at: place)
        case 1: fields.insert(fields[place], at: random.below(fields.count))
        case 2: fields.swapAt(place, random.below(fields.count))
        default:
            if fields[place].kind == 2 {
                let inner = depth < 8 ? mutate(fields[place].content, &random, depth: depth + 1) : nil
                fields[place].content = inner ?? plainlyMutated(fields[place].content, growth: 16)
            } else if fields[place].kind == 0 {
                let odd: [UInt64] = [0, 1, 2, 3, 4, 7, 11, 64, 1 << 31, 1 << 62, .max, UInt64(bitPattern: -2)]
                fields[place].content = number(odd[random.below(odd.count)])
            } else {
                fields[place].content = fields[place].content.map { $0 ^ UInt8(random.below(256)) }
            }
        }
        return fields.flatMap { field in
            field.tag + (field.kind == 2 ? number(UInt64(field.content.count)) : []) + field.content
        }
    }

    private static func number(_ value: UInt64) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func fields(of bytes: [UInt8]) -> [Field]? {
        var (fields, place) = ([Field](), 0)
        func take(_ count: Int) -> [UInt8]? {
            guard count >= 0, count <= bytes.count - place else { return nil }
            defer { place += count }
            return Array(bytes[place..<place + count])
        }
        func takeNumber() -> [UInt8]? {
            let rest = bytes[place...]
            guard let end = rest.firstIndex(where: { $0 < 0x80 }), end - place < 10 else { return nil }
            return take(end - place + 1)
        }
        while place < bytes.count {
            guard let tag = takeNumber() else { return nil }
            let kind = Int(tag[0] & 7)
            let content: [UInt8]? =
                switch kind {
                case 0: takeNumber()
                case 1: take(8)
                case 2:
                    takeNumber().flatMap {
                        take(Int(truncatingIfNeeded: $0.reversed().reduce(0) { $0 << 7 | UInt64($1 & 0x7F) }))
                    }
                case 5: take(4)
                default: nil
                }
            guard let content, tag[0] >= 8 || tag.count > 1 else { return nil }
            fields.append(Field(tag: tag, kind: kind, content: content))
        }
        return fields
    }
}
