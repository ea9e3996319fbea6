import Testing

@testable import Runs

@Suite("What names of curves mean")
struct CurveNamingTests {
    @Test(
        "Usual names are known",
        arguments: [
            ("train_negative_elbo", CurveKind.trainLoss), ("train/reconstruction", .trainReconstruction),
            ("train_kl", .trainKL), ("validation/negative_elbo", .validationLoss), ("validation_kl", .validationKL),
            ("loss", .trainLoss), ("val_loss", .validationLoss), ("validation/epoch_loss", .validationLoss),
            ("Loss/train", .trainLoss), ("Loss/test", .validationLoss), ("kl_loss", .trainKL), ("loss/KLD", .trainKL),
            ("reconstruction_loss", .trainReconstruction), ("val_recon_loss", .validationReconstruction),
            ("trainLoss", .trainLoss), ("lr-Adam", .learningRate), ("learning_rate", .learningRate), ("beta", .beta),
            ("kl_weight", .beta), ("objective", .objective), ("images_per_second", .imagesPerSecond),
            ("train/ELBO", .trainLoss), ("training/negative_elbo", .trainLoss), ("BCE", .trainReconstruction),
        ])
    func usual(name: String, kind: CurveKind) { #expect(CurveNaming().match(name)?.kind == kind) }

    @Test("Other names are none", arguments: ["accuracy", "gpu_memory", "epoch", "", "glossary", "clip", "-"])
    func others(name: String) { #expect(CurveNaming().match(name) == nil) }

    @Test("A plainer name goes before one with more words, a bound before a loss that may be anything")
    func best() throws {
        func score(_ name: String) throws -> Int { try #require(CurveNaming.guess(name)).score }
        #expect(try score("loss") > score("loss/discriminator"))
        #expect(try score("train_loss_step") > score("train_loss_epoch"))
        #expect(try score("train/negative_elbo") > score("loss"))
    }

    @Test("A name that was given is the only one for its curve")
    func given() {
        let naming = CurveNaming([.trainLoss: "my/number"])
        #expect(naming.match("my/number")?.kind == .trainLoss)
        #expect(naming.match("loss") == nil)
        #expect(naming.match("val_loss")?.kind == .validationLoss)
    }
}
