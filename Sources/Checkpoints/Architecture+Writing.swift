import JSON
import Neural
import VAE

extension Architecture {
    /// Whether a file would say the architecture as it is: read back, it must be the same, layer by layer.
    ///
    /// What comes from other frameworks may be more than the format has, and a file that says something else would show other
    /// pictures.
    ///
    /// - Throws: ``ArchitectureProblem`` naming what cannot be said.
    public func checkWritable() throws(ArchitectureProblem) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: json.compactText, limits: Checkpoint.jsonLimits)
        } catch {
            throw .inconsistent(.invalid("its text would be too long to be read back: \(error)"))
        }
        let copy = try Architecture(json: document)
        guard copy.image == image, copy.latent == latent, copy.pixelRange == pixelRange,
            copy.likelihood == likelihood, copy.secondHead == secondHead || encoder == nil,
            copy.encoderRoles == encoderRoles, copy.decoderRoles == decoderRoles
        else { throw .inconsistent(.invalid("it would be read back with other inputs or another range of pixels")) }
        for (own, read) in [(decoder, copy.decoder), (encoder ?? decoder, copy.encoder ?? copy.decoder)] {
            guard own.nodes.count == read.nodes.count, own.outputs == read.outputs else {
                throw .inconsistent(.invalid("it would be read back with other layers"))
            }
            for (node, other) in zip(own.nodes, read.nodes) where node != other {
                throw .inconsistent(.invalid("layer \(node.name) would be read back as another"))
            }
        }
    }
}
