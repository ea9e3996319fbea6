import CKernels

extension Activation {
    /// The function's values and its slopes at some numbers, on the calling thread.
    ///
    /// - Parameters:
    ///   - numbers: `[count]`; overwritten with the values f(x).
    ///   - slopes: `[count]`; overwritten with the derivatives f′(x). Nil where they aren't wanted.
    public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int, slopes: UnsafeMutablePointer<Float>? = nil) {
        let function = FusedActivation(self)
        if let slopes {
            slopes.update(repeating: 1, count: count)
            lw_activate_backward_from_input(slopes, numbers, slopes, count, function.function, function.slope)
        }
        lw_activate(numbers, numbers, count, function.function, function.slope)
    }
}
