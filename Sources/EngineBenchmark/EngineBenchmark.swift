import Checkpoints
import ModelFiles
import Neural
import Training
import VAE

/// The engine's side of `make bench`: reads commands from standard input, one a line, and answers each with one line, so
/// that the script can take turns with the peers.
///
/// - `decode COUNT REPEATS`: seconds for each decode of COUNT points, the median of REPEATS.
/// - `train BATCH STEPS`: seconds a training step.
/// - `outputs COUNT`: what the decoder returns for COUNT fixed points, as numbers.
/// - `gradients COUNT`: the terms and each tensor's gradient norm for fixed images and noise.
/// - `geodesics ROUNDS`: lengths beside the reference's, times and decodes of geodesics, one a line, times the median of ROUNDS.
/// - `posteriors COUNT`: times of the plane's lattice and of the exact posteriors of COUNT decoded images.
/// - `kernel`: the BLAS kernel that runs.
///
/// With `--profile` after the two arguments it prints instead where the time of a training step goes, stage by stage.
@main
struct EngineBenchmark {
    let model: Model
    let pool: WorkerPool

    static func main() throws {
        let arguments = CommandLine.arguments
        let isProfile = arguments.last == "--profile"
        guard arguments.count == (isProfile ? 4 : 3), let threads = Int(arguments[2]) else {
            print("usage: EngineBenchmark MODEL THREADS [--profile]")
            return
        }
        let benchmark = EngineBenchmark(model: try ModelFile.read(arguments[1]), pool: WorkerPool(threads: threads))
        guard !isProfile else { return benchmark.profile(batch: 128, repeats: 20) }
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch (words.first, numbers.count) {
            case ("decode", 2): answer(benchmark.decode(numbers[0], repeats: numbers[1]))
            case ("train", 2): answer(benchmark.train(batch: numbers[0], steps: numbers[1]))
            case ("outputs", 1): answer(benchmark.outputs(numbers[0]))
            case ("gradients", 1): answer(benchmark.gradients(numbers[0]))
            case ("geodesics", 1): try benchmark.geodesics(rounds: max(1, numbers[0]))
            case ("posteriors", 1): benchmark.posteriors(max(1, numbers[0]))
            case ("kernel", 0): answer(WorkerPool.matrixProductKernel)
            default: answer("unknown command")
            }
        }
    }

    func points(_ count: Int) -> [Float] {
        (0..<count * model.architecture.latentSize).map { Float($0 * 7919 % 601) / 100 - 3 }
    }

    private func decode(_ count: Int, repeats: Int) -> Double {
        let decoder = Decoder(model, pool: pool, maximumBatch: min(count, 400))
        let latents = points(count)
        var images = [Float](repeating: 0, count: count * model.architecture.image.count)
        var times: [Double] = []
        images.withUnsafeMutableBufferPointer { images in
            latents.withUnsafeBufferPointer { latents in
                guard let from = latents.baseAddress, let to = images.baseAddress else { return }
                for _ in 0..<max(3, repeats / 10) { decoder.decode(from, count: count, into: to) }
                for _ in 0..<repeats {
                    times.append(seconds { decoder.decode(from, count: count, into: to) })
                }
            }
        }
        return times.sorted()[times.count / 2]
    }

    private func train(batch: Int, steps: Int) -> Double {
        let step = TrainingStep(model.architecture, tensors: model.tensors, batchSize: batch, pool: pool)
        let images = images(batch)
        var times: [Double] = []
        images.withUnsafeBufferPointer { images in
            guard let base = images.baseAddress else { return }
            for index in 0..<steps + 2 {
                let time = seconds {
                    _ = step.computeGradients(images: base, count: batch) { fillNoise($0) }
                    step.applyGradients(learningRate: 1e-3)
                }
                if index >= 2 { times.append(time) }
            }
        }
        return times.sorted()[times.count / 2]
    }

    func images(_ count: Int) -> [Float] {
        (0..<count * model.architecture.image.count).map { Float($0 * 7919 % 256) / 255 }
    }

    private func fillNoise(_ noise: UnsafeMutableBufferPointer<Float>) {
        for index in noise.indices { noise[index] = Float(index * 7919 % 401) / 100 - 2 }
    }

    private func outputs(_ count: Int) -> String {
        let decoder = Decoder(model, pool: pool, maximumBatch: count, isRaw: true)
        return decoder.decode(points(count), count: count).map { "\($0)" }.joined(separator: " ")
    }

    private func gradients(_ count: Int) -> String {
        let step = TrainingStep(model.architecture, tensors: model.tensors, batchSize: count, pool: pool)
        let terms = images(count).withUnsafeBufferPointer { images in
            images.baseAddress.map { step.computeGradients(images: $0, count: count) { fillNoise($0) } }
        }
        let norms = step.gradients.sorted { $0.key < $1.key }.map { name, tensor in
            "\(name)=\(tensor.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())"
        }
        return "reconstruction=\(terms?.reconstruction ?? 0) kl=\(terms?.kl ?? 0) " + norms.joined(separator: " ")
    }
}
