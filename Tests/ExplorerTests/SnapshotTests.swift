import Cells
import Foundation
import Latent
import Testing

@testable import Explorer

/// Whole screens, as pictures in text: `Snapshots/`. To draw them anew after a change, and then look at the difference:
/// `LATENTWALK_WRITE_SNAPSHOTS=1 swift test --filter SnapshotTests`.
@Suite("Screens")
struct SnapshotTests {
    @Test(
        "The Explore view uses its room as the design says",
        arguments: [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
    func explore(columns: Int, rows: Int) throws {
        var session = Session(columns: columns, rows: rows, cloud: .blobs)
        session.press(.right, .right, .up, .shiftRight, .character("m"), .up, .left)
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "explore-\(columns)x\(rows)")
    }

    @Test("Below 60×20 the screen says what it needs", arguments: [(50, 15), (59, 40), (20, 2)])
    func tooSmall(columns: Int, rows: Int) throws {
        try expect(
            Screen.canvas(of: Session(columns: columns, rows: rows).state), matches: "too-small-\(columns)x\(rows)")
    }

    @Test("A first start shows three hints, and what would fill the plane")
    func firstStart() throws {
        let session = Session(options: Options())
        try expect(Screen.canvas(of: session.state), matches: "first-start-80x24")
    }

    @Test("Help lies over the view and fits", arguments: [(60, 20), (80, 24), (120, 40), (200, 60)])
    func help(columns: Int, rows: Int) throws {
        var session = Session(columns: columns, rows: rows, cloud: .blobs)
        session.press(.character("?"))
        try expect(Screen.canvas(of: session.state), matches: "help-\(columns)x\(rows)")
    }

    @Test("ASCII alone draws the same view")
    func ascii() throws {
        var session = Session(profile: .ascii, cloud: .blobs)
        session.press(.right, .up, .up)
        try expect(Screen.canvas(of: session.state), matches: "ascii-80x24")
    }

    @Test("ASCII borders leave the rest as it is")
    func asciiBorders() throws {
        let session = Session(options: Options(borders: .ascii, showsHints: false), cloud: .blobs)
        try expect(Screen.canvas(of: session.state), matches: "ascii-borders-80x24")
    }

    @Test("The console's font has lines and half blocks, but no eighths and no subscripts")
    func console() throws {
        let session = Session(profile: TerminalProfile(depth: .none, glyphs: .console), cloud: .blobs)
        try expect(Screen.canvas(of: session.state), matches: "console-80x24")
    }

    @Test("Each background", arguments: PlaneBackground.allCases)
    func background(_ background: PlaneBackground) throws {
        let options = Options(preferences: Preferences(plane: background), showsHints: false)
        let session = Session(columns: 120, rows: 40, options: options, cloud: .blobs)
        try expect(Screen.canvas(of: session.state), matches: "background-\(background.rawValue)-120x40")
    }

    @Test("The prompts stand in the bottom line")
    func prompts() throws {
        var session = Session(cloud: .blobs)
        session.press(.character("g"))
        try expect(Screen.canvas(of: session.state), matches: "prompt-goto-80x24")
        session.press(.escape, .character(":"))
        session.type("goto 0.4")
        try expect(Screen.canvas(of: session.state), matches: "prompt-command-80x24")
    }

    @Test("Progress stands at the right of the bottom line, beside the keys")
    func progress() throws {
        var session = Session()
        session.send(.progress(Progress(work: "encoding sample", share: 0.43, remaining: .seconds(2))))
        try expect(Screen.canvas(of: session.state), matches: "progress-80x24")
    }

    /// For one's eyes: with `LATENTWALK_SCREENS` naming a folder, screens with their colors go there as ANSI text.
    @Test(
        "Screens in color can be written out to be looked at",
        .enabled(if: ProcessInfo.processInfo.environment["LATENTWALK_SCREENS"] != nil))
    func screens() throws {
        let folder = URL(filePath: try #require(ProcessInfo.processInfo.environment["LATENTWALK_SCREENS"]))
        for (columns, rows) in [(80, 24), (200, 60)] {
            for depth in ColorDepth.allCases {
                for background in PlaneBackground.allCases {
                    let profile = TerminalProfile(depth: depth, glyphs: .blocks)
                    let options = Options(
                        preferences: Preferences(plane: background), showsHints: false)
                    var session = Session(
                        columns: columns, rows: rows, profile: profile, options: options, cloud: .blobs)
                    session.press(.right, .right, .up, .shiftRight, .character("m"), .up, .left)
                    session.wait(.seconds(5))
                    let lines = ANSIText.lines(of: Screen.canvas(of: session.state))
                    let name = "\(background.rawValue)-\(depth.rawValue)-\(columns)x\(rows).txt"
                    try (lines.joined(separator: "\n") + "\n").write(
                        to: folder.appending(path: name), atomically: true, encoding: .utf8)
                }
            }
        }
    }
}
