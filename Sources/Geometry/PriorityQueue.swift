/// A binary heap, least first.
struct PriorityQueue: Sendable {
    private var heap: [(priority: Double, item: Int)] = []

    mutating func insert(_ item: Int, _ priority: Double) {
        heap.append((priority, item))
        var child = heap.count - 1
        while child > 0, heap[child].priority < heap[(child - 1) / 2].priority {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (priority: Double, item: Int)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].priority < heap[least].priority { least = child }
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
