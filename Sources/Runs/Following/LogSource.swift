import EventFiles
import Files
import JSON

/// A row of a log: numbers by name, at a place in the run.
struct LogRow {
    var position: RunPosition
    var values: [(name: String, value: Double)]
}

/// A file that curves are read from, as it grows.
protocol LogSource: AnyObject {
    var origin: CurveCollector.Origin { get }
    /// Whether the file was replaced, cut off or removed: it has to be opened anew.
    var isStale: Bool { get }

    /// Some of the rows that are new; empty where there are none by now.
    ///
    /// - Throws: an error that prints a sentence; the next call may succeed.
    func rows() throws -> [LogRow]
}

/// The scalars of an event file.
final class EventSource: LogSource {
    let origin: CurveCollector.Origin
    private let reader: EventFileReader
    /// Put before the tags: the folder in which a log's part lies, such as `validation/`.
    private let prefix: String

    init(_ path: String, prefix: String) throws(EventFileError) {
        reader = try EventFileReader(path)
        origin = CurveCollector.Origin(form: .events, path: path)
        self.prefix = prefix
    }

    var isStale: Bool { reader.file.isStale(readTo: reader.offset) }

    func rows() throws -> [LogRow] {
        // Records without scalars are no end.
        while let scalars = try reader.scalars() {
            guard !scalars.isEmpty else { continue }
            return scalars.map { scalar in
                LogRow(
                    position: RunPosition(unit: .step, step: Double(scalar.step)),
                    values: [(prefix + scalar.tag, scalar.value)])
            }
        }
        return []
    }
}

/// The rows of a table: CSV with names in its first line, separated by commas, semicolons or tabs.
final class TableSource: LogSource {
    /// Columns that are looked at.
    private static let largestColumnCount = 1000

    let origin: CurveCollector.Origin
    private let reader: LineReader
    private var header: RowHeader?
    private var separator: Character = ","

    init(_ path: String) throws(FileError) {
        reader = try LineReader(path)
        origin = CurveCollector.Origin(form: .table, path: path)
    }

    var isStale: Bool { reader.isStale }

    func rows() throws -> [LogRow] { try reader.rows(row) }

    private func row(_ line: String) -> LogRow? {
        guard header != nil else {
            begin(line)
            return nil
        }
        return header?.row(TableSource.fields(line, separator).map { Double($0.filter { $0 != " " }) })
    }

    private func begin(_ line: String) {
        let line = line.first == "\u{FEFF}" ? String(line.dropFirst()) : line
        guard !line.allSatisfy(\.isWhitespace) else { return }
        separator = TableSource.separator(of: line)
        header = RowHeader(TableSource.names(line, separator))
    }

    private static func separator(of line: String) -> Character {
        let counts = [",", ";", "\t"].map { (separator: Character) in (separator, line.count { $0 == separator }) }
        return counts.max { $0.1 < $1.1 }?.0 ?? ","
    }

    private static func names(_ line: String, _ separator: Character) -> [String] {
        fields(line, separator).prefix(largestColumnCount).map {
            $0.drop { $0 == " " || $0 == "#" }.trimmingSuffix { $0 == " " }
        }
    }

    /// Whether a file's first line names the columns of a table by epochs, as Keras's does.
    static func hasEpochs(_ path: String) -> Bool {
        guard let line = try? LineReader(path).lines().first else { return false }
        let names = TableSource.names(line, separator(of: line))
        return names.count > 1 && names.contains { ["epoch", "epochs"].contains($0.lowercased()) }
            && names.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber || "_-/. ".contains($0) } }
    }

    /// The fields of a line; a field in quotation marks may have separators and doubled quotation marks in it.
    static func fields(_ line: String, _ separator: Character) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case separator where !isQuoted:
                fields.append(field)
                field = ""
            default: field.append(character)
            }
        }
        return fields + [field]
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> String {
        var rest = self
        while let last = rest.last, isDropped(last) { rest = rest.dropLast() }
        return String(rest)
    }
}

/// Names of columns, and which of them say where a row is.
struct RowHeader {
    private let names: [String]
    private let step: Int?
    private let epoch: Int?
    private let seconds: Int?
    private var count = 0

    init(_ names: [String]) {
        self.names = names
        func index(_ wanted: String...) -> Int? {
            let lowercased = names.map { $0.lowercased() }
            return wanted.lazy.compactMap { lowercased.firstIndex(of: $0) }.first
        }
        step = index("step", "global_step", "globalstep", "iteration", "iterations", "iter", "batch")
        epoch = index("epoch", "epochs")
        seconds = index("seconds", "time_elapsed", "elapsed", "elapsed_seconds")
    }

    /// - Parameter fields: the numbers of a line; nil where there is none. Lines that are too short or too long are
    ///   none.
    mutating func row(_ fields: [Double?]) -> LogRow? {
        guard fields.count == names.count else { return nil }
        count += 1
        func field(_ index: Int?) -> Double? { index.flatMap { fields[$0] } }
        let epoch = field(epoch)
        let (unit, place): (RunPosition.Unit, Double?) =
            step != nil ? (.step, field(step)) : self.epoch != nil ? (.epoch, epoch) : (.row, Double(count))
        guard let place, place.isFinite else { return nil }
        let values = zip(names, fields).enumerated().compactMap { index, pair -> (name: String, value: Double)? in
            guard index != step, index != self.epoch, index != seconds, let value = pair.1 else { return nil }
            return (pair.0, value)
        }
        return LogRow(
            position: RunPosition(unit: unit, step: place, epoch: epoch, seconds: field(seconds)), values: values)
    }
}

/// Objects on a line each; numbers in objects within get their names with a slash: `train/loss`.
final class JSONLinesSource: LogSource {
    let origin: CurveCollector.Origin
    private let reader: LineReader
    private var count = 0

    init(_ path: String) throws(FileError) {
        reader = try LineReader(path)
        origin = CurveCollector.Origin(form: .lines, path: path)
    }

    var isStale: Bool { reader.isStale }

    func rows() throws -> [LogRow] { try reader.rows(row) }

    private func row(_ line: String) -> LogRow? {
        let limits = JSONLimits(depth: 8, values: 10_000)
        guard let object = (try? JSONValue(parsing: line, limits: limits))?.object else { return nil }
        let numbers = JSONLinesSource.numbers(object, "")
        count += 1
        var header = RowHeader(numbers.map(\.name))
        var row = header.row(numbers.map(\.value))
        if row?.position.unit == .row { row?.position.step = Double(count) }
        return row
    }

    private static func numbers(_ object: JSONObject, _ prefix: String) -> [(name: String, value: Double)] {
        object.members.flatMap { member -> [(name: String, value: Double)] in
            if let number = member.value.number { return [(prefix + member.name, number)] }
            return member.value.object.map { numbers($0, "\(prefix)\(member.name)/") } ?? []
        }
    }
}
