import Importing
import Neural

/// What works on numbers, lists and types when the code runs.
extension ScriptFollower {
    mutating func plain(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch (call.name, call[0]) {
        case ("annotate", _), ("unchecked_cast", _):
            call.ignoreAll()
            return call[call.count - 1]
        case ("torch.device", _), ("torch.format", _):
            call.ignoreAll()
            return .setting(.text(""))
        case ("int", .setting(.number(let number))?) where abs(number) < 0x1p24:
            return .setting(.integer(Int(number.rounded(.towardZero))))
        case ("ops.prim.NumToTensor", let value?), ("int", let value?), ("float", let value?), ("bool", let value?),
            ("torch.scalar_tensor", let value?), ("torch.Int", let value?):
            if case .computed = value { return nil }
            call.ignore("dtype")
            return value
        case ("torch.__is__", let value?), ("torch.__isnot__", let value?):
            guard call.count == 2, case .setting(.none) = call[1] else { return nil }
            let isNone = if case .setting(.none) = value { true } else { false }
            return .setting(.boolean(isNone == (call.name == "torch.__is__")))
        case ("torch.__not__", .setting(.boolean(let flag))?): return .setting(.boolean(!flag))
        case ("torch.size", let value?):
            if case .setting(let axis)? = call[1] { return size(value, axis: axis) }
            return size(value, axis: nil)
        case ("torch.len", let value?): return elements(value).map { .setting(.integer($0.count)) }
        case ("torch.dim", .computed(let value)?):
            return .setting(.integer(assembly.shape(of: value).extents.count + 1))
        case ("ops.prim.RaiseException", _): throw unsupported("an error that it raises")
        case ("uninitialized", _):
            call.ignoreAll()
            return .setting(.none)
        case ("torch.list", let value?): return value
        case ("torch.slice", let value?):
            guard let list = elements(value), case .setting(.integer(let start))? = call[1],
                (0...list.count).contains(start)
            else { return nil }
            return call.count == 2 ? .list(Array(list[start...])) : nil
        case ("torch.add", let value?) where elements(value) != nil:
            guard let list = elements(value), let more = call[1].flatMap(elements), more.count + list.count < 1000
            else {
                return nil
            }
            return .list(list + more)
        case ("torch.eq", .setting(let one)?), ("torch.ne", .setting(let one)?):
            guard case .setting(let other)? = call[1] else { return compared(call) }
            return .setting(.boolean((one == other) == (call.name == "torch.eq")))
        default: return compared(call)
        }
    }

    /// Sizes compared; a number of samples, or what is computed of it, counts as larger than all others.
    private func compared(_ call: ScriptCall) -> Value? {
        func number(_ place: Int) -> Float? {
            if case .batch? = call[place] { .infinity } else { call[place].flatMap(ScriptCall.number) }
        }
        guard call.count == 2, let one = number(0), let other = number(1) else { return nil }
        switch call.name {
        case "torch.eq": return .setting(.boolean(one == other))
        case "torch.ne": return .setting(.boolean(one != other))
        case "torch.lt": return .setting(.boolean(one < other))
        case "torch.gt": return .setting(.boolean(one > other))
        case "torch.le": return .setting(.boolean(one <= other))
        case "torch.ge": return .setting(.boolean(one >= other))
        case "torch.mul": return multiple(call[0], call[1]) ?? multiple(call[1], call[0])
        case "torch.floordiv" where other != 0 && one.isFinite && other.isFinite:
            return Self.whole((one / other).rounded(.down))
        default: return nil
        }
    }

    /// A multiple of the number of samples.
    private func multiple(_ batch: Value?, _ number: Value?) -> Value? {
        guard case .batch(let times)? = batch, let factor = number.flatMap(ScriptCall.number), factor >= 1,
            factor == factor.rounded(), Float(times) * factor < 0x1p24
        else { return nil }
        return .batch(times: times * Int(factor))
    }

    /// A number as a setting, whole where it can be.
    static func whole(_ number: Float) -> Value {
        let isWhole = number == number.rounded() && abs(number) < 0x1p24
        return .setting(isWhole ? .integer(Int(number)) : .number(number))
    }

    /// The extents of a value with its batch, or one of them.
    private func size(_ value: Value, axis: Setting?) -> Value? {
        let sizes: [Value]
        switch value {
        case .computed(let value):
            sizes = [.batch(times: 1)] + assembly.shape(of: value).extents.map { .setting(.integer($0)) }
        case .constant(let tensor): sizes = tensor.extents.map { .setting(.integer($0)) }
        default: return nil
        }
        guard case .integer(let axis)? = axis else { return .list(sizes) }
        let place = axis < 0 ? axis + sizes.count : axis
        return sizes.indices.contains(place) ? sizes[place] : nil
    }
}
