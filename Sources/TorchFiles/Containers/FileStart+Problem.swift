import Importing

/// Lines that help.
enum Advice {
    static let again = "download or copy it again"
    static let onnx = "export it: torch.onnx.export(vae.decoder, torch.zeros(1, LATENTS), \"decoder.onnx\")"
    static let stateDict = "save the model's weights: torch.save(vae.state_dict(), \"vae.pth\")"
}

extension FileStart {
    /// Why a file that begins so is not read here.
    var problem: ImportProblem {
        switch self {
        case .empty: ImportProblem(.badFile, "it is empty", advice: Advice.again)
        case .gitPointer:
            ImportProblem(
                .badFile, "it is a Git LFS pointer, not the model itself", advice: "run git lfs pull where it lies")
        case .webPage:
            ImportProblem(.badFile, "it is a web page, not a model", advice: "download the file itself, not its page")
        case .tar:
            ImportProblem(
                .unsupported, "it is a tar archive of before PyTorch 0.1.10, which is not supported",
                advice: "load it with torch.load and save it again")
        case .other(let what, let advice): ImportProblem(.badFile, "it is \(what)", advice: advice)
        case .zip, .pickle, .unknown: ImportProblem(.badFile, "it is none of PyTorch's files", advice: Advice.stateDict)
        }
    }
}
