import Importing
import Neural
import VAE

/// Finds out the architecture of a VAE of which a file gives names and tensors.
///
/// Making one says what names and shapes leave no doubt about, and what is the most plausible answer to the rest, at once;
/// ``tried(on:until:)`` then looks for a better one on pictures.
public struct Deduction: Sendable {
    /// What the file is: `PyTorch state dict in a zip archive`.
    let format: String
    let options: ImportOptions
    /// The repository whose layout the file has by its names.
    let layout: NamedLayout?
    let blueprint: Blueprint
    private(set) var evidence: Evidence
    /// All answers about sizes, the most plausible first.
    let sizes: [Sizes]
    let remarks: [String]

    /// - Throws: ``ImportProblem`` that names the layer which cannot be understood, or says that there is no decoder.
    init(
        _ clean: StateDict, _ layout: NamedLayout? = nil, remarks: [String], options: ImportOptions, format: String
    ) throws(ImportProblem) {
        let inventory = try LayerInventory(clean)
        self.format = format
        (self.options, self.layout) = (options, layout)
        blueprint = try Blueprint(clean, inventory, imageShape: options.imageShape)
        evidence = Evidence(clean, blueprint, options, layout)
        sizes = try SizeDeduction(blueprint: blueprint, options: options).sizes()
        self.remarks = remarks + blueprint.remarks
        let check = normalizationCheck()
        if evidence.layout == nil, let answer = check.activatesMap(evidence.first(sizes[0])) {
            evidence.settle(activatesMap: answer)
        }
        if evidence.isActivationOpen, let answer = check.activation(evidence.first(sizes[0])) {
            evidence.settle(activation: answer)
        }
    }

    private func normalizationCheck(_ codes: PictureCodes? = nil) -> NormalizationCheck {
        NormalizationCheck(blueprint: blueprint, codes: codes) { [blueprint, options] hypothesis in
            Builder(blueprint: blueprint, options: options, hypothesis: hypothesis)
        }
    }

    /// The most plausible model, with what is sure of it and what is not.
    func imported() throws(ImportProblem) -> ImportedModel {
        let bounded = bounded()
        let (hypothesis, model) = try bounded.first()
        return bounded.imported(model, hypothesis, trial: nil)
    }

    /// The same, with what draws from the prior say of the output: colors without a last activation stay in 0…1 by
    /// themselves, or they need one.
    func bounded() -> Deduction {
        // Before a model is made for it.
        guard evidence.isOutputOpen, evidence.first(sizes[0]).output == nil, let (_, model) = try? first(),
            model.architecture.image.extents[0] == 3, PriorCheck(model).leavesUnitRange
        else { return self }
        var bounded = self
        bounded.evidence.settle(output: Activations.sigmoid)
        return bounded
    }

    /// The first answer that makes a model: with its encoder, or without one that does not fit.
    func first() throws(ImportProblem) -> (Hypothesis, Model) {
        let hypothesis = evidence.first(sizes[0])
        var problem: ImportProblem
        do throws(ImportProblem) {
            return (hypothesis, try Builder(blueprint: blueprint, options: options, hypothesis: hypothesis).model())
        } catch { problem = error }
        for sizes in sizes.prefix(8).dropFirst() + [sizes[0].withoutEncoder] {
            let other = evidence.first(sizes)
            let builder = Builder(blueprint: blueprint, options: options, hypothesis: other)
            if let model = try? builder.model() { return (other, model) }
        }
        throw problem
    }

    func imported(_ model: Model, _ hypothesis: Hypothesis, trial: TrialVerdict?) -> ImportedModel {
        let report = FindingsReport(deduction: self, hypothesis: hypothesis, model: model, trial: trial)
        return ImportedModel(
            model, format: format, findings: report.findings(), remarks: remarks + lostEncoder(model, hypothesis))
    }

    /// Why there is no encoder, where the file holds one that could be put in order.
    private func lostEncoder(_ model: Model, _ hypothesis: Hypothesis) -> [String] {
        guard blueprint.encoder != nil, model.architecture.encoder == nil else { return [] }
        let builder = Builder(blueprint: blueprint, options: options, hypothesis: evidence.first(sizes[0]))
        do throws(ImportProblem) {
            _ = try builder.model()
            return ["an encoder is passed over, which does not take the decoder's pictures"]
        } catch {
            return ["an encoder is passed over: \(error.reason)"]
        }
    }

    /// The same, with what normalizations remember of pictures like these.
    func settled(on pictures: TrialPictures?) -> Deduction {
        guard evidence.isMapOpen, let pictures, let start = try? first(), let codes = start.1.codes(of: pictures)
        else { return self }
        guard let answer = normalizationCheck(codes).activatesMap(start.0) else { return self }
        var settled = self
        settled.evidence.settle(activatesMap: answer)
        return settled
    }
}
