import Explorer

extension KeptCheckpoint {
    /// A checkpoint of some step, with its epoch to a tenth where that can be told.
    public init(step: Int, path: String, stepsPerEpoch: Int?) {
        let epoch = stepsPerEpoch.map { steps in
            let tenths = Int((Double(step) / Double(max(1, steps)) * 10).rounded())
            return ", epoch \(tenths / 10).\(tenths % 10)"
        }
        self.init(name: "step \(step)\(epoch ?? "")", path: path)
    }
}
