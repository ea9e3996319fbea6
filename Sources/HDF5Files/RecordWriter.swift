import Platform

/// The child's end of the stream: records into a pipe, through a buffer.
struct RecordWriter: ~Copyable {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        buffer += HDF5Record.preamble
    }

    mutating func begin(_ record: HDF5Record, _ path: String) {
        buffer.append(record.rawValue)
        write(text: Array(path.utf8))
    }

    mutating func write(text: [UInt8]) {
        write(UInt32(clamping: text.count))
        buffer += text
        if buffer.count > 1 << 16 { flush() }
    }

    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { buffer += $0 }
    }

    /// Writes numbers as they lie in memory.
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        flush()
        send(bytes)
    }

    mutating func flush() {
        buffer.withUnsafeBytes { send($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// A reader that is gone needs no more.
    private func send(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = Platform.write(descriptor, start + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(1) }
            done += count
        }
    }
}
