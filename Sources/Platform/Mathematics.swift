// The C library's functions under whole names. They also differ from the names of methods and parameters (`log`, `exp`),
// which would hide the functions within a type.

/// eˣ.
@inlinable
public func exponential(_ x: Double) -> Double { exp(x) }

/// eˣ.
@inlinable
public func exponential(_ x: Float) -> Float { expf(x) }

/// The natural logarithm: −∞ of zero, not a number below zero.
@inlinable
public func logarithm(_ x: Double) -> Double { log(x) }

/// The natural logarithm: −∞ of zero, not a number below zero.
@inlinable
public func logarithm(_ x: Float) -> Float { logf(x) }

/// log 2π, which normal densities are divided by half of.
@inlinable
public var logTwoPi: Double { 1.837_877_066_409_345_5 }

/// The cosine of an angle in radians.
@inlinable
public func cosine(_ angle: Double) -> Double { cos(angle) }

/// The sine of an angle in radians.
@inlinable
public func sine(_ angle: Double) -> Double { sin(angle) }

/// cos(π x): the cosine of an angle in half turns.
@inlinable
public func halfTurnCosine(_ x: Double) -> Double { cos(.pi * x) }
