import Files

/// Takes back what an event file tells of steps that are going to be made again.
public enum EventFileTruncation {
    /// Drops the records after a step, and whatever is behind the last whole record. The file is replaced in one step,
    /// or removed where nothing but its first record is left; it is not touched where there is nothing to drop.
    ///
    /// - Throws: ``EventFileError``; a file that is none of TensorBoard's is left as it is.
    public static func drop(after step: Int, in path: String) throws(EventFileError) {
        let kept = try scan(path, through: step)
        if kept.isWhole { return }
        do {
            guard kept.summaries > 0 else { return try Folder.remove(file: path) }
            let source = try GrowingFile(path)
            try AtomicFile.write(to: path) { (target: borrowing FileWriter) throws(FileError) in
                for range in kept.ranges { try target.write(source.read(range.count, at: range.lowerBound)) }
            }
        } catch {
            throw .file(error)
        }
    }

    /// What stays of a file.
    private struct Kept {
        /// Bytes of the file, neighbors joined.
        var ranges: [Range<Int>] = []
        var summaries = 0
        /// Whether that is all of it.
        var isWhole = true
    }

    private static func scan(_ path: String, through step: Int) throws(EventFileError) -> Kept {
        let reader = try EventFileReader(path)
        var kept = Kept()
        do {
            var start = 0
            while let record = try reader.next() {
                let range = start..<reader.offset
                start = reader.offset
                guard record.event.step <= step, !record.bytes.isEmpty else {
                    kept.isWhole = false
                    continue
                }
                if case .summary = record.event.what { kept.summaries += 1 }
                // Pieces of a size that memory holds.
                if let last = kept.ranges.last, last.upperBound == range.lowerBound, last.count < 1 << 20 {
                    kept.ranges[kept.ranges.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    kept.ranges.append(range)
                }
            }
        } catch .damaged {
            kept.isWhole = false
        }
        do {
            if try reader.file.size() > reader.offset { kept.isWhole = false }
        } catch {
            throw .file(error)
        }
        return kept
    }
}
