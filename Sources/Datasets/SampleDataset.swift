extension Dataset {
    /// The labelled MNIST digits that are installed with the program: 5,000 from the training images, so a model that
    /// was trained on MNIST has seen them. Classes take turns (0, 1, … 9, 0, …), so that each beginning is balanced.
    ///
    /// - Parameters:
    ///   - resources: the folder `Resources` of the installation.
    ///   - sizing: what the images are brought to, if they are.
    /// - Throws: ``DatasetError`` if the sample is not there or damaged.
    public static func sample(
        in resources: String, limit: Int? = nil, sizing: ImageSizing? = nil
    ) throws(DatasetError) -> Dataset {
        try IDXFolder("\(resources)/mnist-sample").load(.train, limit: limit).counted(as: "sample").brought(to: sizing)
    }
}
