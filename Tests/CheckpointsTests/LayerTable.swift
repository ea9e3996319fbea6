import Neural

@testable import Checkpoints

/// The table of layers in Documentation/checkpoint-format.md, from the catalog.
enum LayerTable {
    static var text: String {
        var rows = [
            "| type | values that it reads | keywords (those with a default may be left out) | tensors |",
            "|---|---|---|---|",
        ]
        // Types that differ in nothing but their names share a row.
        var groups: [(names: [String], cells: String)] = []
        for entry in LayerCatalog.entries {
            let cells = "\(inputs(entry.inputCount)) | \(keywords(entry)) | \(tensors(entry))"
            if let last = groups.last, last.cells == cells {
                groups[groups.count - 1].names.append(entry.name)
            } else {
                groups.append(([entry.name], cells))
            }
        }
        rows += groups.map { group in
            "| \(group.names.map { "`\($0)`" }.joined(separator: ", ")) | \(group.cells) |"
        }
        return rows.joined(separator: "\n")
    }

    private static func inputs(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
        return range.upperBound > 100 ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private static func keywords(_ entry: LayerEntry) -> String {
        entry.keywords.map { keyword in
            guard let standard = keyword.standard else { return "`\(keyword.name)`" }
            return "`\(keyword.name)` = \(standard.json.compactText)\(keyword.supported.isEmpty ? "" : " only")"
        }.joined(separator: ", ")
    }

    private static func tensors(_ entry: LayerEntry) -> String {
        entry.tensors.map { "`\($0)`" }.joined(separator: ", ")
    }
}
