import Files
import Importing
import Neural

/// Follows a program's `forward` with shapes instead of numbers, and puts a graph together of the calls that it meets.
struct ScriptFollower {
    private static let mostSteps = 20_000
    private static let deepest = 64
    private static let longestLoop = 64

    /// What a variable holds.
    indirect enum Value {
        case computed(GraphAssembly.Value)
        case constant(Tensor)
        case setting(Setting)
        case list([Value])
        /// The number of samples, times a number.
        case batch(times: Int)
        case module(String)
        /// A function by its full name.
        case function(String)
    }

    let program: ScriptedProgram
    var assembly = GraphAssembly()
    var noise: [GraphAssembly.Value] = []
    private(set) var steps = 0
    private var depth = 0
    /// The first extents of views that are proven to be the number of samples that the program was traced with.
    var batches: Set<Int> = []
    /// Those that must be it if the program is to be followed, and what the views are.
    var assumedBatches: [Int: String] = [:]
    var aliases = ScriptAliases()
    /// Where the statement stands that is carried out.
    private(set) var place = ""
    /// Whether the problem that was met has its place already.
    private var isPlaced = false

    init(_ program: ScriptedProgram) { self.program = program }

    /// - Parameter picture: the shape of the first input before it is given the one that `forward` takes.
    mutating func graph(
        _ shapes: [Shape], ofPicture picture: Shape? = nil
    ) throws(ImportProblem) -> ScriptedProgram.Graph {
        let names = program.inputNames
        guard names.count == shapes.count, !names.isEmpty else {
            throw ImportProblem(.unsupported, "its forward takes \(names.count) arguments")
        }
        var inputs: [(name: String, value: GraphAssembly.Value)] = []
        var arguments: [Value] = []
        for (name, shape) in zip(names, shapes) {
            let outer = inputs.isEmpty ? picture ?? shape : shape
            let value = assembly.input(name, outer)
            inputs.append((name, value))
            let isSame = outer == shape
            arguments.append(
                isSame ? .computed(value) : try add("reshape", [("shape", .integers(shape.extents))], [value]))
        }
        let result = try call("forward", of: "", arguments, [:])
        let outputs = Self.flat(result).compactMap { value -> GraphAssembly.Value? in
            if case .computed(let value) = value { value } else { nil }
        }
        guard !outputs.isEmpty else { throw ImportProblem(.unsupported, "its forward returns no tensor") }
        try checkBatches()
        return ScriptedProgram.Graph(assembly: assembly, inputs: inputs, outputs: outputs, noise: noise)
    }

    private static func flat(_ value: Value) -> [Value] {
        if case .list(let list) = value { list.flatMap(flat) } else { [value] }
    }

    // MARK: Calls

    private mutating func call(
        _ method: String, of path: String, _ arguments: [Value], _ keywords: [String: Value]
    ) throws(ImportProblem) -> Value {
        guard let module = program.modules[path] else { throw unsupported("the module \(path)") }
        if method == "forward", let value = try layer(module, path, arguments) { return value }
        if method == "_output_padding", let padding = module.record.settings["output_padding"] {
            return .setting(padding)
        }
        guard let function = program.code.method(method, of: module.className) else {
            throw unsupported("\(module.record.kind).\(method)")
        }
        return try run(function, [.module(path)] + arguments, keywords)
    }

    private mutating func run(
        _ function: ScriptFunction, _ arguments: [Value], _ keywords: [String: Value]
    ) throws(ImportProblem) -> Value {
        guard depth < Self.deepest else { throw unsupported("functions that call each other so deep") }
        depth += 1
        let caller = place
        defer { (depth, place) = (depth - 1, caller) }
        var variables = keywords
        for (index, parameter) in function.parameters.enumerated() {
            if index < arguments.count {
                variables[parameter.name] = arguments[index]
            } else if variables[parameter.name] == nil, let preset = parameter.preset {
                variables[parameter.name] = try evaluate(preset, [:])
            }
        }
        return try run(function.body, &variables) ?? .setting(.none)
    }

    /// - Returns: what a `return` gave; nil where there was none.
    private mutating func run(
        _ statements: [ScriptStatement], _ variables: inout [String: Value]
    ) throws(ImportProblem) -> Value? {
        for statement in statements {
            place = statement.place
            do throws(ImportProblem) {
                if let value = try run(statement, &variables) { return value }
            } catch {
                guard !isPlaced else { throw error }
                isPlaced = true
                throw ImportProblem(error.kind, "\(error.reason) (\(statement.place))", advice: error.advice)
            }
        }
        return nil
    }

    private mutating func run(
        _ statement: ScriptStatement, _ variables: inout [String: Value]
    ) throws(ImportProblem) -> Value? {
        switch statement.action {
        case .nothing: break
        case .evaluate(let expression): _ = try evaluate(expression, variables)
        case .assign(_, .call(.attribute(.name("torch"), "append"), let arguments, keywords: _)):
            try append(arguments, &variables)
        case .count(let name, let bound, let body):
            guard case .setting(.integer(let count)) = try evaluate(bound, variables), count <= Self.longestLoop else {
                throw unsupported("a loop whose length depends on numbers")
            }
            for number in 0..<max(0, count) {
                variables[name] = .setting(.integer(number))
                if let value = try run(body, &variables) { return value }
            }
        case .give(let expression): return try evaluate(expression, variables)
        case .assign(let names, let expression):
            let value = try evaluate(expression, variables)
            guard names.count > 1 else {
                if let name = names.first { variables[name] = value }
                break
            }
            guard let list = elements(value) else { throw unsupported("taking a value apart") }
            for (name, element) in zip(names, list) { variables[name] = element }
        case .choose(let condition, let body, let otherwise):
            guard case .setting(.boolean(let isMet)) = try evaluate(condition, variables) else {
                throw unsupported("a condition that depends on numbers")
            }
            return try run(isMet ? body : otherwise, &variables)
        case .unsupported(let text): throw unsupported(text)
        }
        return nil
    }

