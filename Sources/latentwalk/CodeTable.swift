import Datasets
import Files
import Inference
import Latent
import Pictures
import VAE

/// What `encode` writes.
enum CodeFormat: String {
    case csv, npy

    /// - Returns: nil for a name with another suffix.
    init?(path: String) {
        // A name that begins with its only dot is a hidden file's and has no suffix.
        guard let dot = path.lastIndex(of: "."), dot > path.startIndex, path[path.index(before: dot)] != "/",
            let format = CodeFormat(rawValue: path[dot...].dropFirst().lowercased())
        else { return nil }
        self = format
    }
}

/// Images with the means and the standard deviations of their posteriors.
struct CodeTable {
    let images: NamedImages
    let latents: Int
    /// Who tells what images look like, if that is asked for.
    var lookAlikes: LookAlikes?

    /// `image,label,looks_like,share,mu_0,…,sigma_0,…`; without labels there is no such column, and no two others that nobody
    /// asked for.
    var header: String {
        let columns =
            ["image"] + (images.dataset.hasLabels ? ["label"] : [])
            + (lookAlikes == nil ? [] : ["looks_like", "share"]) + (0..<latents).map { "mu_\($0)" }
            + (0..<latents).map { "sigma_\($0)" }
        return columns.joined(separator: ",") + "\n"
    }

    /// A line an image of a range.
    func lines(_ range: Range<Int>, _ posteriors: Posteriors) -> String {
        let numbers = numbers(range.count, posteriors)
        return range.enumerated().map { place, index in
            let code = LatentPoint(Array(posteriors.means[place * latents..<(place + 1) * latents]))
            let names =
                [images.name(index)] + (images.dataset.hasLabels ? [images.label(index)] : [])
                + look(of: index, at: code)
            let values = numbers[place * 2 * latents..<(place + 1) * 2 * latents].map(\.description)
            return (names.map { csvField($0.printable) } + values).joined(separator: ",") + "\n"
        }.joined()
    }

    private func look(of index: Int, at code: LatentPoint) -> [String] {
        guard let lookAlikes else { return [] }
        guard let answer = lookAlikes.answer(for: index, of: images.dataset, at: code) else { return ["", ""] }
        return [answer.className, answer.share.description]
    }

    /// μ, then σ, `[count, 2·latents]`.
    private func numbers(_ count: Int, _ posteriors: Posteriors) -> [Float] {
        let deviations = posteriors.deviations
        return (0..<count).flatMap { image in
            let range = image * latents..<(image + 1) * latents
            return posteriors.means[range] + deviations[range]
        }
    }

    /// - Throws: `FileError`; there is then no file, or the one that was there.
    func write(to path: String, as format: CodeFormat, by inference: ImageInference) throws(FileError) {
        try AtomicFile.write(to: path) { (file: borrowing FileWriter) throws(FileError) in
            switch format {
            case .csv:
                try file.write(Array(header.utf8))
                try inference.encode(images.dataset) { (range, posteriors) throws(FileError) in
                    try file.write(Array(lines(range, posteriors).utf8))
                }
            case .npy:
                var all: [Float] = []
                inference.encode(images.dataset) { range, posteriors in all += numbers(range.count, posteriors) }
                try file.write(NPYHeader.file(of: all, shape: [images.dataset.count, 2 * latents]))
            }
        }
    }
}

/// A field of CSV, quoted where it must be (RFC 4180).
func csvField(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
}
