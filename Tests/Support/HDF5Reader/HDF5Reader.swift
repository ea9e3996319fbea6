import HDF5Files

/// The child that reads HDF5, for tests, whose own program is the test runner.
@main
enum HDF5Reader {
    static func main() { HDF5Child.run(CommandLine.arguments) }
}
