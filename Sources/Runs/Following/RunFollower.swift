import Checkpoints
import EventFiles
import Files
import JSON
import ModelFiles
import VAE

/// Follows a run that another process writes, ours or anyone's: curves from TensorBoard event files, CSV or JSON lines,
/// models from the newest checkpoint of any format.
///
/// Nothing is written, and nothing waits: its owner calls ``poll()`` now and then, from one thread. A look at an
/// idle run costs a few system calls; a log is read once, in pieces; what is kept does not grow with it.
public final class RunFollower {
    /// Rows that one call reads at most, about: a long log comes in several calls.
    private static let rowsAtOnce = 20_000

    public let path: String
    private var collector: CurveCollector
    private var sources: [FollowedFolder.Log: any LogSource] = [:]
    private var problems: [FollowedFolder.Log: String] = [:]
    private var models: ModelWatch
    private var log: RunLogWatch
    private var kept: [FollowedCheckpoint] = []
    private var position: RunPosition?
    private var scale = LossScale.unknown
    private var facts: RunFacts?
    private var configuration: GrowingFile.Identity?
    private var modelPixels: Int?
    private var toldProblem: String?
    private var rounds = 0

    /// - Parameters:
    ///   - path: the run's folder; a log's file alone will do, too.
    ///   - naming: which column or tag is which curve, where the usual names aren't used.
    ///   - open: reads a model of any format.
    /// - Throws: ``FileError`` where what is there cannot be read; what is not there yet may come.
    public init(
        _ path: String, naming: CurveNaming = CurveNaming(), open: @escaping ModelOpener = RunFollower.open
    ) throws(FileError) {
        do { _ = try FollowedFolder(path) } catch .notFound {}
        self.path = path
        models = ModelWatch(open)
        log = RunLogWatch("\(path)/log.jsonl")
        collector = CurveCollector(naming: naming)
    }

    /// Opens a model with what its file says alone; native files are copied, since others may write to them.
    public static func open(_ path: String) throws -> (model: Model, guessed: String?) {
        let contents = try ModelFile.contents(of: path, access: .copied)
        return (contents.model, contents.guessed)
    }

    /// The columns and tags that were seen.
    public var names: [String] { collector.names }

    /// Whether ``poll()`` left something unread that is there.
    public private(set) var hasMore = false

    /// Reads what is new.
    ///
    /// - Returns: what changed since the last call, in order; empty where nothing did.
    public func poll() -> [RunUpdate] {
        rounds += 1
        var updates: [RunUpdate] = []
        var trouble: String?
        do {
            let folder = try FollowedFolder(path)
            updates += readConfiguration()
            updates += readLogs(folder.logs)
            updates += readWhatIsOurs()
            if let model = models.look(folder.models) {
                modelPixels = model.model.architecture.image.count
                updates.append(.model(model))
            }
            trouble =
                models.problem ?? folder.logs.lazy.compactMap { self.problems[$0] }.first ?? missingNames
                ?? nothing(in: folder)
        } catch .notFound {
            hasMore = false
            trouble = "there is no \(path.printable) yet: it is waited for"
        } catch {
            hasMore = false
            trouble = error.description
        }
        if let scale = changedScale() { updates.append(.scale(scale)) }
        if trouble != toldProblem {
            toldProblem = trouble
            updates.append(.problem(trouble))
        }
        return updates
    }

    // MARK: Logs

    private func readLogs(_ logs: [FollowedFolder.Log]) -> [RunUpdate] {
        for gone in Set(sources.keys).union(problems.keys).subtracting(logs) {
            sources[gone] = nil
            problems[gone] = nil
        }
        var left = RunFollower.rowsAtOnce
        let before = position
        for log in logs where left > 0 { read(log, &left) }
        hasMore = left <= 0
        let changes = collector.take()
        guard let position, position != before else { return changes }
        return changes + [.position(position)]
    }

    private func read(_ log: FollowedFolder.Log, _ left: inout Int) {
        do {
            if sources[log]?.isStale == true { sources[log] = nil }
            let source = try sources[log] ?? FollowedFolder.open(log)
            sources[log] = source
            while left > 0 {
                let rows = try source.rows()
                guard !rows.isEmpty else { break }
                left -= rows.count
                for row in rows { add(row, from: source.origin) }
            }
            problems[log] = nil
        } catch {
            problems[log] = "\(error)"
        }
    }

