import Files
internal import SwiftProtobuf

/// Reads the scalars of an event file in turn, also while another process writes it: what isn't whole yet is left for
/// the next call.
///
/// Nothing in the file is trusted: a record's length is checked before memory is taken for it, its checks before it is
/// looked at. Records too large to be scalars are passed over unread.
public final class EventFileReader {
    /// Bytes of a record's data from which on it is passed over: pictures, graphs.
    public static let largestRecord = 16 << 20
    /// Bytes that are read at once.
    private static let chunk = 1 << 18

    public let file: GrowingFile
    /// Where the first record that was not given yet begins.
    public private(set) var offset = 0
    /// Bytes of the file from ``offset`` on.
    private var buffer: ArraySlice<UInt8> = []
    private var knowsKind = false

    /// - Throws: ``EventFileError/file(_:)``.
    public init(_ path: String) throws(EventFileError) {
        do { file = try GrowingFile(path) } catch { throw .file(error) }
    }

    /// A record as it lies in the file.
    struct Record {
        /// Empty where the record was passed over.
        let event: EventMessage
        /// The whole record with its framing; empty where it was passed over.
        let bytes: ArraySlice<UInt8>
    }

    /// Reads scalars from whole records that are there by now.
    ///
    /// - Parameter limit: how many records are read at most, so that a long file can be read in turns.
    /// - Returns: the scalars in their order; nil where no further record is whole by now.
    /// - Throws: ``EventFileError``. After ``EventFileError/damaged(path:offset:)`` a further call tries the same
    ///   record again: a network's file system may show a file's last bytes late.
    public func scalars(limit: Int = 1000) throws(EventFileError) -> [Scalar]? {
        var scalars: [Scalar] = []
        for count in 0..<limit {
            do {
                guard let record = try next() else { return count == 0 ? nil : scalars }
                scalars += Scalars.scalars(record.event)
            } catch {
                buffer = []
                // What came before the damage is good.
                if count == 0 { throw error }
                return scalars
            }
        }
        return scalars
    }

    /// The next whole record.
    func next() throws(EventFileError) -> Record? {
        guard try fill(RecordFraming.headSize) else { return nil }
        guard let length = RecordFraming.length(head: buffer) else {
            if !knowsKind { throw .notEvents(path: file.path) }
            throw damage
        }
        let framing = RecordFraming.headSize + RecordFraming.tailSize
        // The check says that this length is meant; a sum beyond this could not be a file's.
        guard length < UInt64(Int.max / 2) else { throw damage }
        let size = Int(length) + framing
        guard Int(length) <= EventFileReader.largestRecord else {
            return try passOver(size) ? Record(event: EventMessage(), bytes: []) : nil
        }
        guard try fill(size) else { return nil }
        let bytes = buffer.prefix(size)
        let data = bytes.dropFirst(RecordFraming.headSize).dropLast(RecordFraming.tailSize)
        guard RecordFraming.isIntact(data: data, tail: bytes.suffix(RecordFraming.tailSize)) else { throw damage }
        let event = try event(data)
        advance(size)
        return Record(event: event, bytes: bytes)
    }

    private var damage: EventFileError { .damaged(path: file.path, offset: offset) }

    private func event(_ data: ArraySlice<UInt8>) throws(EventFileError) -> EventMessage {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 16
        guard let event = try? EventMessage(serializedBytes: Array(data), options: options) else {
            if !knowsKind { throw .notEvents(path: file.path) }
            throw damage
        }
        if !knowsKind {
            guard event.fileVersion.hasPrefix("brain.Event:") else { throw .notEvents(path: file.path) }
            knowsKind = true
        }
        return event
    }

    /// Brings so many bytes from ``offset`` on into the buffer.
    ///
    /// - Returns: whether the file has them.
    private func fill(_ count: Int) throws(EventFileError) -> Bool {
        guard buffer.count < count else { return true }
        do {
            guard try file.size() - offset >= count else {
                // What was read of a record that isn't whole may still change: a file system may show zeros first.
                buffer = []
                return false
            }
            buffer = try file.read(max(count, EventFileReader.chunk), at: offset)[...]
        } catch {
            throw .file(error)
        }
        return buffer.count >= count
    }

    private func passOver(_ count: Int) throws(EventFileError) -> Bool {
        do {
            guard try file.size() - offset >= count else { return false }
        } catch {
            throw .file(error)
        }
        advance(count)
        return true
    }

    private func advance(_ count: Int) {
        buffer = buffer.dropFirst(count)
        offset += count
    }
}
