import Cells
import Latent
import Pictures
import Shading

/// The pictures of the Train view, drawn once and kept until something that they show has changed: most frames bring a
/// new point of a curve and nothing else.
struct DrawnPictures: Sendable {
    struct Key: Hashable {
        var pictures: Int
        var layout: TrainLayout
        var look: PictureLook
    }

    private(set) var key: Key?
    /// Each as large as the inside of its frame.
    private(set) var manifold = Canvas(Size(columns: 0, rows: 0))
    private(set) var strip = Canvas(Size(columns: 0, rows: 0))

    init() {}

    fileprivate init(_ shared: Shared, key: Key) {
        self.key = key
        let run = shared[TrainView.self]
        let shader = shared.shader
        func draw(_ pictures: [Picture], at places: [Rect], inside pane: Rect) -> Canvas {
            let inner = pane.inset(by: 1)
            var canvas = Canvas(inner.size)
            for (picture, place) in zip(pictures, places) {
                let rect = Rect(
                    column: place.column - inner.column, row: place.row - inner.row, columns: place.columns,
                    rows: place.rows)
                shader.draw(picture, into: &canvas, rect: rect)
            }
            return canvas
        }
        if let pictures = run.pictures, pictures.number == run.request?.number {
            manifold = draw(pictures.tiles, at: shared.tileGrid.places, inside: key.layout.manifold)
            if let strip = key.layout.strip {
                let places = shared.stripPlaces(strip)
                let count = places.count
                self.strip = draw(
                    Array(pictures.images.prefix(count) + pictures.reconstructions.prefix(count)),
                    at: places.prefix(pictures.images.count).map(\.image)
                        + places.prefix(pictures.reconstructions.count).map(\.reconstruction), inside: strip)
            }
        }
    }
}

extension Shared {
    /// Draws the pictures anew where they have changed.
    mutating func refreshDrawnPictures() {
        let run = self[TrainView.self]
        if let pane = trainLayout.plane {
            var plane = run.plane
            plane.refresh(self, grid: planeGrid(in: pane.inset(by: 1)))
            owned.update(TrainView.self) { $0.plane = plane }
        }
        let key = DrawnPictures.Key(
            pictures: run.picturesCount, layout: trainLayout, look: look)
        guard key != run.drawn.key else { return }
        let drawn = DrawnPictures(self, key: key)
        owned.update(TrainView.self) { $0.drawn = drawn }
    }
}

extension Canvas {
    /// Copies another canvas to a place.
    mutating func copy(_ other: Canvas, column: Int, row: Int) {
        for line in 0..<other.size.rows {
            for place in 0..<other.size.columns { self[column + place, row + line] = other[place, line] }
        }
    }
}
