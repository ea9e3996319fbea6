import Platform

/// Seconds that a piece of work takes, by the monotonic clock.
func seconds(_ work: () -> Void) -> Double { seconds(CLOCK_MONOTONIC, work) }

/// Seconds of processor time that a piece of work takes, all threads together: what others do at the same time counts
/// less.
func processorSeconds(_ work: () -> Void) -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID, work) }

private func seconds(_ clock: clockid_t, _ work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
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
