import ArgumentParser
import Datasets
import Files

extension Dataset.Split: ExpressibleByArgument {}

/// `latentwalk data …`: which data sets are on this computer, and how to get them.
struct DataCommand: AsyncParsableCommand, ExampledCommand {
    static let examples = [
        Example("latentwalk data"), Example("latentwalk data fetch mnist", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Show which data sets are on this computer, or fetch them.",
        discussion: help(""),
        subcommands: [List.self, Where.self, Fetch.self],
        defaultSubcommand: List.self
    )
}

extension DataCommand {
    struct List: ExampledCommand {
        static let examples = [Example("latentwalk data list")]

        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the data sets that are known by name, and where they are.",
            discussion: help(
                """
                A data set is looked for in $LATENTWALK_DATA, in the user's cache and in the system's folders, and \
                recognized by its images, not by the name of its folder.
                """)
        )

        func run() throws {
            for known in KnownDataset.allCases { try StandardOutput.write(line(known) + "\n") }
        }

        /// Name, splits, kind of place and folder; or why there is none.
        private func line(_ known: KnownDataset) -> String {
            let name = known.rawValue.padded(to: 14)
            do throws(DatasetError) {
                let (place, folder) = try DatasetLibrary.current.locate(known)
                let splits = folder.splits.map(\.rawValue).joined(separator: " ").padded(to: 11)
                return "\(name)\(splits) \(place.kind.title.padded(to: 17))\(folder.path)"
            } catch {
                return "\(name)\(error)"
            }
        }
    }

    struct Where: ExampledCommand {
        static let examples = [Example("latentwalk data where mnist", endsSoon: false)]

        static let configuration = CommandConfiguration(
            commandName: "where",
            abstract: "Print the folder of a data set.",
            discussion: help("The exit code is 66 if it is not on this computer.")
        )

        @OptionGroup
        var dataset: DatasetName

        func run() throws {
            try StandardOutput.write(try DatasetLibrary.current.find(dataset.known()).path + "\n")
        }
    }

    struct Fetch: AsyncParsableCommand, ExampledCommand {
        static let examples = [Example("latentwalk data fetch fashion-mnist", endsSoon: false)]

        static let configuration = CommandConfiguration(
            commandName: "fetch",
            abstract: "Download a data set to the user's cache, and print its folder.",
            discussion: help(
                """
                What is there already and has the right SHA-256 is left alone; a download that was stopped goes on \
                where it ended.
                """)
        )

        @OptionGroup
        var dataset: DatasetName

        @Option(
            help: ArgumentHelp(
                "Fetch from this address instead of the known ones; may be given several times.", valueName: "URL"))
        var mirror: [String] = []

        func run() async throws {
            let name = try dataset.known()
            let mirrors = mirror.isEmpty ? name.mirrors : try mirror.map { text throws(FetchError) in try Mirror(text) }
            let folder = DatasetLibrary.current.cacheFolder(of: name)
            StandardError.write("\(name.title): \(name.attribution)\n")
            let progress = FetchProgress(isTerminal: StandardError.isTerminal)
            try await DatasetFetcher(mirrors: mirrors).fetch(name.files, into: folder) { progress.show($0) }
            try StandardOutput.write(folder + "\n")
        }
    }
}

/// The argument that names a known data set.
struct DatasetName: ParsableArguments {
    @Argument(
        help: "The data set: \(KnownDataset.allCases.map(\.rawValue).joined(separator: " or ")).",
        completion: .list(KnownDataset.allCases.map(\.rawValue)))
    var name: String

    func validate() throws { _ = try known() }

    /// - Throws: `ValidationError` for what is no known data set.
    func known() throws -> KnownDataset {
        if let known = KnownDataset(rawValue: name) { return known }
        let names = KnownDataset.allCases.map(\.rawValue)
        if name == SampleDigits.name {
            throw ValidationError(
                "sample comes with the program and need not be fetched: name it with --data, or fetch "
                    + names.joined(separator: " or "))
        }
        throw ValidationError(
            "there is no data set “\(name.printable)”: "
                + (names.nearest(to: name).map { "did you mean \($0)?" } ?? "choose \(names.joined(separator: " or "))")
        )
    }
}

extension DatasetLibrary.Place.Kind {
    fileprivate var title: String {
        switch self {
        case .environment: "$LATENTWALK_DATA"
        case .cache: "cache"
        case .system: "system"
        }
    }
}

extension String {
    /// The text with spaces behind it, `width` columns wide.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
