/// How a model is trained: everything that decides a run beside the network and the data.
public struct TrainingSettings: Hashable, Sendable {
    /// How often the run goes through the images.
    public var epochs: Int
    /// Images a step; the last step of an epoch may have fewer.
    public var batchSize: Int
    /// The largest learning rate of the schedule.
    public var learningRate: Double
    public var schedule: Schedule
    public var optimizer: Optimizer
    /// The largest Euclidean norm of a step's gradient, all parameters together; nil: as it comes.
    public var gradientClip: Double?
    /// The weight of the KL term in the objective, when any warm-up is over (Higgins et al. 2017).
    public var beta: Double
    public var klWarmup: KLWarmup
    /// Nats of KL that each latent, averaged over the batch, may have for nothing (Kingma et al. 2016).
    public var freeBits: Double
    /// The decay a step of the weights' exponential moving average, which is validated and saved; nil: the weights as
    /// they are.
    public var averaging: Double?
    /// After how many epochs without a better validation the run ends; nil: never before its time.
    public var patience: Int?
    /// After how many epochs the encoder is no longer learned but computed from the decoder, four times an epoch and at
    /// the end of each (``LatticeEncoder``); nil: it is learned to the end.
    public var derivingEncoderAfter: Int?
    /// How many of the images, the last ones, are held back to watch how the model generalizes.
    public var validationCount: Int
    /// What all random choices come from.
    public var seed: UInt64

    public init(
        epochs: Int, batchSize: Int = 128, learningRate: Double = 1e-3, schedule: Schedule = .constant,
        optimizer: Optimizer = .adam, gradientClip: Double? = nil, beta: Double = 1, klWarmup: KLWarmup = .none,
        freeBits: Double = 0, averaging: Double? = nil, patience: Int? = nil,
        derivingEncoderAfter: Int? = nil, validationCount: Int = 5000, seed: UInt64 = 0
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.schedule = schedule
        self.optimizer = optimizer
        self.gradientClip = gradientClip
        self.beta = beta
        self.klWarmup = klWarmup
        self.freeBits = freeBits
        self.averaging = averaging
        self.patience = patience
        self.derivingEncoderAfter = derivingEncoderAfter
        self.validationCount = validationCount
        self.seed = seed
    }

    /// What a step does with its gradients.
    public var optimization: Optimization {
        Optimization(optimizer: optimizer, gradientClip: gradientClip, averaging: averaging)
    }

    /// - Throws: ``TrainingError/badSetting(_:)`` with a sentence that names the option.
    public func check() throws(TrainingError) {
        func require(_ isRight: Bool, _ sentence: String) throws(TrainingError) {
            guard isRight else { throw .badSetting(sentence) }
        }
        try require((1...1_000_000).contains(epochs), "--epochs must be 1 to 1000000")
        try require((1...8192).contains(batchSize), "--batch-size must be 1 to 8192")
        try require(learningRate > 0 && learningRate < 1, "--learning-rate must be above 0 and below 1")
        if case .cosine(let warmup) = schedule {
            try require((0..<1).contains(warmup), "--warmup must be a share of the run: from 0, and below 1")
        }
        if case .adamW(let decay) = optimizer {
            try require((0...1).contains(decay), "--weight-decay must be 0 to 1")
        }
        if let gradientClip {
            try require(gradientClip > 0 && gradientClip.isFinite, "--gradient-clip must be above 0")
        }
        try require(beta >= 0 && beta <= 1e6, "--beta must be 0 to 1000000")
        try klWarmup.check()
        try require(freeBits >= 0 && freeBits <= 1e6, "--free-bits must be 0 to 1000000 nats a latent")
        if let averaging {
            try require(averaging > 0 && averaging < 1, "--average must be above 0 and below 1, 0.999 for example")
        }
        if let patience {
            try require(patience >= 1, "--patience must be at least 1")
            try require(validationCount >= 1, "--patience needs images held back: give --validation a number above 0")
        }
        if let derivingEncoderAfter {
            try require(derivingEncoderAfter >= 1, "--derive-encoder must be at least 1 epoch")
            try require(
                averaging == nil,
                "--average does not go with --derive-encoder: a computed encoder fits the decoder's newest weights alone"
            )
            try require(
                freeBits == 0,
                "--free-bits does not go with --derive-encoder: a computed encoder is not pushed below them")
        }
        try require(validationCount >= 0, "--validation must be 0 or more")
    }
}

/// How gradients change the parameters.
public enum Optimizer: Hashable, Sendable {
    /// Kingma & Ba 2015, with β₁ 0.9, β₂ 0.999, ε 10⁻⁸.
    case adam
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019): before each step the weights of linear and
    /// convolutional layers shrink by learning rate × decay; biases and normalizations don't.
    case adamW(weightDecay: Double)

    /// `adam` or `adamw`.
    public var name: String {
        switch self {
        case .adam: "adam"
        case .adamW: "adamw"
        }
    }

    /// AdamW's decay; 0 for Adam.
    public var weightDecay: Double {
        switch self {
        case .adam: 0
        case .adamW(let decay): decay
        }
    }
}

/// What a step does with its gradients: clips them, moves the parameters, and averages those.
public struct Optimization: Hashable, Sendable {
    public var optimizer: Optimizer
    /// The largest Euclidean norm of the whole gradient.
    public var gradientClip: Double?
    /// The decay of the parameters' moving average.
    public var averaging: Double?

    public init(optimizer: Optimizer = .adam, gradientClip: Double? = nil, averaging: Double? = nil) {
        self.optimizer = optimizer
        self.gradientClip = gradientClip
        self.averaging = averaging
    }
}
