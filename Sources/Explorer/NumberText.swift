/// Numbers as the screen shows them: fixed digits, so that columns stay where they are.
extension Typography {
    /// With its sign always, and never "−0.00": "+0.42".
    func signed(_ value: Float, digits: Int) -> String {
        let text = unsigned(value, digits: digits)
        let isZero = !text.unicodeScalars.contains { ("1"..."9").contains($0) }
        return (value < 0 && !isZero ? String(minus) : "+") + text
    }

    /// With a minus only where there is one: "−3", "0", "2.5".
    func plain(_ value: Float, digits: Int) -> String {
        let text = signed(value, digits: digits)
        return text.hasPrefix("+") ? String(text.dropFirst()) : text
    }

    /// The magnitude: "0.42".
    func unsigned(_ value: Float, digits: Int) -> String {
        let scale = Self.powerOfTen(digits)
        let scaled = (abs(Double(value)) * scale).rounded()
        guard scaled < 1e15 else { return value.isNaN ? "?" : "huge" }
        let units = Int(scaled)
        let whole = units / Int(scale)
        guard digits > 0 else { return String(whole) }
        let fraction = String(units % Int(scale))
        return "\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// From…to, for a range's title: "−3.0…3.0".
    func range(_ range: ClosedRange<Float>) -> String {
        let digits = Self.digits(for: (range.upperBound - range.lowerBound) / 30)
        return plain(range.lowerBound, digits: digits) + ellipsis + plain(range.upperBound, digits: digits)
    }

    /// "61 µs", "1.2 ms", "3.4 s"; the number four columns wide.
    func duration(_ duration: Duration) -> String {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        switch seconds {
        case ..<0.001: return padded(unsigned(Float(seconds * 1e6), digits: 0), 4) + " \(micro)s"
        case ..<1: return padded(unsigned(Float(seconds * 1e3), digits: 1), 4) + " ms"
        default: return padded(unsigned(Float(seconds), digits: 1), 4) + " s"
        }
    }

    /// "87 %"
    static func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }

    /// With commas at the thousands: "60,000".
    func count(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0 && (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Digits behind the point that tell steps of this size apart: two for 0.15, none for 1.
    static func digits(for step: Float) -> Int {
        guard step.isFinite, step > 0 else { return 2 }
        var digits = 0
        var scaled = Double(step)
        while scaled < 0.999_999 && digits < 8 {
            scaled *= 10
            digits += 1
        }
        return digits
    }

    private static func powerOfTen(_ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }
}
