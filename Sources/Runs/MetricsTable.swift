import Files
import Training

/// `metrics.csv`: a row a measurement, and a row an epoch for the validation; what a row doesn't have is empty.
enum MetricsTable {
    static let columns = [
        "step", "epoch", "seconds", "train_negative_elbo", "train_reconstruction", "train_kl",
        "validation_negative_elbo", "validation_reconstruction", "validation_kl", "objective", "learning_rate", "beta",
        "images_per_second",
    ]

    static let header = columns.joined(separator: ",")

    /// A row's numbers, each in its column or nil; they are written so that they read back as the same doubles.
    static func row(
        step: Int, epoch: Int, seconds: Double, training: LossMeans? = nil, validation: LossMeans? = nil,
        learningRate: Double? = nil, beta: Double? = nil, imagesPerSecond: Double? = nil
    ) -> String {
        let numbers = [
            seconds, training?.negativeELBO, training?.reconstruction, training?.kl, validation?.negativeELBO,
            validation?.reconstruction, validation?.kl, training?.objective, learningRate, beta, imagesPerSecond,
        ]
        return "\(step),\(epoch)," + numbers.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",")
    }

    /// Drops the rows after a step, and what is no whole row; in one step, and not at all where there is nothing to drop.
    ///
    /// - Throws: ``RunError/foreignMetrics(path:)`` for a table with other columns, or ``RunError/file(_:)``.
    static func drop(after step: Int, in path: String) throws(RunError) {
        guard GrowingFile.identity(of: path) != nil else { return }
        let (rows, isWhole): ([String], Bool)
        do {
            (rows, isWhole) = try scan(path, through: step)
        } catch {
            throw .file(error)
        }
        // No line yet, if the process ended before the first was whole.
        guard rows.first ?? header == header else { throw .foreignMetrics(path: path) }
        guard !isWhole || rows.isEmpty else { return }
        do {
            try AtomicFile.write(to: path) { (file: borrowing FileWriter) throws(FileError) in
                for row in rows.isEmpty ? [header] : rows { try file.write(Array((row + "\n").utf8)) }
            }
        } catch {
            throw .file(error)
        }
    }

    /// - Returns: the first line, and the rows up to a step; whether that is all of the file.
    private static func scan(_ path: String, through step: Int) throws(FileError) -> (rows: [String], isWhole: Bool) {
        let reader = try LineReader(path)
        var rows: [String] = []
        var isWhole = true
        while true {
            let lines = try reader.lines()
            guard !lines.isEmpty else { break }
            for line in lines {
                if rows.isEmpty || isRow(line, through: step) { rows.append(line) } else { isWhole = false }
            }
        }
        let size = try reader.file.size()
        return (rows, isWhole && size == reader.offset)
    }

    private static func isRow(_ line: String, through step: Int) -> Bool {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == columns.count, let number = Int(fields[0]) else { return false }
        return number <= step
    }
}
