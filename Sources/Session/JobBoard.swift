import Datasets
import Explorer
import Latent

/// What a job works with.
struct Workbench {
    let engine: any LatentEngine
    let facts: ModelFacts
    /// The data whose codes are shown.
    let dataset: Dataset?
    /// Its codes, as far as they are there.
    let cloud: LatentCloud?
    /// Maps of the plane, as far as they were made.
    var atlases = AtlasShelf()
    /// The plane decoded for exact posteriors, as far as it was.
    var posteriors = PosteriorShelf()
}

/// A piece of background work that is under way, on the engine's thread.
protocol Job: AnyObject {
    /// Whether there is nothing left to do.
    var isDone: Bool { get }

    /// Works for about so long.
    ///
    /// - Returns: what has become ready and is to be shown.
    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult]
}

/// The jobs that are under way, the most urgent first.
struct JobBoard {
    private struct Entry {
        let number: Int
        let job: any Job
    }

    private var entries: [WorkSlot: Entry] = [:]

    var hasWork: Bool { !entries.isEmpty }
    /// Whether all that there is to do is in no hurry.
    var isPatient: Bool { entries.keys.allSatisfy(\.isPatient) }
    /// Whether all that there is to do waits for the encoding too.
    var isIdle: Bool { entries.keys.allSatisfy(\.isIdle) }

    /// - Parameter request: what the slot's work is from now on; nil: none.
    mutating func take(_ request: WorkRequest?, for slot: WorkSlot, latentCount: Int) {
        entries[slot] = nil
        guard let request else { return }
        let job = request.work.job(latentCount: latentCount)
        if !job.isDone { entries[slot] = Entry(number: request.number, job: job) }
    }

    /// Works at the most urgent job for about so long.
    mutating func workPiece(at bench: Workbench, _ piece: Duration) -> [WorkAnswer] {
        guard let slot = entries.keys.min(), let entry = entries[slot] else { return [] }
        let results = entry.job.advance(at: bench, piece)
        if entry.job.isDone { entries[slot] = nil }
        return results.map { WorkAnswer(number: entry.number, slot: slot, result: $0) }
    }
}

extension Work {
    fileprivate func job(latentCount: Int) -> any Job {
        switch self {
        // Points of a model that was open before are nobody's.
        case .decode(let points): DecodingJob(points.allSatisfy { $0.count == latentCount } ? points : [])
        case .images(let indices): ImagesJob(indices)
        case .stretch(let points, let plane): StretchJob(points, on: plane, latentCount: latentCount)
        case .walk(let order): WalkJob(order, latentCount: latentCount)
        case .atlas(let metric, let window, let label, let ifQuick):
            AtlasJob(metric, over: window, as: label, within: ifQuick ? AtlasJob.quick : nil)
        case .reconstruct(let subject, let method): ReconstructionJob(subject, by: method)
        case .influences: InfluenceJob(latentCount: latentCount)
        case .losses(let range, let label): LossesJob(range, as: label)
        case .posterior(let subject, let method): PosteriorJob(subject, against: method)
        }
    }
}
