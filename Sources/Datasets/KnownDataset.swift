/// The data sets that are known by name: what their classes are called, who made them, and how their files are checked.
public enum KnownDataset: String, Hashable, Sendable, CaseIterable {
    case mnist
    case fashionMNIST = "fashion-mnist"

    public var title: String {
        switch self {
        case .mnist: "MNIST"
        case .fashionMNIST: "Fashion-MNIST"
        }
    }

    /// The names of the classes by label.
    public var classNames: [String] {
        switch self {
        case .mnist:
            (0...9).map(String.init)
        case .fashionMNIST:
            [
                "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
            ]
        }
    }

    /// The package that installs the data for all users, where Debian and Ubuntu have one.
    public var debianPackage: String? {
        switch self {
        case .mnist: nil
        case .fashionMNIST: "dataset-fashion-mnist"
        }
    }

    /// Authors and terms, in a line.
    public var attribution: String {
        switch self {
        case .mnist: "Yann LeCun, Corinna Cortes and Christopher J. C. Burges; CC BY-SA 3.0"
        case .fashionMNIST: "Zalando SE (Han Xiao, Kashif Rasul, Roland Vollgraf); MIT"
        }
    }
}

// MARK: - Recognition

extension KnownDataset {
    /// MNIST's files and Fashion-MNIST's have the same names and sizes, so they are told apart by what is in them: the
    /// SHA-256 of the pixels of the first ``fingerprintImages`` images.
    static let fingerprintImages = 100

    /// The data set whose split begins with these images.
    ///
    /// - Parameter pixels: the bytes of the first ``fingerprintImages`` images.
    init?(_ split: Dataset.Split, beginsWith pixels: [UInt8]) {
        let fingerprint = SHA256.hexDigest(of: pixels)
        guard let known = KnownDataset.allCases.first(where: { $0.fingerprint(of: split) == fingerprint }) else {
            return nil
        }
        self = known
    }

    private func fingerprint(of split: Dataset.Split) -> String {
        switch (self, split) {
        case (.mnist, .train): "c8d7b3ac57a59fa463cbbcdc21a53485e2990f12ca46d0fef62dd86cadfd67a3"
        case (.mnist, .test): "8a004a2f81a80f4866259cbb77cf37af89315036b298b250b4d45c24aaa92048"
        case (.fashionMNIST, .train): "9fd5e05238929f78618002dd971c29d7154e418c5e6c5159dcbc48bead93a90f"
        case (.fashionMNIST, .test): "d8c9b85550f6c8fa33478e27cb3fe70fd34b4cc96e6ab91b911853b51fb3d527"
        }
    }
}
