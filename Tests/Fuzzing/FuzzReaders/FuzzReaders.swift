import CLibFuzzer
import HDF5Files
import Platform
import ReaderTargets

/// Gives a reader what libFuzzer makes up: `FUZZ_TARGET=onnx FuzzReaders FOLDER -max_total_time=60`.
@main
enum FuzzReaders {
    static let target: ReaderTarget = {
        guard let name = environmentVariable("FUZZ_TARGET"), let target = ReaderTarget(rawValue: name) else {
            let names = ReaderTarget.allCases.map(\.rawValue).joined(separator: ", ")
            let text = Array("FUZZ_TARGET names one of these: \(names)\n".utf8)
            _ = write(STDERR_FILENO, text, text.count)
            exit(64)
        }
        return target
    }()

    // The fuzzer calls back from one thread, and never lets go of it.
    nonisolated(unsafe) static let folder = MemoryFolder()

    static func main() {
        HDF5Child.run(CommandLine.arguments)
        _ = target
        atexit { FuzzReaders.folder.remove() }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        let code = LLVMFuzzerRunDriver(&count, &arguments) { bytes, size in
            let opening = FuzzReaders.target.open(
                UnsafeBufferPointer(start: bytes, count: size), in: FuzzReaders.folder)
            // Whatever happens, somebody is told, and their terminal stays as it is.
            precondition(!opening.text.isEmpty, "a sentence")
            precondition(FuzzReaders.target == .stateDict || opening.isHarmless, "no control characters")
            return 0
        }
        exit(code)
    }
}

/// libFuzzer finds this by its name.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ size: Int, _ room: Int, _ seed: UInt32) -> Int {
    var random = Randomness(seed)
    let original = Array(UnsafeBufferPointer(start: bytes, count: size))
    let mutated: [UInt8]? =
        switch FuzzReaders.target {
        // One in eight keeps no form.
        case _ where random.below(8) == 0: nil
        case .torch, .torchScript, .keras: ArchiveMutation.mutate(original, &random)
        case .onnx: MessageMutation.mutate(original, &random)
        case .safetensors, .native: HeaderMutation.mutate(original, &random)
        case .tensorFlowJS: ManifestMutation.mutate(original, &random)
        case .torchStream, .hdf5, .stateDict: nil
        }
    guard let mutated, mutated.count <= room, mutated != original else { return LLVMFuzzerMutate(bytes, size, room) }
    bytes.update(from: mutated, count: mutated.count)
    return mutated.count
}
