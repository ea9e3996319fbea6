#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// The C library's functions under names of their own: inside a type with a method of the same name they can't be reached.
public func logarithm(_ x: Double) -> Double { log(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func sine(_ x: Double) -> Double { sin(x) }

/// cos(π x).
public func halfTurnCosine(_ x: Double) -> Double { cos(.pi * x) }
