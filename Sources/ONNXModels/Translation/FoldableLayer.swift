import Importing
import Neural

/// A layer that may take in what follows it: a sum into its bias, a product into its weights.
struct FoldableLayer {
    /// `Linear`, `Conv2d`, `ConvTranspose2d`, `GroupNorm`.
    let kind: String
    let settings: [(name: String, value: Setting)]
    let inputs: [GraphAssembly.Value]
    let tensors: [String: Tensor]
    /// What is cut off its images' ends afterwards.
    var crop: [Int]?
}
