import Neural

extension PickleGraph {
    /// The longest list that a setting may be.
    private static let longestList = 64
    private static let longestText = 200

    /// A plain value, as a layer's keyword or a hyper-parameter is one; nil for what is not plain.
    func setting(_ reference: Reference) -> Setting? {
        switch self[reference] {
        case .none: .some(.none)
        case .boolean(let value): .boolean(value)
        case .integer(let number): abs(Double(number)) <= Double(Setting.largestInteger) ? .integer(number) : nil
        case .number(let number): .number(Float(number))
        case .text(let text): text.utf8.count <= Self.longestText ? .text(text) : nil
        // A function or a class, by its name: `torch.nn.functional.relu`.
        case .symbol(let name): name.utf8.count <= Self.longestText ? .text(name) : nil
        case .list, .tuple, .set: elements(reference).flatMap(list)
        case .record(let number):
            scalar(records[number]).map { number in
                number == number.rounded() && abs(number) <= Double(Setting.largestInteger)
                    ? .integer(Int(number)) : .number(Float(number))
            } ?? elements(reference).flatMap(list)
        case .longInteger, .bytes, .dictionary, .persistent: nil
        }
    }

    private func list(_ elements: [Reference]) -> Setting? {
        guard elements.count <= Self.longestList else { return nil }
        var (integers, numbers): ([Int], [Float]) = ([], [])
        for element in elements {
            switch self[element] {
            case .integer(let number) where abs(Double(number)) <= Double(Setting.largestInteger):
                integers.append(number)
                numbers.append(Float(number))
            case .number(let number): numbers.append(Float(number))
            default: return nil
            }
        }
        guard numbers.count == elements.count else { return nil }
        return integers.count == elements.count ? .integers(integers) : .numbers(numbers)
    }
}
