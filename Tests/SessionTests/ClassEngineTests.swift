import Datasets
import Explorer
import Latent
import Neural
import Platform
import Testing
import VAE

@testable import Session

/// A model of two latents and 2×2 pixels whose encoder and decoder are told one of three classes.
enum ConditionalModel {
    static func make() throws -> Model {
        let join = try #require(LayerCatalog.entry(named: "cat")).make([(name: "dim", value: .integer(1))])
        let image = try Shape([1, 2, 2])
        let encoder = try Network(
            inputs: [image, Shape([3])],
            nodes: [
                .init(.flatten, inputs: [0], name: "encoder.flat"),
                .init(join, inputs: [2, 1], name: "encoder.joined"),
                .init(.linear(inputs: 7, outputs: 4), inputs: [3], name: "encoder.heads"),
            ], outputs: [4], inputNames: ["image", "label"], outputNames: ["posterior"])
        let decoder = try Network(
            inputs: [Shape([2]), Shape([3])],
            nodes: [
                .init(join, inputs: [0, 1], name: "decoder.joined"),
                .init(.linear(inputs: 5, outputs: 4), inputs: [2], name: "decoder.pixels"),
                .init(.unflatten(image), inputs: [3], name: "decoder.picture"),
                .init(.activation(.sigmoid), inputs: [4], name: "decoder.output"),
            ], outputs: [5], inputNames: ["z", "label"], outputNames: ["image"])
        let label = InputRole.label(classes: 3, .oneHot)
        let architecture = try Architecture(
            encoder: Architecture.Part(encoder, roles: [.image, label]),
            decoder: Architecture.Part(decoder, roles: [.latent, label]), likelihood: .bernoulli)
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in architecture.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 7 + place * 5) % 11 - 5) / 4 }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        return try Model(architecture: architecture, tensors: tensors)
    }

    /// An image of each class, and one more of the first.
    static let data = Dataset(
        name: "made", split: .test, height: 2, width: 2, pixels: (0..<16).map { UInt8($0 * 15) },
        labels: [0, 1, 2, 0])

    /// The same asked for one class.
    static func make(as label: Int) throws -> Model {
        var model = try make()
        model.condition.label = label
        return model
    }
}

@Suite("A conditional model's engine")
struct ClassEngineTests {
    private func bench(_ data: Dataset = ConditionalModel.data) throws -> Workbench {
        let model = try ConditionalModel.make()
        return Workbench(
            engine: ModelEngine(model, threads: 1), facts: try ModelFacts(of: model, name: "made"), dataset: data,
            cloud: nil)
    }

    private func results(of job: any Job, at bench: Workbench) -> [WorkResult] {
        var results: [WorkResult] = []
        while !job.isDone { results += job.advance(at: bench, .milliseconds(3)) }
        return results
    }

    @Test("Points of several classes are decoded together, each as its own")
    func decoding() throws {
        let engine = ModelEngine(try ConditionalModel.make(), threads: 1)
        let points = [2, 0, 1].map { LatentPoint([0.3, -0.8], label: ClassMix($0)) }
        let pictures = engine.decode(points)
        for (picture, label) in zip(pictures, [2, 0, 1]) {
            let alone = Decoder(try ConditionalModel.make(as: label), pool: WorkerPool(threads: 1))
            #expect(picture == alone.pictures([0.3, -0.8], count: 1)[0])
        }
        #expect(Set(pictures).count == 3)
    }

    @Test("Between two classes the decoder is told some of each")
    func mixing() throws {
        let engine = ModelEngine(try ConditionalModel.make(), threads: 1)
        let (one, other) = (LatentPoint([0, 1], label: ClassMix(0)), LatentPoint([0, 1], label: ClassMix(2)))
        let pictures = engine.decode([one, one.interpolated(to: other, share: 0.5), other])
        func logits(_ index: Int) -> [Float] { pictures[index].values.map { Float.log($0 / (1 - $0)) } }
        for (middle, ends) in zip(logits(1), zip(logits(0), logits(2))) {
            #expect(abs(middle - (ends.0 + ends.1) / 2) < 1e-4)
        }
    }

    @Test("An image is reconstructed as its own class, or as the one that is set", arguments: InferenceMethod.allCases)
    func reconstructing(method: InferenceMethod) throws {
        let bench = try bench()
        for (subject, label) in [(ReconstructionSubject.image(1), 1), (.image(1, as: 2), 2), (.image(2), 2)] {
            let job: any Job =
                method == .exact
                ? PosteriorJob(subject, against: .exact) : ReconstructionJob(subject, by: method)
            let found = results(of: job, at: bench).compactMap { result -> Reconstruction? in
                switch result {
                case .reconstruction(let reconstruction): reconstruction
                case .posterior(.found(let posterior)): posterior.reconstruction
                default: nil
                }
            }.last
            let reconstruction = try #require(found)
            #expect(reconstruction.mean.label == ClassMix(label))
            let alone = Workbench(
                engine: ModelEngine(try ConditionalModel.make(), threads: 1), facts: bench.facts,
                dataset: bench.dataset, cloud: nil)
            #expect(alone.engine.decode([reconstruction.mean]).first == reconstruction.decoded)
            let decoder = Decoder(try ConditionalModel.make(as: label), pool: WorkerPool(threads: 1))
            #expect(decoder.pictures(reconstruction.mean.coordinates, count: 1).first == reconstruction.decoded)
        }
    }

