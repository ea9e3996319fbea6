/// How outputs along one axis of a convolution depend on inputs: output `outputStart + i outputStep` (and the next ones, if
/// several are made together) sums over the inputs `i inputStep + offset`.
///
/// A convolution has one such axis. A transposed convolution of stride s has s: its outputs y = s i + p, for each phase p,
/// see the kernel's places k with y + padding − k = s · input only. So no zero is multiplied and nothing is scattered.
struct TapAxis {
    /// How many steps there are.
    let count: Int
    let inputStep: Int
    let outputStart: Int
    let outputStep: Int
    /// Which inputs are seen, from the step's own.
    let offsets: [Int]
    /// For each output of a step, and each offset, the place in the kernel; nil where that output does not see the input.
    let places: [[Int?]]

    /// How many neighboring outputs a step makes.
    var together: Int { places.count }

    /// Of a convolution with `outputs` outputs.
    ///
    /// - Parameter together: how many outputs a step makes; they divide `outputs`.
    static func convolution(outputs: Int, kernel: Int, stride: Int, padding: Int, together: Int = 1) -> TapAxis {
        let offsets = Array(-padding..<(together - 1) * stride + kernel - padding)
        return TapAxis(
            count: outputs / together, inputStep: together * stride, outputStart: 0, outputStep: together,
            offsets: offsets,
            places: (0..<together).map { member in
                offsets.map { offset in
                    let place = offset + padding - member * stride
                    return (0..<kernel).contains(place) ? place : nil
                }
            })
    }

    /// The phases of a transposed convolution from `inputs` to `outputs`.
    ///
    /// - Parameter isTogether: whether a step makes one output of each phase, which divide `outputs` then.
    static func transposed(
        inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int, isTogether: Bool = false
    ) -> [TapAxis] {
        // From one input alone each output sees one place of the kernel: a phase for each.
        let stride = inputs == 1 && !isTogether ? outputs + kernel + padding : stride
        let phases = (0..<min(stride, outputs)).map { phase in
            (0..<kernel).compactMap { place -> (offset: Int, place: Int)? in
                let distance = phase + padding - place
                return distance.isMultiple(of: stride) ? (distance / stride, place) : nil
            }
        }
        func axis(_ members: Range<Int>) -> TapAxis {
            let offsets = Set(members.flatMap { phases[$0].map(\.offset) }).sorted()
            return TapAxis(
                count: (outputs - members.lowerBound + stride - 1) / stride, inputStep: 1,
                outputStart: members.lowerBound, outputStep: stride, offsets: offsets,
                places: members.map { member in
                    offsets.map { offset in phases[member].first { $0.offset == offset }?.place }
                })
        }
        return isTogether ? [axis(phases.indices)] : phases.indices.map { axis($0..<$0 + 1) }
    }
}
