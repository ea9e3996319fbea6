import Importing

extension StateDict {
    /// The tensors as layers read them: under the names that inference works with, and with what parametrizations (of
    /// weights' norms, of spectra) are made of put together again.
    public func plain() throws(ImportProblem) -> [Entry] {
        let dict = try cleaned().dict
        var entries = dict.entries
        var known = Set(entries.map(\.name))
        guard let inventory = try? LayerInventory(dict) else { return entries }
        for layer in inventory.layers {
            for (word, tensor) in layer.tensors.sorted(by: { $0.key < $1.key }) {
                let name = layer.path.isEmpty ? word : "\(layer.path).\(word)"
                if known.insert(name).inserted { entries.append(Entry(name, tensor)) }
            }
        }
        return entries
    }
}
