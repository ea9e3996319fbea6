import Files
internal import SwiftProtobuf

/// Writes an event file that TensorBoard reads: one for each start of a process, beside those of earlier ones.
public final class EventFileWriter {
    /// What the name of every event file has in it: TensorBoard knows them by it.
    public static let nameMark = "tfevents"

    public var path: String { file.path }
    private let file: AppendedFile

    /// Makes a new file in a folder, with its first record.
    ///
    /// - Parameters:
    ///   - wallTime: seconds since 1970; they come into the name, since TensorBoard reads a run's files in the order of
    ///     their names.
    ///   - process: the process's number, so that two do not meet.
    /// - Throws: ``EventFileError/file(_:)``.
    public init(folder: String, wallTime: Double, process: Int) throws(EventFileError) {
        let seconds = String(Int(clamping: Int64(wallTime)))
        let padded = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
        let host = FileLock.hostName.printable.replacing("/", with: "-")
        var first = EventMessage()
        first.wallTime = wallTime
        first.fileVersion = "brain.Event:2"
        do {
            file = try AppendedFile("\(folder)/events.out.\(EventFileWriter.nameMark).\(padded).\(host).\(process).0")
        } catch {
            throw .file(error)
        }
        if file.isEmpty { try append(first) }
    }

    /// Appends the numbers of a step.
    ///
    /// - Throws: ``EventFileError/file(_:)``; the file then ends with the record before.
    public func append(
        _ values: [(tag: String, value: Double)], step: Int, wallTime: Double
    ) throws(EventFileError) {
        try append(Scalars.event(values, step: step, wallTime: wallTime))
    }

    /// Brings what was written to the disk.
    public func synchronize() throws(EventFileError) {
        do { try file.synchronize() } catch { throw .file(error) }
    }

    private func append(_ event: EventMessage) throws(EventFileError) {
        // A message of our own has no required fields and no invalid text: that it cannot be written does not happen.
        let data: [UInt8] = (try? event.serializedBytes()) ?? []
        do { try file.append(RecordFraming.record(around: data)) } catch { throw .file(error) }
    }
}
