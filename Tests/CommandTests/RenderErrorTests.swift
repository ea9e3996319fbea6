import ArgumentParser
import Datasets
import Foundation
import Neural
import Testing
import VAE

@testable import latentwalk

@Suite("What render refuses")
struct RenderErrorTests {
    private let scratch: Scratch
    private let model: String
    private let images: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(to: scratch.path)
        images = try SmallModel.writeImages(to: scratch.path)
    }

    @Test(
        "An option that makes no sense is named in one sentence",
        arguments: [
            ([], "say what to render"),
            (["walk"], "a walk has two ends"),
            (["walk", "--from", "3:1"], "a walk has two ends"),
            (["walk", "--from", "3:1", "--to", "3:1"], "the same point"),
            (["walk", "--from", "three", "--to", "3:1"], "CLASS:INDEX"),
            (["walk", "--from", "3:-1", "--to", "3:1"], "CLASS:INDEX"),
            (["walk", "--from", "z:1;2", "--to", "3:1"], "numbers between commas"),
            (["walk", "--from", "3:1", "--to", "3:2", "--frames", "1"], "--frames must lie between 2 and 1000"),
            (["walk", "--from", "3:1", "--to", "3:2", "--metric", "plain"], "--metric is for --path geodesic"),
            (
                ["walk", "--from", "3:1", "--to", "3:2", "--tiles", "3"],
                "--tiles is for render manifold, traverse and evolution"
            ),
            (["manifold", "--frames", "3"], "--frames is for render walk, not for manifold"),
            (["manifold", "--tiles", "101x100"], "more than 10000"),
            (["manifold", "--tiles", "101"], "more than 10000"),
            (["manifold", "--tiles", "9999999999x9999999999"], "more than 10000"),
            (["manifold", "--tiles", "0"], "--tiles 30x20"),
            (["traverse", "--tiles", "101x100"], "more than 10000"),
            (["manifold", "--latent-range", "3,-3"], "the lower one first"),
            (["manifold", "--latent-range", "3,3"], "the lower one first"),
            (["manifold", "--latent-range", "nan,3"], "the lower one first"),
            (["manifold", "--latent-range", "-1e38,3e38"], "two numbers between -1000000 and 1000000"),
            (["manifold", "--latent-range", "3"], "two numbers"),
            (["point", "--z", "1e38,0"], "lie between -1000000 and 1000000"),
            (["walk", "--from", "z:0,0", "--to", "z:0,-1e38"], "lie between -1000000 and 1000000"),
            (["manifold", "--quantiles", "--latent-range", "-1,1"], "leave --latent-range out"),
            (["manifold", "--z", "1,2"], "--z is for render point"),
            (["point"], "name at least one point"),
            (["manifold", "--output", "x.png", "--scale", "65"], "--scale must lie between 1 and 64"),
        ])
    func usage(arguments: [String], part: String) {
        #expect {
            try RenderCommand.parse(arguments)
        } throws: { error in
            RenderCommand.message(for: error).contains(part) && RenderCommand.exitCode(for: error).rawValue == 64
        }
    }

    /// What the command says, and how it ends.
    private func failure(_ arguments: [String]) -> (sentence: String, exit: SystemExit?) {
        do {
            try RenderCommand.parse(arguments).run()
            return ("", nil)
        } catch let error as any CommandError {
            return (error.description, error.exit)
        } catch {
            return (RenderCommand.message(for: error), nil)
        }
    }

    @Test("A wrong end says what there is instead")
    func ends() {
        func failure(from end: String) -> (sentence: String, exit: SystemExit?) {
            self.failure([model, "walk", "--data", images, "--from", end, "--to", "cat:0", "--frames", "2"])
        }
        #expect(failure(from: "bird:0").sentence.contains("its classes are cat, dog: big"))
        #expect(failure(from: "2:0").sentence.contains("there is no class “2”"))
        #expect(failure(from: "cat:3").sentence.contains("it has 3 images of that class, counted from 0"))
        #expect(failure(from: "5").sentence.contains("it has 5 images, counted from 0"))
        #expect(failure(from: "z:1,2,3").sentence == "--from has 3 coordinates, but the model has 2 latents")
        // The same image by another name.
        #expect(failure(from: "0").sentence.contains("the same point"))
        for end in ["bird:0", "cat:3", "5", "0", "z:1,2,3"] { #expect(failure(from: end).exit == .usage) }
    }

    @Test("Data that are needed and missing are named; data without classes ask for a number")
    func data() throws {
        let ends = ["--from", "3:1", "--to", "8:1"]
        let none = failure([model, "walk"] + ends)
        #expect(none.exit == .noInput && none.sentence.contains("name some with --data"))
        #expect(failure([model, "traverse"]).exit == .noInput)
        let density = ["--path", "geodesic", "--metric", "density", "--from", "z:0,0", "--to", "z:1,1"]
        #expect(failure([model, "walk"] + density).exit == .noInput)
        let plain = failure([model, "walk", "--data", "\(images)/cat"] + ends)
        #expect(plain.sentence.contains("has no classes") && plain.exit == .usage)
        let bars = try scratch.makeImages(3)
        let wrong = failure([model, "walk", "--data", bars, "--from", "0", "--to", "1"])
        #expect(wrong.exit == .dataError && wrong.sentence.contains("--resize model"))
        #expect(failure([model, "manifold", "--data", "/nowhere"]).exit == .noInput)
    }

    @Test("Data that a picture does not take are not read, those that it takes are")
    func needlessData() throws {
        func use(_ arguments: [String], latents: Int = 2) throws -> DataUse {
            let command = try #require(try LatentWalk.parseAsRoot(["render"] + arguments) as? RenderCommand)
            let kind = try #require(RenderKind(rawValue: arguments[0]))
            return try command.use(of: kind, latents: latents)
        }
        #expect(try use(["point", "--z", "0,0"]) == .none)
        let ends = ["walk", "--from", "z:0,0", "--to", "z:1,1"]
        #expect(try use(ends) == .none)
        #expect(try use(ends + ["--path", "geodesic"]) == .better)
        #expect(try use(["manifold"]) == .better)
        #expect(try use(["manifold", "--latent-range", "-1,1"]) == .none)
        #expect(try use(["manifold", "--latent-range", "-1,1"], latents: 3) == .better)
        #expect(try use(["manifold", "--quantiles"]) == .none)
    }

    @Test("Of a decoder alone no data are read, and what needs images placed says first that there is no encoder")
    func decoderAlone() throws {
        let decoder = try SmallModel.write(try SmallModel.decoderAlone(), to: scratch.path)
        let geodesic = ["--from", "z:0,0", "--to", "z:1,1", "--frames", "2", "--path", "geodesic"]
        for arguments in [
            ["walk", "--from", "3:1", "--to", "z:1,1"], ["walk", "--from", "z:1,1", "--to", "#0"],
            ["walk", "--metric", "density"] + geodesic, ["traverse", "--inference", "refined"],
        ] {
            for data in [[], ["--data", "/nowhere"], ["--data", "/nowhere", "--resize", "model"]] {
                let refused = failure([decoder] + arguments + data)
                #expect(refused.sentence == MissingPart.encoder.description && refused.exit == .dataError)
            }
        }
        for arguments in [["traverse"], ["manifold", "--tiles", "2"], ["walk"] + geodesic] {
            let output = ["--data", "/nowhere", "--output", "\(scratch.path)/x.npy"]
            #expect(failure([decoder] + arguments + output).sentence == "")
        }
        let many = failure([decoder, "traverse", "--tiles", "5x3"])
        #expect(many.sentence == "--tiles asks for 3 latents, but the model has 2" && many.exit == .usage)
        // The exact answer is the decoder's.
        #expect(failure([decoder, "traverse", "--inference", "exact"]).exit == .noInput)
    }

    @Test("More tiles than there are images, latents, rows or columns are refused, and how many there are is said")
    func tiles() throws {
        let traverse = [model, "traverse", "--data", images, "--tiles"]
        let many = failure(traverse + ["6"])
        #expect(many.sentence.contains("--tiles asks for 6 images, but images has 5") && many.exit == .usage)
        #expect(failure(traverse + ["5x3"]).sentence == "--tiles asks for 3 latents, but the model has 2")
        let narrow = failure([model, "manifold", "--latent-range", "-1,1", "--tiles", "5", "--width", "4"])
        #expect(narrow.sentence.contains("4 columns has no room for 5 pictures in a row") && narrow.exit == .usage)
        let line = try Studio(try SmallModel.model(latents: 1), dataset: nil, pool: WorkerPool(threads: 1))
        #expect(throws: RenderError.fewTiles(2, "rows", "a manifold of one latent is a row")) {
            try ManifoldSheet(tiles: TileCount(across: 3, down: 2)).sheet(line)
        }
    }

    @Test("Rows of classes are for models that have them, no more rows than classes, and no class for all of them")
    func classRows() throws {
        let plain = failure([model, "manifold", "--class-rows"])
        #expect(plain.sentence.hasPrefix("--class-rows is for conditional models") && plain.exit == .usage)
        let conditional = try SmallModel.write(SmallModel.conditional(), to: scratch.path)
        #expect(
            failure([conditional, "manifold", "--class-rows", "--tiles", "2x3"]).sentence
                == "--tiles asks for 3 classes, but the model has 2")
        #expect(throws: (any Error).self) {
            try RenderCommand.parse([conditional, "manifold", "--class-rows", "--class", "1"])
        }
        #expect(throws: (any Error).self) { try RenderCommand.parse([conditional, "walk", "--class-rows"]) }
    }

    @Test("Pictures that would fill the memory are refused by their values, and not by their number")
    func memory() throws {
        let model = try SmallModel.model(input: Shape([3, 64, 64]))
        let studio = try Studio(model, dataset: nil, pool: WorkerPool(threads: 1))
        try studio.checkRoom(forPictures: 5461)
        #expect {
            try ManifoldSheet(tiles: TileCount(across: 100)).sheet(studio)
        } throws: { error in
            "\(error)".contains("10000 pictures of 3×64×64 would fill the memory: take fewer")
                && (error as? RenderError)?.exit == .usage
        }
    }

    @Test(
        "Data about which anything is said are asked for, and so told where they are missing",
        arguments: [
            DatasetRequest(split: .train), DatasetRequest(limit: 3), DatasetRequest(isStrict: true),
            DatasetRequest(sizing: ImageSizing(height: 10, width: 10)),
        ])
    func asked(request: DatasetRequest) {
        let provenance = Provenance(dataset: "mnist")
        #expect(ModelData(asked: nil, request, provenance: provenance)?.isAskedFor == true)
        #expect(ModelData(asked: "mnist", DatasetRequest(), provenance: provenance)?.isAskedFor == true)
        #expect(ModelData(asked: nil, DatasetRequest(), provenance: provenance)?.isAskedFor == false)
    }

    @Test("A wrong suffix, kind or model ends before any work")
    func files() {
        let manifold = [model, "manifold", "--latent-range", "-1,1", "--tiles", "2"]
        let suffix = failure(manifold + ["--output", "x.jpeg"])
        #expect(suffix.exit == .usage && suffix.sentence.contains(".png, .gif, .txt, .npy or .csv"))
        #expect(failure(manifold + ["--output", "/nowhere/x.gif"]).exit == .cannotCreate)
        #expect(failure(["/nowhere/model", "manifold", "--output", "/nowhere/x.gif"]).exit == .cannotCreate)
        #expect(failure(manifold + ["--output", "x.npy", "--scale", "2"]).sentence.contains("--scale enlarges"))
        let kind = failure(["movie"])
        #expect(kind.exit == .usage && kind.sentence.contains("manifold, walk, point, traverse"))
        #expect(failure(["/nowhere/model", "manifold"]).exit == .noInput)
        #expect(
            failure([model, "point", "--z", "1"]).sentence == "--z 1 has 1 coordinate, but the model has 2 latents")
    }

    @Test("The process ends with the error's code, one sentence on standard error, and nothing on standard output")
    func process() throws {
        let ended = try CommandProcess(["render", model, "walk", "--data", images, "--from", "bird:0", "--to", "cat:0"])
        #expect(ended.status == 64 && ended.output == "")
        #expect(ended.errors.hasPrefix("latentwalk: there is no class “bird”"))
        #expect(ended.errors.split(separator: "\n").count == 1)
    }
}
