import Neural
import Testing

@Suite("Inner products")
struct InnerProductsTests {
    @Test(
        "Each is the sum of the products of two vectors' numbers, of short vectors and of long ones",
        arguments: [3, 1300])
    func products(length: Int) {
        let count = 5
        let vectors = (0..<count * length).map { Float($0 * 37 % 101) / 50 - 1 }
        let products = innerProducts(of: vectors, count: count)
        for one in 0..<count {
            for other in 0..<count {
                var exact = 0.0
                for place in 0..<length {
                    exact += Double(vectors[one * length + place]) * Double(vectors[other * length + place])
                }
                #expect(abs(products[one * count + other] - exact) < 1e-4 * Double(length))
            }
        }
    }

    @Test("Of no vectors there are none")
    func none() {
        #expect(innerProducts(of: [], count: 0).isEmpty)
    }
}
