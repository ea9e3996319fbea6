import Files

/// Why bytes are no pickle that can be read. Each case prints a clause.
enum PickleProblem: Error, Hashable, CustomStringConvertible {
    case endsEarly
    case unknownOpcode(UInt8, at: Int)
    case unknownProtocol(Int)
    /// An opcode that needs what is not in the file: an extension registry, buffers out of band.
    case unsupported(String)
    /// An opcode finds fewer values, or other ones, than it needs.
    case badStack(at: Int)
    case badMemo(at: Int)
    case badNumber(at: Int)
    case badText(at: Int)
    case tooManyValues(limit: Int)
    /// A text, a line or bytes.
    case tooLong(at: Int, limit: Int)
    /// Objects that share so much that nobody could look at all of them.
    case tooEntangled

    var description: String {
        switch self {
        case .endsEarly: "it ends before its last value"
        case .unknownOpcode(let code, let offset): "byte \(offset) is no opcode (\(code))"
        case .unknownProtocol(let number): "protocol \(number) is not known"
        case .unsupported(let what): "it uses \(what)"
        case .badStack(let offset): "the opcode at byte \(offset) does not find the values it needs"
        case .badMemo(let offset): "the opcode at byte \(offset) asks for a value that was not kept"
        case .badNumber(let offset): "the number at byte \(offset) is not one"
        case .badText(let offset): "the text at byte \(offset) is not one"
        case .tooLong(let offset, let limit): "what begins at byte \(offset) is longer than \(limit) bytes"
        case .tooEntangled: "its objects share their parts far more often than those of any model"
        case .tooManyValues(let limit): "it builds more than \(limit) values, which no model needs"
        }
    }
}