    private func add(_ row: LogRow, from origin: CurveCollector.Origin) {
        for (name, value) in row.values { collector.add(name, value, step: row.position.step, from: origin) }
        guard !row.values.isEmpty else { return }
        // Of logs that tell more and less the one that tells more counts.
        if row.position.epoch != nil || position?.epoch == nil { position = row.position }
    }

    /// Names that the user gave and no log has; it takes a while until that can be said.
    private var missingNames: String? {
        guard rounds > 2, !hasMore, !collector.names.isEmpty, let name = collector.missing.first else { return nil }
        let names = collector.names.prefix(12).map(\.printable).joined(separator: ", ")
        let more = collector.names.count > 12 ? " …" : ""
        return "there is no curve named \(name.printable): there are \(names)\(more)"
    }

    /// A folder where nothing can be followed may be one where a run is about to begin, or the wrong one.
    private func nothing(in folder: FollowedFolder) -> String? {
        guard rounds > 2, facts == nil, folder.logs.isEmpty, folder.models.isEmpty else { return nil }
        return "there is nothing to follow yet: no event file, .csv, .jsonl or model"
    }

    // MARK: What the run is

    private func readConfiguration() -> [RunUpdate] {
        let path = "\(path)/config.json"
        let identity = GrowingFile.identity(of: path)
        guard identity != configuration else { return [] }
        configuration = identity
        guard let found = RunFacts(configuration: path) else { return [] }
        facts = found
        return [.facts(found)]
    }

    /// What a run of ours does, and what it keeps.
    private func readWhatIsOurs() -> [RunUpdate] {
        guard facts != nil else { return [] }
        var updates = log.look().map { [RunUpdate.phase($0)] } ?? []
        let found = KeptCheckpoints.all(in: "\(path)/checkpoints")
        if found != kept {
            kept = found
            updates.append(.kept(found))
        }
        return updates
    }

    private func changedScale() -> LossScale? {
        let isOurs = facts != nil
        let loss =
            collector.latest[.trainLoss] ?? collector.latest[.trainReconstruction]
            ?? collector.latest[.validationLoss]
        guard let loss else { return nil }
        let guess =
            isOurs
            ? LossScale.natsPerImage : LossScaleGuess.scale(loss: loss, pixels: modelPixels)
        guard guess != scale, isOurs || LossScaleGuess.mayReplace(scale, guess) else { return nil }
        scale = guess
        return guess
    }
}

extension RunFacts {
    /// What a `config.json` tells; nil where it is none of ours.
    init?(configuration path: String) {
        guard let bytes = try? GrowingFile.contents(of: path, atMost: RunDocument.largestSize),
            let object = (try? JSONValue(parsing: bytes, limits: JSONLimits(depth: 12, values: 100_000)))?.object,
            let program = object["program"]?.string, program.hasPrefix("latentwalk")
        else { return nil }
        let settings = object["settings"]?.object
        let input = object["architecture"]?.object?["input"]?.array?.compactMap(\.integer)
        self.init(
            recipe: object["recipe"]?.string?.printable, dataset: object["data"]?.object?["name"]?.string?.printable,
            epochs: settings?["epochs"]?.integer.flatMap { (1...1_000_000).contains($0) ? $0 : nil },
            stepsPerEpoch: RunFacts.stepsPerEpoch(
                images: object["data"]?.object?["images"]?.integer, heldBack: settings?["validation"]?.integer,
                batch: settings?["batch-size"]?.integer),
            pixels: input.flatMap { $0.count == 3 && $0.allSatisfy { (1...4096).contains($0) } ? $0.reduce(1, *) : nil }
        )
    }
    /// Batches of an epoch; nil where the numbers are missing, or none that a run has.
    private static func stepsPerEpoch(images: Int?, heldBack: Int?, batch: Int?) -> Int? {
        guard let images, let heldBack, let batch, batch > 0, heldBack >= 0, images > heldBack, images <= 1 << 40 else {
            return nil
        }
        return (images - heldBack - 1) / batch + 1
    }
}
