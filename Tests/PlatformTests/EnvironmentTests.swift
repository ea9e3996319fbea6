import Platform
import Testing

@Suite("The environment")
struct EnvironmentTests {
    @Test("A variable that is set is told, an empty one too; one that is not set is nil")
    func variables() {
        let name = "LATENTWALK_ENVIRONMENT_TEST"
        #expect(environmentVariable(name) == nil)
        setenv(name, "größer", 1)
        #expect(environmentVariable(name) == "größer")
        setenv(name, "", 1)
        #expect(environmentVariable(name) == "")
        unsetenv(name)
    }
}
