import Checkpoints
import Files
import Platform
import VAE

/// Models from along a run, so that one can look back: `checkpoints/step-00001234.safetensors`.
///
/// Of N, the first is the untrained one; the others lie at steps that grow by the same factor from the first measurement
/// to the end of the run, since a model changes most at the beginning.
struct KeptCheckpoints {
    private let folder: String
    private let count: Int
    /// Steps at which a model is to be kept, ascending.
    private let targets: [Int]
    private var steps: [Int]

    /// - Parameters:
    ///   - count: how many are kept, 2 or more.
    ///   - first: the step of the first measurement.
    ///   - last: the run's last step.
    init(folder: String, count: Int, first: Int, last: Int) {
        self.folder = folder
        self.count = count
        targets = KeptCheckpoints.targets(count: count, first: first, last: last)
        steps = KeptCheckpoints.steps(in: folder)
    }

    static func targets(count: Int, first: Int, last: Int) -> [Int] {
        guard count >= 2, last > 0 else { return [0] }
        let first = min(max(1, first), last)
        let intervals = max(1, count - 2)
        let grown = (0..<count - 1).map { index in
            let share = count == 2 ? 1 : Double(index) / Double(intervals)
            return Int((Double(first) * pow(Double(last) / Double(first), share)).rounded())
        }
        return Set([0] + grown).sorted()
    }

    /// Whether a model of this step is to be kept: a target lies between the newest one that is kept and this step.
    func isDue(at step: Int) -> Bool {
        let newest = steps.last ?? -1
        return targets.contains { $0 > newest && $0 <= step }
    }

    /// Writes a model, and removes one where there are too many, as after a run got more epochs.
    mutating func keep(_ model: Model, step: Int) throws(RunError) {
        do {
            try Folder.make(folder)
            try Checkpoint.write(model, to: path(step))
            if steps.last != step { steps.append(step) }
            while steps.count > count, let index = leastMissed {
                try Folder.remove(file: path(steps.remove(at: index)))
            }
        } catch let error as FileError {
            throw .file(error)
        } catch let error as CheckpointError {
            throw .checkpoint(error)
        } catch {
            throw .file(.cannotWrite(path: folder, reason: "\(error)"))
        }
    }

    /// The one whose neighbors are nearest to each other, as a ratio; never the first or the newest.
    private var leastMissed: Int? {
        steps.indices.dropFirst().dropLast().min { one, other in ratio(one) < ratio(other) }
    }

    private func ratio(_ index: Int) -> Double { Double(steps[index + 1]) / Double(max(1, steps[index - 1])) }

    private func path(_ step: Int) -> String { KeptCheckpoints.path(folder, step) }

    private static func path(_ folder: String, _ step: Int) -> String {
        let digits = "\(step)"
        return "\(folder)/step-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)\(NativeModel.suffix)"
    }

    /// All that a folder holds, the oldest first.
    static func all(in folder: String) -> [FollowedCheckpoint] {
        steps(in: folder).map { FollowedCheckpoint(step: $0, path: path(folder, $0)) }
    }

    private static func steps(in folder: String) -> [Int] {
        let names = (try? Folder.names(in: folder)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(NativeModel.suffix) else { return nil }
            return Int(name.dropFirst(5).dropLast(12)).flatMap {
                $0 >= 0 && path(folder, $0).hasSuffix(name) ? $0 : nil
            }
        }.sorted()
    }

    /// Removes those after a step.
    static func drop(after step: Int, in folder: String) throws(FileError) {
        for kept in steps(in: folder) where kept > step { try Folder.remove(file: path(folder, kept)) }
    }
}
