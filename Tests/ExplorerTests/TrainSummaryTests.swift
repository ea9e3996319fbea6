import Cells
import Testing

@testable import Explorer

@Suite("What stays in the terminal")
struct TrainSummaryTests {
    @Test(
        "It counts the epochs that are done, and a part of one where the run was stopped in it",
        arguments: [(1, "1 epoch, "), (1.4, "1.4 epochs, "), (12, "12 epochs, ")])
    func epochs(done: Double, text: String) {
        let session = Session.training(epochs: done)
        let canvas = TrainSummary.canvas(of: session.state)
        #expect(ANSIText.lines(of: canvas).contains { $0.contains(text) })
    }
}
