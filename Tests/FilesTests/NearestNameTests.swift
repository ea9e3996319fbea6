import Files
import Testing

@Suite("The name that was meant")
struct NearestNameTests {
    private let names = ["explore", "train", "render", "encode", "decode", "data", "fashion-mnist", "mnist"]

    @Test(
        "A letter left out, put in, replaced or swapped does not hide a name, nor do capitals",
        arguments: [
            ("exlpore", "explore"), ("explroe", "explore"), ("exxplore", "explore"), ("trian", "train"),
            ("tran", "train"), ("rendr", "render"), ("Render", "render"), ("ecnode", "encode"), ("dcode", "decode"),
            ("dta", "data"), ("mnst", "mnist"), ("MNIST", "mnist"), ("fashon_mnsit", "fashion-mnist"),
        ])
    func near(word: String, name: String) {
        #expect(names.nearest(to: word) == name)
    }

    @Test("A word that a name begins with is that name, from three letters on")
    func beginning() {
        #expect(names.nearest(to: "fas") == "fashion-mnist")
        #expect(names.nearest(to: "fa") == nil)
        #expect(["dat", "data"].nearest(to: "dat") == "dat")
    }

    @Test(
        "What is like no name has none", arguments: ["", "d", "model", "kitchen", "tests", "rendering-of-all", "daten"])
    func far(word: String) {
        #expect(names.nearest(to: word) == nil)
    }

    @Test("The nearest of several is taken, and of equally near ones the first")
    func nearest() {
        #expect(["decode", "encode"].nearest(to: "encde") == "encode")
        #expect(["bat", "cat"].nearest(to: "hat") == "bat")
        #expect([String]().nearest(to: "hat") == nil)
    }
}
