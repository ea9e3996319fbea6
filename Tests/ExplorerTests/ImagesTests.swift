import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("The Images view")
struct ImagesTests {
    private func session(
        columns: Int = 80, rows: Int = 24, profile: TerminalProfile = .plain, cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, profile: profile, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
        session.press(.character("4"))
        return session
    }

    private func own(_ session: Session) -> ImagesView { session.state[ImagesView.self] }

    private func requests(_ effects: [Effect], _ slot: WorkSlot) -> [WorkRequest] {
        effects.compactMap(\.workRequest).filter { $0.slot == slot }
    }

    private func labels(_ session: Session) -> [UInt8] {
        own(session).list.images.map { LatentCloud.blobs.labels![$0] }
    }

    @Test(
        "Image, reconstruction, difference, plane, numbers and neighbors, as many as fit",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func browsing(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.right, .shiftRight)
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "images-\(columns)x\(rows)")
    }

    @Test(
        "Posterior samples take the neighbors' place, or stand below them, or take the reconstruction's",
        arguments: [(60, 20), (80, 24), (120, 40)])
    func samplesScreen(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.character("z"))
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "images-samples-\(columns)x\(rows)")
    }

    @Test("Arrows, Shift, Page keys, Home and End go through the images and stop at both ends")
    func steps() {
        var session = session()
        session.press(.left)
        #expect(own(session).image == 0)
        #expect(session.state.message?.text == "this is the first image")
        session.press(.right, .character("l"), .shiftRight, .pageDown, .left)
        #expect(own(session).image == 111)
        session.press(.pageUp, .character("H"), .character("h"))
        #expect(own(session).image == 0)
        session.press(.end, .right)
        #expect(own(session).image == 1_999)
        #expect(session.state.message?.text == "this is the last image")
        session.press(.home)
        #expect(own(session).image == 0)
    }

    @Test("Each image is asked for once, ahead of everything else")
    func requested() {
        var session = session()
        let effects = session.press(.right)
        let asked = requests(effects, .reconstruction)
        #expect(asked.map(\.work) == [.reconstruct(.image(1))])
        let others: [WorkSlot] = [.images, .samples, .walk, .manifold, .plane, .posterior, .atlas, .stretch, .losses]
        #expect(others.allSatisfy { $0 > .reconstruction })
        #expect(requests(session.send(.tick), .reconstruction).isEmpty)
    }

    @Test("An answer to an older image never shows as the newer one's")
    func stale() {
        var session = session()
        session.answers = false
        let one = requests(session.press(.right), .reconstruction)
        let two = requests(session.press(.right), .reconstruction)
        session.answer(one)
        #expect(session.state.imagesReconstruction == nil)
        session.answer(two)
        #expect(session.state.imagesReconstruction?.mean == LatentCloud.blobs.mean(of: 2))
        session.answer(one)
        #expect(session.state.imagesReconstruction?.mean == LatentCloud.blobs.mean(of: 2))
        #expect(session.text.contains("ELBO"))
    }

    @Test("i goes to an image by its number, and says which numbers there are")
    func number() {
        var session = session()
        session.press(.character("i"))
        session.type("#42")
        session.press(.enter)
        #expect(own(session).image == 42)
        session.press(.character("i"))
        session.type("2000")
        session.press(.enter)
        #expect(own(session).image == 42)
        #expect(session.state.message?.text == "sample has no image #2000: they are #0 to #1999.")
    }

    @Test("/ and a class show that class alone, / alone all of them")
    func filter() {
        var session = session()
        session.press(.character("/"))
        session.type("7")
        session.press(.enter)
        #expect(Set(labels(session)) == [7] && labels(session).count == 200)
        #expect(own(session).place == 0)
        session.press(.right, .right)
        let image = own(session).image
        session.press(.character("/"), .enter)
        #expect(labels(session).count == 2_000)
        #expect(own(session).image == image)
        session.press(.character("/"))
        session.type("x")
        session.press(.enter)
        #expect(session.state.message?.text.contains("they are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9") == true)
        #expect(labels(session).count == 2_000)
    }

    @Test("Going to an image of another class shows all classes again")
    func leavesFilter() {
        var session = session()
        session.press(.character("/"))
        session.type("7")
        session.press(.enter, .character("i"))
        session.type("0")
        session.press(.enter)
        #expect(own(session).image == 0 && own(session).filter == nil)
        #expect(labels(session).count == 2_000)
    }

    @Test("w measures all images, but only then, and shows the worst first; w again comes back to the data's order")
    func worst() {
        var session = session()
        session.press(.right, .right)
        #expect(requests(session.effects, .losses).isEmpty)
        session.press(.character("w"))
        #expect(requests(session.effects, .losses).map(\.work) == [.losses(0..<2_000)])
        let losses = own(session).list.images.map(Session.loss)
        #expect(losses == losses.sorted(by: >) && losses.count == 2_000)
        #expect(own(session).place == 0)
        session.press(.right, .right, .right)
        let image = own(session).image
        session.press(.character("w"))
        #expect(own(session).list.images == Array(0..<2_000))
        #expect(own(session).image == image)
        session.press(.character("b"))
        #expect(own(session).list.images.map(Session.loss) == losses.sorted())
        #expect(requests(session.effects, .losses).count == 1)
    }

    @Test("Order and class go together")
    func worstOfClass() {
        var session = session()
        session.press(.character("w"), .character("/"))
        session.type("3")
        session.press(.enter)
        let losses = own(session).list.images.map(Session.loss)
        #expect(Set(labels(session)) == [3] && losses == losses.sorted(by: >))
        session.wait(.seconds(5))
        #expect(session.lines.last?.contains("class 3, worst first") == true)
    }

    @Test("While images are measured, one browses on in the data's order, and the share shows")
    func measuring() throws {
        var session = session()
        session.answers = false
        let request = try #require(requests(session.press(.character("b")), .losses).first)
        func part(_ range: Range<Int>, number: Int) -> Event {
            .worked(
                WorkAnswer(
                    number: number, slot: .losses, result: .losses(range.map(Session.loss), first: range.lowerBound)))
        }
        session.send(part(0..<500, number: request.number))
        session.wait(.seconds(5))
        #expect(session.lines.last?.contains("measuring 25 %") == true)
        #expect(own(session).list.images == Array(0..<2_000))
        session.send(part(500..<2_000, number: request.number - 1))
        #expect(own(session).losses.values.count == 500)
        session.send(part(500..<2_000, number: request.number))
        #expect(own(session).list.images.map(Session.loss) == (0..<2_000).map(Session.loss).sorted())
    }

    @Test("As more images are encoded, only those are measured; other codes are measured anew")
    func growing() {
        let all = LatentCloud.blobs
        func part(_ count: Int, name: String = "sample", shift: Float = 0) -> LatentCloud {
            LatentCloud(
                name: name, dimension: 2, means: all.means.prefix(2 * count).map { $0 + shift },
                deviations: Array(all.deviations!.prefix(2 * count)), labels: Array(all.labels!.prefix(count)))
        }
        var session = session(cloud: part(1_000))
        session.press(.right, .character("w"))
        #expect(requests(session.send(.encoded(all)), .losses).map(\.work) == [.losses(1_000..<2_000)])
        #expect(own(session).list.images.map(Session.loss) == (0..<2_000).map(Session.loss).sorted(by: >))
        let renewed = session.send(.encoded(part(2_000, shift: 0.5)))
        #expect(requests(renewed, .losses).map(\.work) == [.losses(0..<2_000)])
        #expect(requests(renewed, .reconstruction).count == 1)
        session.press(.right)
        session.send(.encoded(part(50, name: "other")))
        #expect(own(session).image == 0 && own(session).order == .data)
    }

    @Test("z decodes draws from the image's posterior, anew for each image")
    func samples() throws {
        var session = session()
        let effects = session.press(.character("z"))
        let request = try #require(requests(effects, .samples).first)
        guard case .decode(let points) = request.work else {
            Issue.record("samples are decoded")
            return
        }
        let mean = LatentCloud.blobs.mean(of: 0)
        let distances = points.map { $0.distance(to: mean) }
        #expect(distances.allSatisfy { $0 > 0 && $0 < 0.35 * 5 } && Set(points).count == points.count)
        #expect(own(session).samples?.pictures.count == points.count)
        #expect(requests(session.press(.right), .samples).count == 1)
        session.press(.character("z"), .character("z"))
        #expect(requests(session.press(.character("z"), .right), .samples).isEmpty)
    }

    @Test("Enter and Tab open Explore at the posterior's mean, and Tab comes back", arguments: [Key.enter, .tab])
    func explores(key: Key) {
        var session = session()
        session.press(.right, .right, key)
        #expect(session.state.view.card.digit == ExploreView.digit)
        #expect(session.state.explore.point == LatentCloud.blobs.mean(of: 2))
        session.press(.tab)
        #expect(session.state.view.card.digit == ImagesView.digit)
        #expect(own(session).image == 2)
    }

    @Test("a and A make the image the walk's start and end, and say so")
    func walk() {
        var session = session()
        session.press(.right, .character("a"))
        #expect(session.state.walkEnds.start == .image(1))
        #expect(session.state.message?.text == "the walk starts at sample #1 “7”")
        session.press(.right, .character("A"))
        #expect(session.state.walkEnds.end == .image(2))
        #expect(session.state.walkEnds.start == .image(1))
    }

    @Test("The mouse chooses among the neighbors, its wheel goes on")
    func mouse() throws {
        var session = session(columns: 120, rows: 40)
        session.press(.pageDown)
        let place = try #require(session.state[ImagesView.self].neighborStrip(session.state.shared)?.places.last)
        session.send(.input(.mouse(.press, Position(column: place.rect.column, row: place.rect.row))))
        #expect(own(session).image == place.index)
        session.send(.input(.mouse(.wheelUp, Position(column: 1, row: 1))))
        #expect(own(session).image == place.index - 1)
    }

    @Test("Without data it says what would bring them, in an error too where a key wants some")
    func noData() throws {
        var session = session(cloud: nil)
        #expect(session.text.contains("no data for this model:"))
        session.press(.right)
        #expect(session.state.message?.text == "no data for this model: :data sample, or start with --data")
        session.press(.character("w"), .enter)
        #expect(session.state.view.card.digit == ImagesView.digit)
        try expect(Screen.canvas(of: session.state), matches: "images-no-data-80x24")
    }

    @Test("A data set is named only where its images are of the model's shape")
    func noFittingData() {
        for model in [
            ModelFacts(name: "color", latentCount: 2, width: 32, height: 32, channels: 3),
            ModelFacts(name: "colored digits", latentCount: 2, width: 28, height: 28, channels: 3),
            ModelFacts(name: "large", latentCount: 2, width: 32, height: 32),
        ] {
            var session = Session(model: model)
            session.press(.character("4"), .right)
            #expect(session.state.message?.text == "no data for this model: :data FOLDER, or start with --data")
        }
    }

    @Test("Without data the bottom line and the help tell of the keys that do something")
    func keysWithoutData() {
        var session = session(cloud: nil)
        #expect(session.lines.last?.hasPrefix(" d draw  :data NAME brings images") == true)
        #expect(session.lines.last?.contains("worst") == false)
        session.press(.character("?"))
        #expect(session.text.contains("draw an image yourself") && !session.text.contains("worst, best"))
        session.press(.character("?"), .character("d"))
        #expect(session.lines.last?.contains(":data") == false)
        session.press(.escape)
        session.send(.encoded(.blobs))
        #expect(session.lines.last?.contains("worst") == true && session.lines.last?.contains(":data") == false)
    }

    @Test("A model without an encoder can neither place images nor a drawing")
    func noEncoder() {
        var model = ModelFacts.digits
        model.hasEncoder = false
        var session = Session(model: model)
        session.press(.character("4"))
        #expect(session.text.contains("has no encoder"))
        session.press(.character("d"))
        #expect(!own(session).isDrawing)
        #expect(session.state.message?.text == "this model has no encoder, so it cannot place a drawing")
    }

    @Test("Latents that have no room are said to be there")
    func manyLatents() throws {
        var session = Session(
            model: .eight, options: Options(isAnimated: false, showsHints: false), cloud: .eight)
        session.press(.character("4"))
        let means = try #require(session.lines.first { $0.contains("μ +") || $0.contains("μ −") })
        #expect(means.contains("…"))
    }

    @Test("No key of the view takes a digit")
    func digits() {
        let keys = ImagesView.notes.flatMap(\.keys)
        #expect(!keys.contains { if case .character("0"..."9") = $0 { true } else { false } })
    }

    @Test("Come back from another view, it asks again for what that may have replaced")
    func comesBack() {
        var session = session()
        session.answers = false
        session.press(.pageDown)
        session.press(.character("1"))
        let effects = session.press(.character("4"))
        #expect(requests(effects, .images).count == 1)
    }
}
