import Testing

@testable import Terminal

@Suite("Character encoding")
struct CharacterEncodingTests {
    @Test(
        "The first of LC_ALL, LC_CTYPE and LANG that is set decides",
        arguments: [
            (["LANG": "de_DE.UTF-8"], true),
            (["LANG": "de_DE.utf8"], true),
            (["LC_ALL": "C", "LANG": "de_DE.UTF-8"], false),
            (["LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"], true),
            (["LC_CTYPE": "en_US.ISO-8859-1", "LANG": "en_US.UTF-8"], false),
            ([:], false),
        ])
    func effectiveVariable(environment: [String: String], expected: Bool) {
        #expect(CharacterEncoding.namesUTF8(environment) == expected)
    }
}