    @Test("Codes and losses are of each image's own class")
    func losses() throws {
        let bench = try bench()
        let encoder = try Encoder(try ConditionalModel.make(), pool: WorkerPool(threads: 1))
        var encoding = Encoding(ConditionalModel.data, latentCount: 2, at: .now)
        let (images, labels, count) = encoding.nextImages(4)
        #expect(labels == [0, 1, 2, 0])
        encoding.append(try #require(bench.engine.encode(images, labels: labels, count: count)))
        let cloud = encoding.cloud()
        #expect(cloud.means == encoder.encode(images, labels: [0, 1, 2, 0], count: 4).means)
        let full = Workbench(
            engine: bench.engine, facts: bench.facts, dataset: bench.dataset, cloud: cloud)
        func measured(_ label: Int?) -> [Float] {
            results(of: LossesJob(0..<4, as: label), at: full).flatMap { result -> [Float] in
                if case .losses(let losses, _) = result { losses } else { [] }
            }
        }
        let (own, second) = (measured(nil), measured(1))
        #expect(own.count == 4 && own[1] == second[1] && own[0] != second[0] && own[2] != second[2])
    }

    @Test("The data are encoded anew where a class is set, and data of other classes are refused in a sentence")
    func classifying() throws {
        let model = try OpenModel(try ConditionalModel.make(), name: "made", threads: 1)
        func codes(_ label: Int?, _ data: Dataset) -> (clouds: [LatentCloud], failures: [String]) {
            let thread = EngineThread(model) {}
            thread.order { $0.label = .some(label) }
            thread.order { $0.data = .encode(data) }
            var (clouds, failures): ([LatentCloud], [String]) = ([], [])
            let end = ContinuousClock.now.advanced(by: .seconds(20))
            while clouds.isEmpty, failures.isEmpty, ContinuousClock.now < end {
                for answer in thread.takeAnswers() {
                    if case .encoded(let cloud?) = answer { clouds.append(cloud) }
                    if case .failed(let text) = answer { failures.append(text) }
                }
            }
            thread.close()
            thread.waitForEnd()
            return (clouds, failures)
        }
        let (own, set) = (codes(nil, ConditionalModel.data), codes(1, ConditionalModel.data))
        #expect(own.clouds.first?.mean(of: 1) == set.clouds.first?.mean(of: 1))
        #expect(own.clouds.first?.mean(of: 2) != set.clouds.first?.mean(of: 2))
        let other = Dataset(
            name: "other", split: .test, height: 2, width: 2, pixels: (0..<8).map { UInt8($0) }, labels: [0, 3])
        #expect(codes(nil, other).failures.first?.contains("the label 3") == true)
        #expect(codes(2, other).clouds.first?.count == 2)
    }

    @Test("There is no geodesic between two classes, and the other paths are decoded from the one to the other")
    func walking() throws {
        let bench = try bench()
        let (start, end) = (LatentPoint([0, 0], label: ClassMix(0)), LatentPoint([0, 0], label: ClassMix(2)))
        let job = WalkJob(WalkOrder(start: start, end: end, metric: .plain, frames: 5), latentCount: 2)
        var (paths, reasons): ([WalkPath], [String]) = ([], [])
        for case .walk(let news) in results(of: job, at: bench) {
            if case .found(let path) = news { paths.append(path) }
            if case .noGeodesic(let reason) = news { reasons.append(reason) }
        }
        #expect(paths.count == 2 && reasons.count == 1 && reasons[0].contains("one class"))
        let shares = paths[0].points.map { point in
            point.label?.parts.first { $0.label == 2 }.map(\.share) ?? 0
        }
        #expect(shares == [0, 0.25, 0.5, 0.75, 1])
        #expect(Set(paths[0].pictures).count == 5 && paths[0].length == nil)
    }

    @Test("A geodesic within a class is that class's")
    func geodesic() throws {
        let bench = try bench()
        func length(_ label: Int) -> Double? {
            let (start, end) = (
                LatentPoint([-1, 0.2], label: ClassMix(label)), LatentPoint([1, 0.4], label: ClassMix(label))
            )
            let job = WalkJob(WalkOrder(start: start, end: end, metric: .plain, frames: 5), latentCount: 2)
            var length: Double?
            for case .walk(.found(let path)) in results(of: job, at: bench) where path.kind == .geodesic {
                length = path.length
                #expect(path.points.allSatisfy { $0.label == ClassMix(label) })
            }
            return length
        }
        #expect(length(0) != nil && length(0) != length(1))
    }
}

extension Float {
    fileprivate static func log(_ value: Float) -> Float { Float(logarithm(Double(value))) }
}
