import Importing

/// What a state dict turned out to be.
public enum Deduced: Sendable {
    /// A layout that is known by its names: nothing is left to try.
    case known(ImportedModel)
    /// Found by shapes; what is open can be tried on pictures.
    case deduced(Deduction)

    /// The one way in: known layouts first, then names and shapes.
    ///
    /// - Throws: ``ImportProblem``.
    public init(_ dict: StateDict, options: ImportOptions = ImportOptions(), format: String) throws(ImportProblem) {
        let (clean, remarks) = try dict.cleaned()
        if let tiny = TinyDecoder(clean, options) {
            self = .known(try tiny.imported(format, remarks))
        } else if let autoencoder = DiffusionAutoencoder(clean, options) {
            self = .known(try autoencoder.imported(format, remarks))
        } else {
            try RecordedLayers.check(clean)
            if let layout = NamedLayout.known(in: clean),
                let deduction = try? Deduction(
                    layout.told(clean, options), layout, remarks: remarks, options: options, format: format)
            {
                self = .deduced(deduction)
            } else {
                self = .deduced(try Deduction(clean, remarks: remarks, options: options, format: format))
            }
        }
    }

    /// The most plausible model, at once.
    public func imported() throws(ImportProblem) -> ImportedModel {
        switch self {
        case .known(let model): model
        case .deduced(let deduction): try deduction.imported()
        }
    }

    /// Whether answers can be tried.
    public var canBeTried: Bool {
        switch self {
        case .known: false
        case .deduced(let deduction): deduction.canBeTried
        }
    }

    /// A better one, found on pictures; nil where nothing is open or nothing can be tried, or nobody waits for it.
    ///
    /// - Parameters:
    ///   - budget: how much is computed for it; what that leaves unasked stays a guess.
    ///   - isOver: asked between two tries: whether nobody waits for the answer any more.
    public func tried(
        on pictures: TrialPictures?, budget: TrialBudget = .whole, isOver: () -> Bool
    ) throws(ImportProblem) -> ImportedModel? {
        switch self {
        case .known: nil
        case .deduced(let deduction): try deduction.tried(on: pictures, budget: budget, isOver: isOver)
        }
    }
}
