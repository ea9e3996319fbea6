import Numbers
import Testing

@Suite("Products of sizes")
struct ProductTests {
    @Test("Sizes are multiplied up to the limit, and not beyond")
    func limit() {
        #expect(product(of: [3, 4, 5], atMost: 60) == 60)
        #expect(product(of: [3, 4, 5], atMost: 59) == nil)
        #expect(product(of: []) == 1)
    }

    @Test("What no whole number holds has no product")
    func overflow() {
        #expect(product(of: [1 << 31, 1 << 31]) == 1 << 62)
        #expect(product(of: [1 << 32, 1 << 31]) == nil)
        #expect(product(of: [.max, .max]) == nil)
    }

    @Test("The order counts: a zero helps only before what is too large")
    func zeros() {
        #expect(product(of: [0, .max, .max]) == 0)
        #expect(product(of: [.max, .max, 0]) == nil)
    }
}
