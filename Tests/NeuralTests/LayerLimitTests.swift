import Testing

@testable import Neural

@Suite("Layers' limits")
struct LayerLimitTests {
    private static func convolution(_ inputs: Int, _ outputs: Int, _ kernel: Int, _ padding: Int) -> Operation {
        .convolution(
            Convolution(inputs: inputs, outputs: outputs, kernel: Extent(kernel), padding: Extent(padding)))
    }

    static let excesses: [(Operation, [Int], String)] = [
        (
            convolution(1, 1, 1023, 511), [1, 512, 512],
            "Conv2d would take more than 268435456 pixels in windows of a channel for one sample, which are the most that are "
                + "supported"
        ),
        (
            .convolution(
                Convolution(inputs: 1, outputs: 1, kernel: Extent(301), padding: Extent(300), dilation: Extent(2))),
            [1, 512, 512],
            "Conv2d would take more than 268435456 pixels in windows of a channel for one sample, which are the most that are "
                + "supported"
        ),
        (
            convolution(4096, 4096, 15, 7), [4096, 128, 128],
            "Conv2d would take more than 2199023255552 multiplications for one sample, which are the most that are supported"
        ),
        (
            .convolution(
                Convolution(inputs: 8192, outputs: 1, kernel: Extent(1023, 1), padding: Extent(511, 0))),
            [8192, 1, 32768],
            "Conv2d would take more than 536870912 numbers of a padded image for one sample, which are the most that are "
                + "supported"
        ),
        (
            .transposedConvolution(TransposedConvolution(inputs: 1, outputs: 1, kernel: Extent(1023))), [1, 2, 2],
            "ConvTranspose2d would take more than 268435456 pixels in windows of a channel for one sample, which are the "
                + "most that are supported"
        ),
        (
            .maxPooling(Pooling(kernel: Extent(511), stride: Extent(1), padding: Extent(255))), [1, 512, 512],
            "MaxPool2d would take more than 17179869184 reads of pixels for one sample, which are the most that are supported"
        ),
        (
            .averagePooling(Pooling(kernel: Extent(511), stride: Extent(1), padding: Extent(255))), [1, 512, 512],
            "AvgPool2d would take more than 17179869184 reads of pixels for one sample, which are the most that are supported"
        ),
    ]

    @Test("A small file cannot ask for hours, or for gigabytes beside its values", arguments: excesses.indices)
    func excess(_ index: Int) throws {
        let (operation, extents, sentence) = LayerLimitTests.excesses[index]
        let error = try #require(throws: ArchitectureError.self) {
            try Network(sequential: [operation], input: Shape(extents), name: "decoder")
        }
        #expect(error.description == "layer decoder.0: \(sentence)")
    }

    @Test("Large networks' layers stay possible")
    func plausible() throws {
        let layers: [(Operation, [Int])] = [
            (LayerLimitTests.convolution(512, 512, 3, 1), [512, 512, 512]),
            (LayerLimitTests.convolution(3, 64, 31, 15), [3, 512, 512]),
            (LayerLimitTests.convolution(128, 3, 3, 1), [128, 1024, 1024]),
            (
                .transposedConvolution(TransposedConvolution(inputs: 1024, outputs: 256, kernel: Extent(64))),
                [1024, 1, 1]
            ),
            (
                .transposedConvolution(
                    TransposedConvolution(
                        inputs: 512, outputs: 256, kernel: Extent(4), stride: Extent(2), padding: Extent(1))),
                [512, 256, 256]
            ),
            (.maxPooling(Pooling(kernel: Extent(13), stride: Extent(1), padding: Extent(6))), [1024, 64, 64]),
            (.averagePooling(Pooling(kernel: Extent(512))), [512, 512, 512]),
        ]
        for (operation, extents) in layers {
            #expect(throws: Never.self) { try operation.outputShape(of: [Shape(extents)]) }
        }
    }
}
