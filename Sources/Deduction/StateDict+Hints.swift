/// What hyper-parameters beside the tensors say of sizes.
extension StateDict {
    private static let pairs = [
        ("height", "width"), ("image_height", "image_width"), ("img_height", "img_width"),
        ("input_height", "input_width"),
        ("img_h", "img_w"), ("h", "w"),
    ]
    private static let sides = [
        "image_size", "img_size", "imsize", "im_size", "img_dim", "image_dim", "image_shape", "img_shape",
        "input_shape",
        "input_size", "input_dim", "in_dim", "resolution", "input_resolution", "sample_size", "crop_size", "size",
    ]
    private static let latents = [
        "latent_dim", "latent_size", "z_dim", "latent_dims", "zdim", "n_latent", "latent", "nz", "hidden_dim_z",
        "dim_z",
        "z_size", "n_z", "latent_channels", "z_channels", "code_dim", "code_size", "latents",
    ]

    private func whole(_ name: String) -> Int? { hints[name].flatMap { Int(exactly: $0) } }

    /// The side of square pictures.
    var hintedSide: Int? {
        for (height, width) in StateDict.pairs {
            if let side = whole(height), side == whole(width), let plausible = plausible(side) { return plausible }
        }
        for name in StateDict.sides {
            // Of a list of channels, height and width, in whatever order, two are the same.
            let list = (0..<4).compactMap { whole("\(name).\($0)") }
            if (2...3).contains(list.count), let side = list.first(where: { one in list.count { $0 == one } > 1 }),
                let plausible = plausible(side)
            {
                return plausible
            }
            guard let number = whole(name) else { continue }
            if let side = plausible(number), side <= 256, side.isMultiple(of: 4) { return side }
            // All pixels of a picture in one number.
            if let side = squareRoot(number) ?? squareRoot(number / 3), number >= 256, let plausible = plausible(side),
                number == side * side || number == 3 * side * side
            {
                return plausible
            }
        }
        return nil
    }

    private func plausible(_ side: Int) -> Int? { (8...1024).contains(side) ? side : nil }

    /// How many latents, or channels of a map of them.
    var hintedLatents: Int? {
        StateDict.latents.lazy.compactMap { self.whole($0) }.first { $0 > 0 }
    }
}
