#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Seconds that a piece of work takes, by the monotonic clock.
func seconds(_ work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let begun = now()
    work()
    return now() - begun
}

/// Prints a line that leaves at once: the script waits for it.
func answer(_ line: some CustomStringConvertible) {
    print(line)
    fflush(nil)
}
