import EventFiles
import Files
import Training

/// The curves of a run as they are written: `metrics.csv` and an event file. What cannot be written waits and is tried
/// again, so that no row is missing when there is room again.
final class MeasurementLog {
    /// Rows that wait at most; a disk that is full for longer loses the oldest.
    private static let largestQueue = 50_000

    private struct Row {
        var text: String
        var scalars: [(tag: String, value: Double)]
        var step: Int
        var wallTime: Double
    }

    private let table: AppendedFile
    private let events: EventFileWriter
    private var tableQueue: [Row] = []
    private var eventQueue: [Row] = []

    /// - Throws: ``RunError``.
    init(_ folder: RunFolder, wallTime: Double, process: Int) throws(RunError) {
        do {
            table = try AppendedFile(folder.metricsPath)
            if table.isEmpty { try table.append(Array((MetricsTable.header + "\n").utf8)) }
            events = try EventFileWriter(folder: folder.path, wallTime: wallTime, process: process)
        } catch let error as FileError {
            throw .file(error)
        } catch let EventFileError.file(error) {
            throw .file(error)
        } catch {
            throw .notWritable(folder: folder.path, reason: "\(error)")
        }
    }

    func add(_ measurement: TrainingMeasurement, wallTime: Double) {
        let means = measurement.means
        add(
            Row(
                text: MetricsTable.row(
                    step: measurement.step, epoch: measurement.epoch, seconds: measurement.seconds, training: means,
                    learningRate: measurement.learningRate, beta: measurement.beta,
                    imagesPerSecond: measurement.imagesPerSecond),
                scalars: MeasurementLog.scalars("train", means) + [
                    ("objective", means.objective), ("learning_rate", measurement.learningRate),
                    ("beta", measurement.beta), ("images_per_second", measurement.imagesPerSecond),
                ], step: measurement.step, wallTime: wallTime))
    }

    func add(_ report: EpochReport, wallTime: Double) {
        guard let validation = report.validation else { return }
        let means = LossMeans(
            reconstruction: validation.terms.reconstruction, divergences: validation.divergences,
            objective: validation.terms.negativeELBO)
        add(
            Row(
                text: MetricsTable.row(
                    step: report.step, epoch: report.epoch, seconds: report.seconds, validation: means),
                scalars: MeasurementLog.scalars("validation", means), step: report.step, wallTime: wallTime))
    }

    private static func scalars(_ part: String, _ means: LossMeans) -> [(tag: String, value: Double)] {
        [
            ("\(part)/negative_elbo", means.negativeELBO), ("\(part)/reconstruction", means.reconstruction),
            ("\(part)/kl", means.kl),
        ]
    }

    private func add(_ row: Row) {
        tableQueue.append(row)
        eventQueue.append(row)
        if tableQueue.count > MeasurementLog.largestQueue { tableQueue.removeFirst() }
        if eventQueue.count > MeasurementLog.largestQueue { eventQueue.removeFirst() }
    }

    /// Writes what waits.
    ///
    /// - Throws: ``FileError``; what could not be written goes on waiting.
    func flush() throws(FileError) {
        while let row = tableQueue.first {
            try table.append(Array((row.text + "\n").utf8))
            tableQueue.removeFirst()
        }
        while let row = eventQueue.first {
            do {
                try events.append(row.scalars, step: row.step, wallTime: row.wallTime)
            } catch .file(let error) {
                throw error
            } catch {
                // Nothing else goes wrong when writing.
            }
            eventQueue.removeFirst()
        }
    }

    /// Writes what waits and brings it to the disk.
    func synchronize() throws(FileError) {
        try flush()
        try table.synchronize()
        do {
            try events.synchronize()
        } catch .file(let error) {
            throw error
        } catch {
            // Nothing else goes wrong when writing.
        }
    }
}
