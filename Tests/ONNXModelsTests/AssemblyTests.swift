import Importing
import Neural
import Testing

@Suite("Graphs as they are put together")
struct AssemblyTests {
    @Test("Layers that are called the same get numbers, past those that are taken")
    func tellsNamesApart() throws {
        var assembly = GraphAssembly()
        var value = assembly.input("z", try Shape([2]))
        var names: [String] = []
        let relu = try #require(try LayerCatalog.entry(named: "ReLU")?.make([]))
        for name in ["relu", "relu_2", "relu", "relu", "", ""] {
            value = try assembly.add(relu, [value], name: name)
            names.append(assembly.name(of: value))
        }
        #expect(names == ["relu", "relu_2", "relu_3", "relu_4", "layer", "layer_2"])
    }

    @Test("The value behind reshapes is found, or the one that has a wanted shape")
    func looksBehindReshapes() throws {
        var assembly = GraphAssembly()
        let input = assembly.input("z", try Shape([8]))
        let square = try assembly.add("reshape", ["shape": .integers([2, 4])], [input], name: "square")
        let cube = try assembly.add("reshape", ["shape": .integers([2, 2, 2])], [square], name: "cube")
        #expect(assembly.unreshaped(cube) == input)
        #expect(assembly.unreshaped(cube) { $0.extents == [2, 4] } == square)
        let last = try assembly.add("ReLU", [:], [cube], name: "last")
        #expect(assembly.unreshaped(last) == last)
    }

    @Test("A chain of thousands of layers can be run")
    func runsLongChains() throws {
        var assembly = GraphAssembly()
        let input = assembly.input("z", try Shape([2, 1, 1]))
        let relu = try #require(try LayerCatalog.entry(named: "ReLU")?.make([]))
        var value = input
        for _ in 0..<10_000 { value = try assembly.add(relu, [value], name: "relu") }
        let (network, tensors) = try assembly.network(
            from: [input], to: [value], inputNames: ["z"], outputNames: ["y"], prefix: "")
        #expect(compute(network, tensors, [[-1, 3]])[0] == [0, 3])
    }

    @Test("Sums of sums, each of one value with itself, take no time that doubles with each")
    func runsDoublings() throws {
        var assembly = GraphAssembly()
        let input = assembly.input("z", try Shape([2, 1, 1]))
        let sum = try #require(try LayerCatalog.entry(named: "add")?.make([]))
        var value = input
        for _ in 0..<60 { value = try assembly.add(sum, [value, value], name: "sum") }
        value = try assembly.add(
            "permute", ["dims": .integers([0, 2, 1, 3])], [value], name: "turned")
        let (network, tensors) = try assembly.network(
            from: [input], to: [value], inputNames: ["z"], outputNames: ["y"], prefix: "")
        let wanted = Float(1 << 30) * Float(1 << 30)
        #expect(compute(network, tensors, [[-1, 3]])[0] == [-wanted, 3 * wanted])
    }
}
