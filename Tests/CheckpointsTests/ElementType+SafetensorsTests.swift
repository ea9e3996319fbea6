import Numbers
import Testing

@testable import Checkpoints

@Suite("Names of element types")
struct ElementTypeSafetensorsTests {
    @Test("Each type has a name of its own, which leads back to it", arguments: ElementType.allCases)
    func names(type: ElementType) {
        #expect(ElementType(safetensorsName: type.safetensorsName) == type)
    }

    @Test("Names are those of safetensors, to the letter")
    func unknown() {
        #expect(ElementType(safetensorsName: "BF16") == .bfloat16)
        #expect(ElementType(safetensorsName: "F8_E4M3") == .float8E4M3)
        #expect(ElementType(safetensorsName: "f32") == nil)
        #expect(ElementType(safetensorsName: "C64") == nil)
    }
}
