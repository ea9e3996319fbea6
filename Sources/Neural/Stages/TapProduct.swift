import CKernels

/// One product of a ``TapConvolutionStage``: its outputs, and the table of where each one's taps are in the input.
final class TapProduct {
    let positions: Int
    let taps: Int
    /// Columns: the output's channels, as often as outputs are made together.
    let columns: Int
    let channels: Int
    /// For each group of the output's channels and each tap the place in the kernel, row by row; nil for none.
    let places: [[Int?]]
    private let sources: UnsafeMutableBufferPointer<Int32>
    private let targets: UnsafeMutableBufferPointer<Int32>

    /// - Parameters:
    ///   - vertical: of one output a step.
    ///   - kernelWidth: of the whole kernel.
    init(
        vertical: TapAxis, horizontal: TapAxis, kernelWidth: Int, from input: (channels: Int, height: Int, width: Int),
        to output: (channels: Int, height: Int, width: Int)
    ) {
        positions = vertical.count * horizontal.count
        taps = vertical.offsets.count * horizontal.offsets.count
        columns = horizontal.together * output.channels
        channels = input.channels
        places = horizontal.places.map { row in
            vertical.places[0].flatMap { y in row.map { x in y.flatMap { y in x.map { y * kernelWidth + $0 } } } }
        }
        sources = .allocate(capacity: positions * taps)
        targets = .allocate(capacity: positions)
        var (source, target) = (0, 0)
        for row in 0..<vertical.count {
            for column in 0..<horizontal.count {
                for dy in vertical.offsets {
                    let y = row * vertical.inputStep + dy
                    for dx in horizontal.offsets {
                        let x = column * horizontal.inputStep + dx
                        let isInside = (0..<input.height).contains(y) && (0..<input.width).contains(x)
                        sources.initializeElement(
                            at: source, to: isInside ? Int32((y * input.width + x) * input.channels) : -1)
                        source += 1
                    }
                }
                let y = vertical.outputStart + row * vertical.outputStep
                let x = horizontal.outputStart + column * horizontal.outputStep
                targets.initializeElement(at: target, to: Int32((y * output.width + x) * output.channels))
                target += 1
            }
        }
    }

    deinit {
        sources.deallocate()
        targets.deallocate()
    }

    var panels: Int { LinePadding.panels(columns) / Int(LW_PANEL) }
    /// Floats of its weights in panels.
    var weightCount: Int { panels * taps * channels * Int(LW_PANEL) }
    /// Multiplications of an image.
    var work: Int { positions * taps * channels * columns }

    func table(zeros: UnsafePointer<Float>) -> lw_taps {
        lw_taps(
            sources: UnsafePointer(sources.baseAddress), targets: UnsafePointer(targets.baseAddress), zeros: zeros,
            taps: Int32(taps), channels: Int32(channels), columns: Int32(columns))
    }

    /// The order of its weights in panels, from a kernel whose elements lie so far apart in PyTorch's layout; nil where
    /// some of a panel's columns are zeros.
    func panelOrder(inputStride: Int, outputStride: Int) -> [ElementOrder.Block]? {
        let width = Int(LW_PANEL)
        guard places.count == 1, columns.isMultiple(of: width) else { return nil }
        return (0..<panels).flatMap { panel in
            places[0].compactMap { place in
                place.map {
                    ElementOrder.Block(
                        start: panel * width * outputStride + $0,
                        axes: [.init(count: channels, stride: inputStride), .init(count: width, stride: outputStride)])
                }
            }
        }
    }

    /// Copies its weights into panels, from a kernel in PyTorch's layout.
    func pack(
        _ weight: UnsafePointer<Float>, inputStride: Int, outputStride: Int, into panels: UnsafeMutablePointer<Float>
    ) {
        let outputs = columns / places.count
        var target = panels
        for panel in 0..<self.panels {
            for tap in 0..<taps {
                for input in 0..<channels {
                    for lane in 0..<Int(LW_PANEL) {
                        let column = panel * Int(LW_PANEL) + lane
                        let place = column < columns ? places[column / outputs][tap] : nil
                        target[lane] =
                            place.map { weight[input * inputStride + column % outputs * outputStride + $0] } ?? 0
                    }
                    target += Int(LW_PANEL)
                }
            }
        }
    }
}
