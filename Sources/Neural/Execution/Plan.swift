/// A network compiled to run: stages, the buffers between them, the parameters in the stages' layout.
///
/// A plan works on a batch of up to `capacity` samples. It allocates everything when it is made: running it allocates
/// nothing. It belongs to one thread at a time, and shares its work with the threads of its pool. What it computes does
/// not depend on how many there are: the work is cut by the shapes and the batch alone.
public final class Plan: ParallelWork {
    /// What a plan is for.
    public enum Purpose: Hashable, Sendable {
        case inference
        /// Gradients for the parameters, and for the network's input where it is wanted.
        case training(inputGradient: Bool)
        /// Values and their derivatives along directions of the inputs: forward-mode differentiation, exact to the
        /// rounding of float32. k directions cost about as much as k + 1 values.
        case tangents
    }

    public let network: Network
    /// The largest batch.
    public let capacity: Int
    public let parameters: ParameterStore
    let pool: WorkerPool
    let steps: [Lowering.Step]
    private let stages: [any Stage]
    private let inputs: [ValueBuffer]
    private let outputs: [ValueBuffer]
    let isTraining: Bool
    private let hasTangents: Bool
    private let tile: Int
    /// How many parts the batch is cut into for gradients; each has buffers of its own.
    private let shardCount: Int

    // What the threads are doing now; set before they are called.
    private var job = Job.clearShards
    private var count = 0
    /// In a plan for tangents the directions of each sample.
    private var directions = 0

    private enum Job {
        case load([String: Tensor])
        case prepare
        case clearShards
        case forwardTiles([any ImagewiseStage])
        case forwardRows(any ImagewiseStage, perItem: Int)
        case forwardSplit(any ImagewiseStage, round: Int)
        case forwardBatch(any BatchwiseStage, round: Int)
        case backwardShards([any ImagewiseStage])
        case backwardBatch(any BatchwiseStage, round: Int)
    }

    /// - Parameters:
    ///   - capacity: the largest batch, at least 1.
    ///   - pool: the threads that work.
    public init(_ network: Network, purpose: Purpose, capacity: Int, pool: WorkerPool) {
        MatrixProduct.useOneThread
        self.network = network
        self.capacity = max(1, capacity)
        self.pool = pool
        switch purpose {
        // Few images, which may be large, go to the threads one by one.
        case .inference, .tangents: (isTraining, tile) = (false, self.capacity <= pool.threads ? 1 : 2)
        case .training: (isTraining, tile) = (true, 2)
        }
        shardCount = isTraining ? min(8, self.capacity) : 0
        let lowering = Lowering(
            network, purpose: purpose, batch: self.capacity, tile: tile,
            workers: self.capacity == 1 ? 1 : pool.threads)
        steps = lowering.steps
        inputs = lowering.inputBuffers
        outputs = lowering.outputBuffers
        hasTangents = purpose == .tangents
        stages = steps.flatMap(\.stages)
        parameters = ParameterStore(stages.flatMap(\.parameterLayouts), shards: shardCount)
        let scratch = Scratch(workers: pool.threads)
        for stage in stages { stage.bind(parameters, scratch) }
        scratch.allocate()
    }

    /// A plan for inference with its parameters: batch normalisation folded away where that can be.
    ///
    /// - Parameter tensors: the network's, in PyTorch's layout; others are passed over.
    public convenience init(inference network: Network, tensors: [String: Tensor], capacity: Int, pool: WorkerPool) {
        self.init(network, tensors, .inference, capacity: capacity, pool: pool)
    }

    /// A plan for values and tangents with its parameters.
    ///
    /// - Parameter capacity: the largest `count · (1 + directions)` of ``forward(count:directions:)``.
    public convenience init(tangentsOf network: Network, tensors: [String: Tensor], capacity: Int, pool: WorkerPool) {
        self.init(network, tensors, .tangents, capacity: capacity, pool: pool)
    }

    private convenience init(
        _ network: Network, _ tensors: [String: Tensor], _ purpose: Purpose, capacity: Int, pool: WorkerPool
    ) {
        let folded = network.foldingBatchNormalization(tensors)
        self.init(folded.network, purpose: purpose, capacity: capacity, pool: pool)
        load(folded.tensors)
    }

    // MARK: Parameters

    /// Takes the parameters from tensors in PyTorch's layout.
    ///
    /// - Precondition: all of the network's parameters are there, with their shapes.
    public func load(_ tensors: [String: Tensor]) {
        run(.load(tensors), items: stages.count)
        job = .clearShards  // lets the tensors go
    }

    /// The parameters as tensors in PyTorch's layout.
    ///
    /// - Precondition: the plan is for training.
    public func tensors() -> [String: Tensor] { parameters.tensors() }

    /// The gradients as tensors in PyTorch's layout.
    public func gradientTensors() -> [String: Tensor] { parameters.gradientTensors() }

    /// To be called after ``parameters`` were written to: stages derive folded weights from them.
    ///
    /// - Precondition: the plan is for training.
    public func parametersDidChange() {
        precondition(isTraining)
        run(.prepare, items: stages.count)
    }

    // MARK: Values

    /// Where the batch's inputs go, sample after sample; images with their channels innermost.
    public func input(_ index: Int = 0) -> UnsafeMutablePointer<Float> { inputs[index].batch }

