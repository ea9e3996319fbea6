// swift-tools-version: 6.0
import PackageDescription

// Who may import whom: the dependencies below point one way only, as ARCHITECTURE.md draws them.

/// Linear algebra comes from one library a platform: OpenBLAS on Linux, Accelerate on macOS.
let blas: [Target.Dependency] = [.target(name: "COpenBLAS", condition: .when(platforms: [.linux]))]

/// Debian names its HDF5 after the way in which it was built.
#if os(Linux)
    let hdf5Package = "hdf5-serial"
#else
    let hdf5Package = "hdf5"
#endif

/// Homebrew keeps its ncurses out of the way; Debian's is in the default folders, and its flags only draw warnings.
#if os(Linux)
    let ncursesPackage: String? = nil
#else
    let ncursesPackage: String? = "ncursesw"
#endif

let package = Package(
    name: "latentwalk",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "latentwalk", targets: ["latentwalk"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0"),
    ],
    targets: [
        // System libraries, each imported by one module.
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CNCurses", pkgConfig: ncursesPackage,
            providers: [.apt(["libncurses-dev"]), .brew(["ncurses"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        // giflib has no file for pkg-config.
        .systemLibrary(
            name: "CGIF",
            providers: [.apt(["libgif-dev"]), .brew(["giflib"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CZip", pkgConfig: "libzip",
            providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
        .systemLibrary(
            name: "CHDF5", pkgConfig: hdf5Package,
            providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

        // C, where Swift cannot go: loops compiled for several processors, and signal handlers.
        .target(name: "CKernels"),
        .target(name: "CCrashGuard"),

        // What everything may use.
        .target(name: "Platform"),
        .target(name: "Numbers"),
        .target(name: "Files", dependencies: ["Platform"]),
        .target(name: "JSON"),
        .target(name: "Archives", dependencies: ["Files", "CZip"]),

        // The numerics.
        .target(name: "Neural", dependencies: ["CKernels", "Numbers", "Platform"] + blas),
        .target(name: "VAE", dependencies: ["Latent", "Neural", "Platform"]),
        .target(name: "Latent", dependencies: ["Platform"]),
        // What the readers of other frameworks' models share.
        .target(name: "Importing", dependencies: ["VAE", "Neural"]),
        .target(name: "Checkpoints", dependencies: ["Importing", "VAE", "Neural", "Files", "JSON", "Numbers"]),
        // HDF5, read in a process of its own.
        .target(name: "HDF5Files", dependencies: ["CHDF5", "Files", "Platform"]),
        .target(
            name: "KerasModels",
            dependencies: [
                "Archives", "Numbers", "HDF5Files", "Importing", "VAE", "Neural", "Files", "JSON", "Platform",
            ]),
        .target(
            name: "TorchFiles", dependencies: ["Archives", "Files", "Importing", "Neural", "Numbers", "VAE"]),
        .target(
            name: "ONNXModels",
            dependencies: [
                "Importing", "VAE", "Neural", "Files", "Numbers", "Platform",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Messages/onnx.proto"]),
        // What a state dict does not say, found out.
        .target(name: "Deduction", dependencies: ["Importing", "VAE", "Neural", "Platform"]),
        // The door for all of them.
        .target(
            name: "ModelFiles",
            dependencies: [
                "Archives", "Checkpoints", "Deduction", "Importing", "KerasModels", "ONNXModels", "TorchFiles", "VAE",
                "Neural", "Numbers", "Files", "JSON",
            ]),
        .target(
            name: "Datasets",
            // macOS has CryptoKit.
            dependencies: [
                "Archives", "Files", "Numbers", "Pictures", "Platform", "CZlib",
                .target(name: "CCrypto", condition: .when(platforms: [.linux])),
            ],
            linkerSettings: [.linkedLibrary("curl", .when(platforms: [.linux]))]),
        .target(name: "Geometry", dependencies: ["VAE", "Neural", "Latent", "Platform"]),
        .target(name: "Inference", dependencies: ["Geometry", "Latent", "VAE", "Neural", "Datasets", "Platform"]),
        .target(
            name: "Training", dependencies: ["Inference", "Latent", "VAE", "Neural", "Datasets", "Platform"]),

        .target(
            name: "EventFiles",
            dependencies: ["Files", "Numbers", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["Messages/event.proto"]),
        .target(
            name: "Runs",
            dependencies: [
                "Checkpoints", "Datasets", "EventFiles", "Files", "JSON", "ModelFiles", "Neural", "Platform",
                "Training",
                "VAE",
            ]),

        // The screen.
        .target(name: "Cells"),
        .target(
            name: "Pictures", dependencies: ["CGIF", "CPNG", "CTurboJPEG", "Files", "Numbers"],
            // Where Homebrew puts giflib, which pkg-config does not know.
            linkerSettings: [.unsafeFlags(["-L/opt/homebrew/lib"], .when(platforms: [.macOS]))]),
        .target(name: "Shading", dependencies: ["Cells", "Pictures", "Platform"]),
        .target(name: "Terminal", dependencies: ["Cells", "Platform", "CNCurses", "CCrashGuard"]),
        .target(name: "Explorer", dependencies: ["Cells", "Pictures", "Shading", "Latent", "Platform"]),
        .target(
            name: "Session",
            dependencies: [
                "Explorer", "Terminal", "Cells", "Geometry", "Inference", "Latent", "Pictures", "VAE", "Neural",
                "Datasets", "Training", "Runs", "Files", "Platform",
            ]),

        // The explorer's side of `make bench`: keys typed into a pseudo-terminal.
        .executableTarget(name: "ExplorerBenchmark", dependencies: ["Platform", "PseudoTerminal"]),
        // The engine's side of `make bench`.
        .executableTarget(
            name: "EngineBenchmark",
            dependencies: [
                "Checkpoints", "Geometry", "Inference", "Latent", "ModelFiles", "Neural", "Platform", "Training", "VAE",
            ]),
        // The shading's side of `make bench`.
        .executableTarget(name: "ShadingBenchmark", dependencies: ["Cells", "Pictures", "Platform", "Shading"]),

        .executableTarget(
            name: "latentwalk",
            dependencies: [
                "Session", "Explorer", "Terminal", "Checkpoints", "ModelFiles", "Importing", "Deduction", "HDF5Files",
                "ONNXModels", "Datasets", "Runs", "Training", "Inference", "VAE", "Neural", "Geometry", "Latent",
                "Files", "JSON",
                "Cells", "Pictures", "Platform", "Shading",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .testTarget(name: "ArchivesTests", dependencies: ["Archives"]),
        .testTarget(name: "CellsTests", dependencies: ["Cells"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Importing", "ModelFiles",
                "latentwalk", "Cells", "Checkpoints", "Datasets", "GIFReader", "Inference", "JSON", "Latent", "Neural",
                "Pictures", "PseudoTerminal", "Runs", "Terminal", "Training", "VAE",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "DatasetsTests", dependencies: ["Datasets", "Pictures", "CZip", "CZlib"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CheckpointsTests",
            dependencies: ["Checkpoints", "Importing", "VAE", "Neural", "Files", "JSON", "Numbers", "Platform"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "DeductionTests", dependencies: ["Deduction", "Importing", "Neural", "VAE"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "EventFilesTests", dependencies: ["EventFiles", "Files"], resources: [.copy("Fixtures")]),
        .testTarget(
            name: "ExplorerTests", dependencies: ["Explorer", "Cells", "Latent", "Pictures", "Shading"],
            exclude: ["Snapshots"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "Platform", "SmallDisk"]),
        .testTarget(
            name: "GeometryTests", dependencies: ["ModelFiles", "Geometry", "Checkpoints", "Latent", "Neural", "VAE"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "HDF5FilesTests", dependencies: ["HDF5Files", "PseudoTerminal", "hdf5-reader"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "HostileFilesTests", dependencies: ["PseudoTerminal", "model-opener"],
            resources: [.copy("Corpus"), .copy("Fixtures")]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(
            name: "KerasModelsTests",
            dependencies: [
                "KerasModels", "HDF5Files", "Importing", "JSON", "Neural", "Platform", "PseudoTerminal", "VAE",
                "hdf5-reader",
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "LatentTests", dependencies: ["Latent"]),
        .testTarget(
            name: "ModelFilesTests",
            dependencies: ["ModelFiles", "Checkpoints", "Deduction", "Importing", "Neural", "VAE"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "NeuralTests", dependencies: ["Neural", "Platform"], resources: [.copy("Fixtures")]),
        .testTarget(name: "NumbersTests", dependencies: ["Numbers"]),
        .testTarget(
            name: "ONNXModelsTests", dependencies: ["ONNXModels", "Importing", "VAE", "Neural", "Files", "Numbers"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "PlatformTests", dependencies: ["Platform"]),
        .testTarget(
            name: "RunsTests",
            dependencies: [
                "ModelFiles",
                "Runs", "Checkpoints", "Datasets", "EventFiles", "Files", "JSON", "Neural", "SmallDisk", "Training",
                "VAE",
            ]),
        .testTarget(
            name: "ShadingTests", dependencies: ["Shading", "Cells", "Pictures"]),
        .testTarget(name: "VAETests", dependencies: ["VAE", "Neural", "Platform", "AllocationCounter"]),
        .testTarget(
            name: "WholeProgramTests", dependencies: ["latentwalk", "Platform", "PseudoTerminal"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "PicturesTests", dependencies: ["Pictures", "CPNG", "Files", "GIFReader"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "Session", "Explorer", "Cells", "Datasets", "Geometry", "Inference", "Latent", "Neural", "Pictures",
                "Platform", "Runs", "Training", "VAE",
            ]),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "ModelFiles",
                "Inference", "Checkpoints", "Geometry", "Latent", "VAE", "Neural", "Datasets", "Platform",
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "Inference", "VAE", "Neural", "Datasets", "Platform", "AllocationCounter"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "TorchFilesTests", dependencies: ["TorchFiles", "Importing", "Neural", "VAE"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Cells", "PseudoTerminal", "terminal-demo"]),

        // What tests run on, and what they run.
        .target(name: "AllocationCounter", path: "Tests/Support/AllocationCounter"),
        .target(name: "GIFReader", dependencies: ["CGIF"], path: "Tests/Support/GIFReader"),
        .target(name: "SmallDisk", dependencies: ["Platform"], path: "Tests/Support/SmallDisk"),
        .executableTarget(name: "hdf5-reader", dependencies: ["HDF5Files"], path: "Tests/Support/HDF5Reader"),
        .executableTarget(
            name: "model-opener", dependencies: ["HDF5Files", "Platform", "ReaderTargets"],
            path: "Tests/Support/ModelOpener"),
        .target(
            name: "ReaderTargets",
            dependencies: ["Checkpoints", "Deduction", "Importing", "ModelFiles", "Neural", "Platform", "VAE"],
            path: "Tests/Support/ReaderTargets"),
        .target(name: "PseudoTerminal", dependencies: ["Platform"], path: "Tests/Support/PseudoTerminal"),
        .executableTarget(
            name: "terminal-demo", dependencies: ["Terminal", "Cells", "Platform"], path: "Tests/Support/TerminalDemo"),
    ],
    swiftLanguageModes: [.v6]
)

// What `make fuzz` builds; its runtime is not part of every Swift.
if Context.environment["LATENTWALK_FUZZ"] != nil {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzzing/CLibFuzzer"),
        .executableTarget(
            name: "FuzzReaders", dependencies: ["CLibFuzzer", "HDF5Files", "JSON", "Platform", "ReaderTargets"],
            path: "Tests/Fuzzing/FuzzReaders"),
    ]
}
