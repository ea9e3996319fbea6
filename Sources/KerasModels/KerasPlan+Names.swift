import Importing

/// What the user says that inputs and outputs are called.
extension KerasPlanner {
    /// Refuses names that nothing in the file has.
    func checkNames() throws(ImportProblem) {
        let inputs = networks.flatMap(\.network.inputs).map(\.layer)
        let outputs = networks.flatMap(\.network.outputs).map(\.layer)
        try check(options.latentName, is: "input", among: inputs)
        try check(options.labelName, is: "input", among: inputs)
        try check(options.imageName, is: "output", among: outputs)
    }

    /// Refuses names that are not what was found.
    func checkNames(_ plan: KerasDecoderPlan) throws(ImportProblem) {
        let graph = plan.graph
        if let name = options.latentName, graph.layer(of: plan.latent).name != name {
            throw ImportProblem(
                .options,
                "the latents are at \(graph.layer(of: plan.latent).name.shortened), and not at \(name.shortened)",
                advice: "leave out --latent")
        }
        try check(
            options.labelName, is: "input beside the latents", among: plan.others.map { graph.layer(of: $0).name })
    }

    private func check(_ name: String?, is kind: String, among names: [String]) throws(ImportProblem) {
        guard let name, !names.contains(name) else { return }
        let known = Set(names).sorted().prefix(12).map(\.shortened).joined(separator: ", ")
        throw ImportProblem(
            .options, "there is no \(kind) called \(name.shortened)",
            advice: known.isEmpty ? nil : "there are \(known)")
    }
}
