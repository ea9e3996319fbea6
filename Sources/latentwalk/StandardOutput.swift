/// What a command gives: data for people and pipes, and nothing else.
enum StandardOutput {
    static func write(_ text: String) { print(text, terminator: "") }
}
