import Neural
import Testing

@testable import TorchFiles

@Suite("TorchScript's code as text")
struct PythonLiteralTests {
    @Test(
        "Constants are read as they are written",
        arguments: [
            ("True", .boolean(true)), ("None", .some(.none)), ("-3", .integer(-3)), ("0.5", .number(0.5)),
            ("1.0000000000000001e-05", .number(1e-5)), ("(2, 2)", .integers([2, 2])),
            ("[-1, 4, ]", .integers([-1, 4])),
            ("[2., 2.]", .numbers([2, 2])), ("\"zeros\"", .text("zeros")), ("()", .integers([])), ("x", nil),
            ("f(2)", nil), ("[2, x]", nil), ("", nil), ("9999999999999999999999", .number(1e22)), ("nan", nil),
        ] as [(String, Setting?)])
    func constants(text: String, expected: Setting?) {
        #expect(PythonLiteral.setting(text) == expected)
    }

    @Test("Arguments are what stands between commas outside of brackets and quotation marks")
    func arguments() {
        #expect(
            PythonLiteral.arguments(of: "a, [1, 2], f(b, c), \"x, y\", ") == ["a", "[1, 2]", "f(b, c)", "\"x, y\""])
        #expect(PythonLiteral.bracketed("(a, (b), \")\") + c"[...]) == "a, (b), \")\"")
        #expect(PythonLiteral.bracketed("(a, (b)"[...]) == nil)
    }

    private func scriptedClass(_ lines: [String]) -> ScriptedClass {
        ScriptedClass(lines.map { ScriptFunctionParser.Line($0[...], number: 1, of: "net.py") })
    }

    @Test("Calls within calls give their settings; code that is none gives nothing")
    func calls() {
        let body = ["    _0 = torch.leaky_relu(torch.conv2d(x, w, b, [2, 2], [1, 1], [1, 1]), 0.2)"]
        #expect(
            scriptedClass(body).settings == [
                "stride": .integers([2, 2]), "padding": .integers([1, 1]), "dilation": .integers([1, 1]),
                "negative_slope": .number(0.2),
            ])
        #expect(
            scriptedClass(["torch.conv2d((((", "torch.", "= torch.flatten(", "x : Final[int"]).settings
                .isEmpty)
    }
}
