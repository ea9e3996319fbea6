import CLibFuzzer
import JSON

/// Numbers by chance, the same for the same seed (SplitMix64).
struct Randomness {
    private var state: UInt64

    init(_ seed: UInt32) { state = UInt64(seed) }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(bound))
    }
}

/// Bytes, changed in one of libFuzzer's ways.
func plainlyMutated(_ bytes: [UInt8], growth: Int = 64) -> [UInt8] {
    var copy = bytes + [UInt8](repeating: 0, count: growth)
    let count = copy.withUnsafeMutableBufferPointer { LLVMFuzzerMutate($0.baseAddress, bytes.count, $0.count) }
    return Array(copy.prefix(count))
}

/// Changes a JSON document's values, and keeps it JSON.
enum DocumentMutation {
    /// - Returns: nil for what is no JSON.
    static func mutate(_ bytes: some Sequence<UInt8>, _ random: inout Randomness) -> [UInt8]? {
        guard let json = try? JSONValue(parsing: bytes, limits: JSONLimits(depth: 64, values: 100_000)) else {
            return nil
        }
        var left = random.below(count(json))
        let spare = pick(json, random.below(count(json)))
        return Array(replace(json, &left, spare, &random).compactText.utf8)
    }

    private static func count(_ json: JSONValue) -> Int {
        switch json {
        case .array(let list): list.reduce(1) { $0 + count($1) }
        case .object(let object): object.members.reduce(1) { $0 + count($1.value) }
        default: 1
        }
    }

    /// A value of the document by its number.
    private static func pick(_ json: JSONValue, _ number: Int) -> JSONValue {
        var left = number
        func search(_ json: JSONValue) -> JSONValue? {
            if left == 0 { return json }
            left -= 1
            switch json {
            case .array(let list): return list.lazy.compactMap(search).first
            case .object(let object): return object.members.lazy.compactMap { search($0.value) }.first
            default: return nil
            }
        }
        return search(json) ?? .null
    }

    private static func replace(
        _ json: JSONValue, _ left: inout Int, _ spare: JSONValue, _ random: inout Randomness
    ) -> JSONValue {
        left -= 1
        if left == -1 { return odd(json, spare, &random) }
        switch json {
        case .array(let list): return .array(list.map { replace($0, &left, spare, &random) })
        case .object(let object):
            var result = JSONObject()
            for member in object.members {
                _ = result.insert(replace(member.value, &left, spare, &random), named: member.name)
            }
            return .object(result)
        default: return json
        }
    }

    private static func odd(_ json: JSONValue, _ spare: JSONValue, _ random: inout Randomness) -> JSONValue {
        switch (random.below(4), json) {
        case (0, _): return spare
        case (1...2, .integer(let number)):
            return .integer([number &+ 1, number &- 1, number &* 2, 0, -number, 1 << 31, 3, .max][random.below(8)])
        case (1...2, .string(let text)):
            return .string(String(decoding: plainlyMutated(Array(text.utf8), growth: 8), as: UTF8.self))
        case (1, .array(let list)) where !list.isEmpty: return .array(list + [list[random.below(list.count)]])
        case (2, .array(let list)) where !list.isEmpty: return .array(list.dropLast())
        case (1...2, .object(let object)) where !object.members.isEmpty:
            var result = JSONObject()
            let dropped = random.below(object.members.count)
            for (place, member) in object.members.enumerated() where place != dropped {
                _ = result.insert(member.value, named: member.name)
            }
            return .object(result)
        default:
            let values: [JSONValue] = [
                .null, .integer(0), .integer(-1), .integer(.max), .integer(1 << 28), .number(1e300), .number(-0.5),
                .string(""), .string("same"), .string("valid"), .array([]), .object([:]), .boolean(true),
                .array([.integer(0), .integer(0)]), .array([.integer(2), .integer(2)]), .integer(2),
            ]
            return values[random.below(values.count)]
        }
    }
}

/// Changes the JSON that a safetensors file begins with, or a byte behind it, and keeps its length true.
enum HeaderMutation {
    static func mutate(_ bytes: [UInt8], _ random: inout Randomness) -> [UInt8]? {
        guard bytes.count > 8 else { return nil }
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 & 0xFFFF_FFFF | Int($1) }
        guard length <= bytes.count - 8 else { return nil }
        let (header, data) = (bytes[8..<8 + length], bytes[(8 + length)...])
        guard let json = document(header, &random) else { return nil }
        return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json + data
    }

    /// The architecture is a document within the document.
    private static func document(_ header: ArraySlice<UInt8>, _ random: inout Randomness) -> [UInt8]? {
        guard random.below(4) > 0, let json = try? JSONValue(parsing: header), let object = json.object,
            let metadata = object["__metadata__"]?.object, let text = metadata["latentwalk"]?.string
        else {
            return random.below(4) > 0 ? DocumentMutation.mutate(header, &random) : plainlyMutated(Array(header))
        }
        guard let inner = DocumentMutation.mutate(text.utf8, &random) else { return nil }
        var (changed, whole) = (JSONObject(), JSONObject())
        for member in metadata.members {
            let value = member.name == "latentwalk" ? .string(String(decoding: inner, as: UTF8.self)) : member.value
            changed.append(value, named: member.name)
        }
        for member in object.members {
            whole.append(member.name == "__metadata__" ? .object(changed) : member.value, named: member.name)
        }
        return Array(JSONValue.object(whole).compactText.utf8)
    }
}

/// Changes the document in front of a zero byte.
enum ManifestMutation {
    static func mutate(_ bytes: [UInt8], _ random: inout Randomness) -> [UInt8]? {
        let json = bytes.prefix { $0 != 0 }
        return DocumentMutation.mutate(json, &random).map { $0 + bytes[json.count...] }
    }
}
