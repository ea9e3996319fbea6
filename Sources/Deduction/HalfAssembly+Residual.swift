import Importing
import Neural

extension HalfAssembly {
    /// The block's first convolution alone, of one that begins with it.
    mutating func begin(_ block: ResidualBlock, _ choice: Choice) throws(ImportProblem) {
        guard let first = block.body.first else { return }
        try enter(block.entrance, inputs: block.inputs, node(block.path))
        if choice.scale > 1, block.enlarging ?? 0 == 0 { try enlarge(by: choice.scale, first) }
        try main(first, Choice(stride: choice.stride, padding: (first.kernel - 1) / 2))
    }

    mutating func add(_ block: ResidualBlock, _ choice: Choice) throws(ImportProblem) {
        try enter(block.entrance, inputs: block.inputs, node(block.path))
        let enlarging = choice.scale > 1 ? block.enlarging : nil
        if choice.scale > 1, enlarging == nil, let first = block.body.first { try enlarge(by: choice.scale, first) }
        let source = value
        for (index, step) in block.body.enumerated() {
            let isLast = index == block.body.count - 1
            let stride = index == 0 ? choice.stride : 1
            if index == enlarging { try enlarge(by: choice.scale, step) }
            if block.endsBare {
                for norm in step.before + (index > 0 ? block.body[index - 1].norms : []) {
                    try normalize(norm, next: nil)
                }
                if let activation {
                    value = try graph.add(activation, [value], name: node(step.layer.path) + ".activation")
                }
                try main(step, Choice(stride: stride, padding: (step.kernel - 1) / 2))
                if isLast { for norm in step.norms { try normalize(norm, next: nil) } }
            } else {
                try add(
                    step, Choice(stride: stride, padding: (step.kernel - 1) / 2), next: nil, isActive: !isLast)
            }
        }
        let body = value
        value = source
        if enlarging != nil, let first = block.skip.first { try enlarge(by: choice.scale, first) }
        for step in block.skip {
            try add(step, Choice(stride: choice.stride, padding: (step.kernel - 1) / 2), next: nil, isActive: false)
        }
        value = try graph.add("add", [:], [body, value], name: node(block.path) + ".sum")
        if !block.endsBare, let activation {
            value = try graph.add(activation, [value], name: node(block.path) + ".activation")
        }
        if let norm = block.after { try normalize(norm, next: nil) }
        if block.after != nil || block.isActiveAfter, let activation {
            value = try graph.add(activation, [value], name: node(block.path) + ".after")
        }
        if choice.pool > 1, let first = block.body.first { try pool(choice.pool, first) }
    }
}
