/// The maximum, NaN if there is one.
func largest(_ values: [Double]) -> Double {
  values.contains(where: \.isNaN) ? .nan : values.max() ?? .nan
}

func rounded(_ value: Double) -> String { value.formatted(digits: 3) }

func percent(_ value: Double) -> String { "\(rounded(100 * value)) %" }

extension Double {
  /// The number with a few significant digits, for one line of text.
  fileprivate func formatted(digits: Int) -> String {
    guard isFinite, self != 0 else { return "\(self)" }
    var scale = 1.0
    var magnitude = magnitude
    while magnitude < 1 && scale < 1e12 {
      magnitude *= 10
      scale *= 10
    }
    for _ in 1..<digits { scale *= 10 }
    return "\((self * scale).rounded() / scale)"
  }
}
