import Importing

extension CheckpointProblem: CustomStringConvertible {
    /// Characters of a sentence: readers quote names that files give.
    private static let longest = 1000

    public var description: String {
        if case .foreign(let problem) = self { return problem.description.printable(atMost: Self.longest) }
        return "\(finding); \(advice)".printable(atMost: Self.longest)
    }

    /// What was found.
    private var finding: String {
        switch self {
        case .empty: "the file is empty"
        case .tooShort(let bytes): "the file has only \(bytes) bytes, and a safetensors file begins with eight"
        case .otherFormat(let format): "this looks like \(format.name)"
        case .foreign(let problem): problem.reason
        case .headerTooLong(let bytes):
            "this is no safetensors file: its header would have \(bytes) bytes, more than the"
                + " \(SafetensorsHeader.Limit.headerBytes) that the format allows"
        case .unknownFormat: "this begins like no kind of model's file"
        case .headerPastEnd(let bytes, let fileSize):
            "the header should have \(bytes) bytes, but the whole file has \(fileSize)"
        case .badHeader(let error): "the header cannot be read as JSON: \(error)"
        case .headerNotObject(let kind): "the header is \(kind) where an object should be"
        case .metadataNotObject(let kind): "__metadata__ is \(kind) where an object should be"
        case .metadataNotText(let name, let kind):
            "__metadata__ has \(kind) under \(shortened(name)), where only text is allowed"
        case .tooManyTensors(let count):
            "the header lists \(count) tensors, more than \(SafetensorsHeader.Limit.tensors)"
        case .badNameLength(let bytes):
            "a tensor's name has \(bytes) bytes, and 1 to \(SafetensorsHeader.Limit.nameBytes) are allowed"
        case .controlCharacters(let name): "the name of tensor \(shortened(name)) has control characters in it"
        case .tensor(let name, let problem): "tensor \(shortened(name)) \(problem)"
        case .overlap(let first, let second): "tensors \(shortened(first)) and \(shortened(second)) share bytes"
        case .hole(let name, let bytes): "\(bytes) bytes before tensor \(shortened(name)) belong to no tensor"
        case .trailingData(let bytes): "\(bytes) bytes at the end belong to no tensor"
        case .noArchitecture: "the file has tensors, but no architecture (the key latentwalk in __metadata__)"
        case .badConfiguration(let error): "it cannot be read as JSON: \(error)"
        case .badMetadata(let key, let error): "\(key) in __metadata__ cannot be read as JSON: \(error)"
        case .badArchitecture(let problem): "its architecture cannot be used: \(problem)"
        case .badProvenance(let what): "provenance in __metadata__ is wrong: \(what)"
        case .badOrigin(let what): "origin in __metadata__ is wrong: \(what)"
        case .tensors(let error): "its tensors do not fit its architecture: \(error)"
        }
    }

    /// What to do about it.
    private var advice: String {
        switch self {
        case .empty, .tooShort, .headerPastEnd, .tensor(_, .outOfRange):
            "it was probably cut off: copy, download or save it again"
        case .otherFormat(let format): format.advice
        case .unknownFormat: "it was damaged, or is no model: download or copy it again"
        case .foreign(let problem): problem.advice ?? ""
        case .headerTooLong: "name a model that latentwalk saved"
        case .badArchitecture(.newerVersion): "update latentwalk"
        case .tooManyTensors, .badNameLength, .controlCharacters, .tensor(_, .tooManyExtents),
            .tensor(_, .countOverflows):
            "no model needs this: do not trust where the file comes from"
        case .noArchitecture, .badMetadata, .badConfiguration, .badArchitecture, .badProvenance, .badOrigin,
            .tensors, .tensor(_, .notFloat), .tensor(_, .tooLargeForFloat):
            "Documentation/checkpoint-format.md says what it must be"
        case .badHeader, .headerNotObject, .metadataNotObject, .metadataNotText, .tensor, .overlap, .hole,
            .trailingData:
            "it was damaged or written wrongly: save it again"
        }
    }
}
