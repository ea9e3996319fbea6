import Platform

/// The parent's end of the stream: checks everything that the child says, and waits no longer than it may.
struct RecordReader: ~Copyable {
    /// What may go wrong with the stream itself: it stops, or says what cannot be.
    enum Failure: Error { case ended, late, nonsense, tooMuch }

    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var range = 0..<0
    private var bytesLeft: Int
    private var attributeBytesLeft = 2 * HDF5Limits.attributeBytes

    init(_ descriptor: Int32, bytes: Int, deadline: ContinuousClock.Instant) {
        self.descriptor = descriptor
        self.deadline = deadline
        bytesLeft = bytes
    }

    /// - Returns: what the child found, or the sentence that it ended with.
    mutating func tree() throws(Failure) -> Result<HDF5Tree, HDF5Problem> {
        guard try bytes(HDF5Record.preamble.count) == HDF5Record.preamble else { throw .nonsense }
        var tree = HDF5Tree()
        for _ in 0...(HDF5Limits.objects + HDF5Limits.attributes) {
            guard let record = HDF5Record(rawValue: try bytes(1)[0]) else { throw .nonsense }
            let path = try text(most: HDF5Limits.path)
            switch record {
            case .group: tree.addGroup(path, address: try number(as: UInt64.self))
            case .dataset: tree.addDataset(path, try dataset())
            case .unread: tree.unread[path] = try text(most: HDF5Limits.path)
            case .texts, .numbers:
                let name = try text(most: HDF5Limits.path)
                tree.attributes[path, default: [:]][name] = record == .texts ? try texts() : try numbers()
            case .damaged: return .failure(.damaged(try text(most: 2 * HDF5Limits.path)))
            case .tooMuch: return .failure(.tooMuch(try text(most: 2 * HDF5Limits.path)))
            case .end: return .success(tree)
            }
        }
        throw .nonsense
    }

    private mutating func dataset() throws(Failure) -> HDF5Tree.Dataset {
        let rank = Int(try number(as: UInt32.self))
        guard rank <= HDF5Limits.rank else { throw .nonsense }
        var shape: [Int] = []
        var count = 1
        for _ in 0..<rank {
            guard let extent = Int(exactly: try number(as: UInt64.self)), extent > 0 else { throw .nonsense }
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            guard !overflows, product <= bytesLeft / 4 else { throw .tooMuch }
            (count, shape) = (product, shape + [extent])
        }
        bytesLeft -= 4 * count
        return HDF5Tree.Dataset(shape: shape, values: try array(of: Float.self, count))
    }

    private mutating func texts() throws(Failure) -> HDF5Tree.Attribute {
        let count = try attributeCount(size: 4)
        var texts: [String] = []
        for _ in 0..<count { texts.append(try text(most: attributeBytesLeft)) }
        return .texts(texts)
    }

    private mutating func numbers() throws(Failure) -> HDF5Tree.Attribute {
        let count = try attributeCount(size: 8)
        var numbers: [Double] = []
        for _ in 0..<count { numbers.append(Double(bitPattern: try number(as: UInt64.self))) }
        return .numbers(numbers)
    }

    private mutating func attributeCount(size: Int) throws(Failure) -> Int {
        guard let count = Int(exactly: try number(as: UInt64.self)), count <= attributeBytesLeft / size else {
            throw .nonsense
        }
        attributeBytesLeft -= count * size
        return count
    }

    private mutating func text(most: Int) throws(Failure) -> String {
        let length = Int(try number(as: UInt32.self))
        guard length <= most else { throw .nonsense }
        if length > HDF5Limits.path { attributeBytesLeft -= length }
        return String(decoding: try bytes(length), as: UTF8.self)
    }

    private mutating func number<Value: FixedWidthInteger>(as type: Value.Type) throws(Failure) -> Value {
        try bytes(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
    }

    private mutating func bytes(_ count: Int) throws(Failure) -> [UInt8] {
        if range.count >= count {
            defer { range = range.lowerBound + count..<range.upperBound }
            return Array(buffer[range.lowerBound..<range.lowerBound + count])
        }
        return try array(of: UInt8.self, count)
    }

    /// Numbers as they lie in memory, filled in one piece.
    private mutating func array<Element: BitwiseCopyable>(of type: Element.Type, _ count: Int) throws(Failure)
        -> [Element]
    {
        var failure: Failure?
        let elements = [Element](unsafeUninitializedCapacity: count) { memory, done in
            do throws(Failure) {
                try fill(UnsafeMutableRawBufferPointer(memory))
                done = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return elements
    }

    private mutating func fill(_ memory: UnsafeMutableRawBufferPointer) throws(Failure) {
        var rest = UnsafeMutableRawBufferPointer(rebasing: memory[0..<memory.count])
        while !rest.isEmpty {
            if range.isEmpty {
                // What is large goes past the buffer.
                if rest.count >= buffer.count {
                    let count = try receive(rest)
                    rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
                    continue
                }
                range = 0..<(try receiveIntoBuffer())
            }
            let count = min(rest.count, range.count)
            buffer.withUnsafeBytes { rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range.prefix(count)])) }
            range = range.lowerBound + count..<range.upperBound
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
        }
    }

    private mutating func receiveIntoBuffer() throws(Failure) -> Int {
        var failure: Failure?
        let (descriptor, deadline) = (descriptor, deadline)
        let count = buffer.withUnsafeMutableBytes { memory -> Int in
            do throws(Failure) {
                return try RecordReader.receive(memory, from: descriptor, until: deadline)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return count
    }

    private func receive(_ memory: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        try RecordReader.receive(memory, from: descriptor, until: deadline)
    }

    private static func receive(
        _ memory: UnsafeMutableRawBufferPointer, from descriptor: Int32, until deadline: ContinuousClock.Instant
    ) throws(Failure) -> Int {
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)
            guard left > 0 else { throw .late }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, Int32(left) + 1)
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            guard ready > 0 else { throw .ended }
            let count = read(descriptor, memory.baseAddress, memory.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .ended }
            return count
        }
    }
}