    /// The batch's outputs, sample after sample, in PyTorch's order.
    public func output(_ index: Int = 0) -> UnsafeMutablePointer<Float> { outputs[index].batch }

    /// Where the gradient by the outputs goes before ``backward(count:)``, which overwrites it.
    public func outputGradient(_ index: Int = 0) -> UnsafeMutablePointer<Float> {
        guard let gradient = outputs[index].batchGradient else {
            preconditionFailure("a plan for inference has no gradients")
        }
        return gradient
    }

    /// The gradient by the inputs after ``backward(count:)``, where the plan's purpose includes it.
    public func inputGradient(_ index: Int = 0) -> UnsafeMutablePointer<Float> {
        guard let gradient = inputs[index].batchGradient else {
            preconditionFailure("this plan was not made to give the gradient of its input")
        }
        return gradient
    }

    // MARK: Running

    /// Computes the outputs of the first `count` samples of the batch.
    public func forward(count: Int) {
        precondition(count <= capacity)
        self.count = count
        if pool.threads > 1 { pool.awaken() }
        for step in steps { forward(step) }
    }

    /// Computes the outputs of some samples and their derivatives along directions.
    ///
    /// Inputs and outputs lie as `[count, 1 + directions, elements]`: each sample's values, then its tangents.
    ///
    /// - Precondition: the plan is for tangents, and `count · (1 + directions)` is at most ``capacity``.
    public func forward(count: Int, directions: Int) {
        precondition(hasTangents)
        self.directions = directions
        forward(count: count * (1 + directions))
    }

    func forward(_ step: Lowering.Step) {
        switch step {
        case .imagewise(let stages): forward(stages)
        case .batchwise(let stage):
            for round in 0..<stage.forwardRounds {
                run(.forwardBatch(stage, round: round), items: stage.forwardItems(round: round, batch: count))
            }
        }
    }

    private func forward(_ stages: [any ImagewiseStage]) {
        guard !hasTangents else { return stages.forEach(forwardRows) }
        guard count == 1, pool.threads > 1, !isTraining else {
            run(.forwardTiles(stages), items: isTraining ? shardCount : (count + tile - 1) / tile)
            return
        }
        for stage in stages {
            for round in 0..<stage.splitRounds {
                run(.forwardSplit(stage, round: round), items: stage.splitItems(round: round))
            }
        }
    }

    /// A stage of a plan for tangents: rows by themselves where it is linear, else a sample's values with its tangents.
    private func forwardRows(_ stage: any ImagewiseStage) {
        let rows = stage.isLinear ? 1 : 1 + directions
        run(.forwardRows(stage, perItem: rows), items: count / rows)
    }

    /// Computes the gradients of the parameters, and of the input where wanted, from the outputs' gradient for the batch
    /// that went forward last.
    public func backward(count: Int) {
        precondition(isTraining && count <= capacity)
        self.count = count
        run(.clearShards, items: shardCount)
        for step in steps.reversed() { backward(step) }
        parameters.reduceShards()
    }

    func backward(_ step: Lowering.Step) {
        switch step {
        case .imagewise(let stages): run(.backwardShards(stages), items: shardCount)
        case .batchwise(let stage):
            for round in 0..<stage.backwardRounds {
                run(.backwardBatch(stage, round: round), items: stage.backwardItems(round: round, batch: count))
            }
        }
    }

    private func run(_ job: Job, items: Int) {
        self.job = job
        pool.run(self, items: items)
    }

    func perform(item: Int, worker: Int) {
        switch job {
        case .load(let tensors):
            parameters.load(stages[item].parameterLayouts, from: tensors) { stages[item].prepare() }
        case .prepare:
            stages[item].prepare()
        case .clearShards:
            parameters.clearGradient(shard: item)
        case .forwardTiles(let stages):
            forEachTile(item, worker) { tile in
                for stage in stages { stage.forward(tile) }
            }
        case .forwardRows(let stage, let rows):
            stage.forward(Tile(images: item * rows..<(item + 1) * rows, worker: worker, directions: directions))
        case .forwardSplit(let stage, let round):
            stage.forwardSplit(round: round, item: item, worker: worker)
        case .forwardBatch(let stage, let round):
            stage.forward(round: round, item: item, batch: count, worker: worker)
        case .backwardShards(let stages):
            for stage in stages { stage.beginShard(worker: worker) }
            forEachTile(item, worker) { tile in
                for stage in stages.reversed() { stage.backward(tile, shard: item) }
            }
            for stage in stages { stage.endShard(item, worker: worker) }
        case .backwardBatch(let stage, let round):
            stage.backward(round: round, item: item, batch: count, worker: worker)
        }
    }

    /// The tiles of an item: one in a plan for inference, those of a shard in training.
    @inline(__always)
    private func forEachTile(_ item: Int, _ worker: Int, _ body: (Tile) -> Void) {
        let images =
            isTraining
            ? count * item / shardCount..<count * (item + 1) / shardCount
            : item * tile..<min(count, (item + 1) * tile)
        var start = images.lowerBound
        while start < images.upperBound {
            let end = min(images.upperBound, start + tile)
            body(Tile(images: start..<end, worker: worker))
            start = end
        }
    }
}

extension Lowering.Step {
    fileprivate var stages: [any Stage] {
        switch self {
        case .imagewise(let stages): stages
        case .batchwise(let stage): [stage]
        }
    }
}
