import Neural
import VAE

extension EngineBenchmark {
    /// Prints each stage's share of a training step on a batch: milliseconds of processor time and GFLOP/s, forward and
    /// backward.
    func profile(batch: Int, repeats: Int) {
        let architecture = model.architecture
        guard architecture.isTrainable, let network = architecture.encoder else {
            return print("this model cannot be trained")
        }
        let encoder = Plan(
            network, purpose: .training(inputGradient: false), capacity: batch, pool: pool)
        let decoder = Plan(
            architecture.objectiveDecoder, purpose: .training(inputGradient: true), capacity: batch, pool: pool)
        for plan in [encoder, decoder] { plan.load(model.tensors) }
        images(batch).withUnsafeBufferPointer { images in
            if let base = images.baseAddress { encoder.loadImages(base, count: batch) }
        }
        decoder.input().update(from: points(batch), count: batch * architecture.latentSize)
        print("\(pool.threads) threads, batch \(batch), shortest of \(repeats); BLAS \(WorkerPool.matrixProductKernel)")
        print("                                   forward            backward")
        print("stage                           ms    GFLOP/s      ms    GFLOP/s")
        var total = 0.0
        for plan in [encoder, decoder] {
            plan.forward(count: batch)
            let outputs = batch * plan.network.outputShapes[0].count
            for index in 0..<outputs { plan.outputGradient()[index] = Float(index * 7919 % 401) / 4000 - 0.05 }
            for stage in plan.profile(count: batch, repeats: repeats, clock: processorSeconds) {
                total += stage.forward + stage.backward
                print(row(stage))
            }
            let optimizer = OptimizerState(plan)
            let time = (0..<repeats).map { _ in
                processorSeconds { optimizer.update(rate: 1e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8) }
            }.min()
            total += time ?? 0
            print("\(padded("Adam", 28, left: false))\(decimal(1e3 * (time ?? 0)))")
        }
        print("\(padded("sum", 28, left: false))\(decimal(1e3 * total))")
        let whole = (0..<repeats).map { _ in
            processorSeconds {
                for plan in [encoder, decoder] { plan.forward(count: batch) }
                for plan in [decoder, encoder] { plan.backward(count: batch) }
            }
        }.min()
        print("\(padded("stages in their chains", 28, left: false))\(decimal(1e3 * (whole ?? 0)))")
    }

    private func row(_ stage: StageProfile) -> String {
        func figures(_ time: Double, _ products: Int) -> String {
            decimal(1e3 * time) + (products > 0 ? decimal(2e-9 * Double(products) / time) : padded("", 10))
        }
        return padded(stage.name, 28, left: false) + figures(stage.forward, stage.forwardProducts)
            + figures(stage.backward, stage.backwardProducts)
    }

    /// Two decimals in ten columns.
    private func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return padded("\(hundredths / 100).\(padded("\(hundredths % 100)", 2, with: "0"))", 10)
    }

    private func padded(_ text: String, _ width: Int, left: Bool = true, with filler: Character = " ") -> String {
        let filling = String(repeating: filler, count: max(0, width - text.count))
        return left ? filling + text : text + filling
    }
}
