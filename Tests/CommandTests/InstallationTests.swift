import Foundation
import Testing

@testable import latentwalk

@Suite("Finding the program's own files")
struct InstallationTests {
    /// Makes empty files in a folder of its own, and removes them after the body.
    private func withFiles(_ files: [String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "installation-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files {
            let url = folder.appending(path: file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
        try body(folder.path)
    }

    private let model = "Models/mnist-2d.safetensors"

    @Test("An installed program finds share/latentwalk beside its bin")
    func installed() throws {
        try withFiles(["prefix/bin/latentwalk", "prefix/share/latentwalk/\(model)"]) { folder in
            let found = try Installation.find(home: nil, executable: "\(folder)/prefix/bin/latentwalk")
            #expect(found.folder == "\(folder)/prefix/share/latentwalk")
            #expect(found.shippedModel == "\(folder)/prefix/share/latentwalk/\(model)")
            #expect(found.resources == "\(folder)/prefix/share/latentwalk/Resources")
        }
    }

    @Test("A program in the build tree finds the nearest folder above it that has the files")
    func built() throws {
        try withFiles(["a/\(model)", "a/b/Resources/mnist-sample/x", "a/b/.build/debug/latentwalk"]) { folder in
            let found = try Installation.find(home: nil, executable: "\(folder)/a/b/.build/debug/latentwalk")
            #expect(found.folder == "\(folder)/a/b")
        }
    }

    @Test("The user's folder goes before all others, and is named if it is wrong; an empty name counts for none")
    func home() throws {
        try withFiles(["home/\(model)", "bin/latentwalk", "share/latentwalk/\(model)"]) { folder in
            let executable = "\(folder)/bin/latentwalk"
            let named = try Installation.find(home: "\(folder)/home", executable: executable)
            #expect(named.folder == "\(folder)/home")
            let unnamed = try Installation.find(home: "", executable: executable)
            #expect(unnamed.folder == "\(folder)/share/latentwalk")
            #expect(throws: InstallationError.wrongHome("\(folder)/bin")) {
                try Installation.find(home: "\(folder)/bin", executable: executable)
            }
        }
    }

    @Test("Where nothing is found, the sentence says what to do")
    func notFound() throws {
        try withFiles(["bin/latentwalk"]) { folder in
            let executable = "\(folder)/bin/latentwalk"
            let error = #expect(throws: InstallationError.notFound(near: executable)) {
                try Installation.find(home: nil, executable: executable)
            }
            #expect(error?.description.contains("LATENTWALK_HOME") == true)
            #expect(throws: InstallationError.notFound(near: nil)) {
                try Installation.find(home: nil, executable: nil)
            }
        }
    }
}
