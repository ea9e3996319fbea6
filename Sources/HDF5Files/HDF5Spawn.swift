import Files
import Platform

/// Starts the child and waits for its end.
enum HDF5Spawn {
    /// - Parameters:
    ///   - input: what becomes its standard input.
    ///   - output: what becomes its standard output.
    static func start(_ executable: String, input: Int32, output: Int32) throws(HDF5Problem) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var defaults = sigset_t()
        var none = sigset_t()
        sigfillset(&defaults)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
        let arguments = [strdup(executable), strdup(HDF5Child.argument), nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for string in arguments + variables { free(string) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, executable, &actions, &attributes, arguments, variables)
        guard code == 0 else {
            errno = code
            throw .cannotStart(lastErrorReason())
        }
        return child
    }

    /// No more than the child needs: where libraries lie, no threads for linear algebra, and no settings of HDF5's own.
    private static var environment: [(String, String)] {
        let kept = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH"].compactMap { name in
            environmentVariable(name).map { (name, $0) }
        }
        return kept + [
            ("OPENBLAS_NUM_THREADS", "1"), ("HDF5_USE_FILE_LOCKING", "FALSE"), ("HDF5_DISABLE_VERSION_CHECK", "2"),
        ]
    }

    /// - Returns: the signal that ended it; 0 where it ended by itself.
    static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F
    }
}
