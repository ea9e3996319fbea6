import Cells
import Latent

/// Where the codes of a model of one latent lie: in each column as many cells as its share of them, stacked by class.
struct LineHistogram {
    let cloud: LatentCloud
    let grid: PlaneGrid

    /// The classes of a column's cells from the axis upward.
    ///
    /// - Parameter height: cells of the fullest column.
    /// - Returns: one list a column; classes of data without labels are 0.
    func columns(height: Int) -> [[UInt8]] {
        var counts = [[UInt8: Int]](repeating: [:], count: grid.columns)
        for image in 0..<cloud.count {
            let column = grid.column(of: cloud.means[image])
            guard counts.indices.contains(column) else { continue }
            counts[column][cloud.labels?[image] ?? 0, default: 0] += 1
        }
        let most = counts.map { $0.values.reduce(0, +) }.max() ?? 0
        return counts.map { column in
            var (below, cells): (Int, [UInt8]) = (0, [])
            for (label, count) in column.sorted(by: { $0.key < $1.key }) {
                below += count
                // What is there at all has a cell.
                let top = max(cells.isEmpty ? 1 : 0, (below * height + most / 2) / max(1, most))
                cells += Array(repeating: label, count: max(0, top - cells.count))
            }
            return cells
        }
    }
}

extension Shared {
    /// The window of a model of one latent on the plane's cells, the line in their middle row; nil for other models.
    var lineGrid: PlaneGrid? {
        guard model.latentCount == 1, let plane = layout?.plane else { return nil }
        let window = PlaneWindow(
            center: LatentPoint(explore.window.center[0], 0), span: (explore.window.span.0, .leastNormalMagnitude))
        return PlaneGrid(window, columns: plane.columns, rows: plane.rows, cellRatio: theme.profile.cellRatio)
    }
}
