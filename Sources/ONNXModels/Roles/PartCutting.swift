import Importing
import Neural
import VAE

/// A network of a model with what its inputs mean, and its tensors.
struct CutPart {
    let part: Architecture.Part
    let tensors: [String: Tensor]
    let findings: [Finding]
}

extension TranslatedGraph {
    /// The part of the graph between its main input and some values.
    ///
    /// - Parameters:
    ///   - first: a point or a picture.
    ///   - name: `decoder`, `encoder`.
    func part(
        from first: GraphAssembly.Value, role: InputRole, to outputs: [GraphAssembly.Value], name: String,
        inputName: String, outputNames: [String], options: ImportOptions
    ) throws(ImportProblem) -> CutPart {
        let needed = assembly.ancestors(of: outputs, stoppingAt: [first])
        guard needed.contains(first) else {
            throw ImportProblem(.unsupported, "the \(name)'s output does not depend on \(inputName)")
        }
        var (values, roles, names) = ([first], [role], [inputName])
        var findings: [Finding] = []
        for value in needed where value != first && assembly.operation(of: value) == nil {
            let port = inputs.first { $0.value == value }?.port
            let (role, certainty) = self.role(of: value, port, beside: first, needed, options)
            values.append(value)
            roles.append(role)
            names.append(assembly.name(of: value))
            findings.append(Finding("\(name) input \(assembly.name(of: value))", GraphReading.text(role), certainty))
        }
        let (network, tensors) = try assembly.network(
            from: values, to: outputs, inputNames: names, outputNames: outputNames, prefix: "\(name).")
        return CutPart(part: Architecture.Part(network, roles: roles), tensors: tensors, findings: findings)
    }
}

extension GraphReading {
    static func text(_ role: InputRole) -> String {
        switch role {
        case .latent: "the latents"
        case .image: "the picture"
        case .label(let classes, .oneHot): "one of \(classes) classes, one-hot"
        case .label(let classes, .index): "one of \(classes) classes, by its number"
        case .condition: "a condition"
        case .noise: "noise"
        }
    }
}
