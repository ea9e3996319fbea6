import Checkpoints

/// A safetensors file that was opened to find out what it is, and stays open for its reader.
final class OpenSafetensors {
    let file: SafetensorsFile

    /// - Throws: ``CheckpointError``.
    init(_ path: String, access: SafetensorsFile.Access) throws(CheckpointError) {
        file = try SafetensorsFile(path, access: access)
    }
}