    /// Adds to the list that a variable holds.
    private mutating func append(
        _ arguments: [ScriptExpression], _ variables: inout [String: Value]
    ) throws(ImportProblem) {
        guard arguments.count == 2, case .name(let name) = arguments[0], let list = variables[name].flatMap(elements)
        else {
            throw unsupported("a list that is not a variable")
        }
        let element = try evaluate(arguments[1], variables)
        guard isShallow(element, levels: 4) else { throw unsupported("lists within lists so deep") }
        variables[name] = .list(list + [element])
    }

    /// A list's elements, also of one that is a constant.
    func elements(_ value: Value) -> [Value]? {
        switch value {
        case .list(let list): list
        case .setting(.integers(let list)): list.map { .setting(.integer($0)) }
        case .setting(.numbers(let list)): list.map { .setting(.number($0)) }
        default: nil
        }
    }

    private func isShallow(_ value: Value, levels: Int) -> Bool {
        guard case .list(let list) = value else { return true }
        return levels > 0 && list.allSatisfy { isShallow($0, levels: levels - 1) }
    }

    // MARK: Expressions

    private mutating func evaluate(
        _ expression: ScriptExpression, _ variables: [String: Value]
    ) throws(ImportProblem) -> Value {
        steps += 1
        guard steps < Self.mostSteps else { throw unsupported("a program of so many steps") }
        switch expression {
        case .constant(let setting): return .setting(setting)
        case .name(let name):
            guard let value = variables[name] else { return .function(name) }
            return try current(value)
        case .list(let list), .tuple(let list):
            var values: [Value] = []
            for element in list { values.append(try evaluate(element, variables)) }
            guard values.allSatisfy({ isShallow($0, levels: 4) }) else {
                throw unsupported("lists within lists so deep")
            }
            return .list(values)
        case .element(let whole, let index):
            let whole = try evaluate(whole, variables)
            // A type: `List[int]`.
            if case .function = whole { return whole }
            guard let list = elements(whole),
                case .setting(.integer(let number)) = try evaluate(index, variables),
                list.indices.contains(number < 0 ? number + list.count : number)
            else { throw unsupported("an index of a list") }
            return try current(list[number < 0 ? number + list.count : number])
        case .attribute(let whole, let name): return try attribute(name, of: try evaluate(whole, variables))
        case .call(let callee, let arguments, let keywords):
            return try call(callee, arguments, keywords, variables)
        }
    }

    private func attribute(_ name: String, of value: Value) throws(ImportProblem) -> Value {
        switch value {
        case .function("CONSTANTS"):
            guard let tensor = program.code.constants[name] else { throw unsupported("the constant \(name)") }
            return .constant(tensor)
        case .function(let path): return .function("\(path).\(name)")
        case .module(let path):
            let full = path.isEmpty ? name : "\(path).\(name)"
            if program.modules[full] != nil { return .module(full) }
            if let tensor = program.tensors[full] { return .constant(tensor) }
            // A program is followed as it computes pictures, not as it trains.
            if name == "training" { return .setting(.boolean(false)) }
            if let setting = program.modules[path]?.record.settings[name] { return .setting(setting) }
            // What is kept nowhere is None: a bias that is not there.
            return .setting(.none)
        default: throw unsupported("the attribute \(name)")
        }
    }

    private mutating func call(
        _ callee: ScriptExpression, _ arguments: [ScriptExpression], _ keywords: [String: ScriptExpression],
        _ variables: [String: Value]
    ) throws(ImportProblem) -> Value {
        var values: [Value] = []
        for argument in arguments { values.append(try evaluate(argument, variables)) }
        var named: [String: Value] = [:]
        for (name, argument) in keywords.sorted(by: { $0.key < $1.key }) {
            named[name] = try evaluate(argument, variables)
        }
        if case .attribute(let whole, let method) = callee, case .module(let path) = try evaluate(whole, variables) {
            return try call(method, of: path, values, named)
        }
        guard case .function(let name) = try evaluate(callee, variables) else { throw unsupported("a call of a value") }
        if name == "getattr", values.count == 2, case .setting(.text(let attribute)) = values[1] {
            return try self.attribute(attribute, of: values[0])
        }
        let call = ScriptCall(name: name, arguments: values, keywords: named)
        if let value = try apply(call) {
            if let argument = call.unread {
                throw unsupported("\(name.prefix(60).printable) with \(argument.printable)")
            }
            aliases.note(call, value)
            return value
        }
        guard let function = program.code.function(named: name) else {
            throw unsupported("the function \(name.prefix(80).printable)")
        }
        return try run(function, values, named)
    }

    /// What a value is after whatever was written over it.
    private mutating func current(_ value: Value) throws(ImportProblem) -> Value {
        switch value {
        case .computed(let value):
            guard let current = aliases.current(value) else {
                throw unsupported("a value that shares its numbers with one that was overwritten")
            }
            return .computed(current)
        case .list(let list):
            var values: [Value] = []
            for element in list { values.append(try current(element)) }
            return .list(values)
        default: return value
        }
    }

    func unsupported(_ what: String) -> ImportProblem {
        ImportProblem(.unsupported, "its forward uses \(what.prefix(120)), which is not supported")
    }
}
