/// A flat array of one of the element types that files hold.
///
/// `==` compares bits, because two files are alike or not: NaN equals itself, 0 and -0 differ, and so do texts that Unicode
/// holds equal though their bytes differ.
public enum Values: Sendable, Equatable {
  /// IEEE 754 single precision: parameters.
  case float32([Float])
  /// IEEE 754 double precision: every scalar measurement.
  case float64([Double])
  /// Signed 64-bit integers: steps, counts, seeds.
  case int64([Int64])
  /// Unsigned bytes: masks and flags.
  case uint8([UInt8])
  /// UTF-8 text without the character NUL.
  case strings([String])

  /// The number of elements.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int64(let values): values.count
    case .uint8(let values): values.count
    case .strings(let values): values.count
    }
  }

  /// "float32", "float64", "int64", "uint8" or "string", as messages and listings name the type.
  public var typeName: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "int64"
    case .uint8: "uint8"
    case .strings: "string"
    }
  }

  /// Whether both hold the same bits.
  public static func == (one: Values, other: Values) -> Bool {
    switch (one, other) {
    case (.float32(let a), .float32(let b)): a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
    case (.float64(let a), .float64(let b)): a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
    case (.strings(let a), .strings(let b)): a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
    case (.int64(let a), .int64(let b)): a == b
    case (.uint8(let a), .uint8(let b)): a == b
    default: false
    }
  }

  /// The numbers as `Double`, or `nil` for strings. Integers beyond 2^53 are rounded.
  public var doubles: [Double]? {
    switch self {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int64(let values): values.map(Double.init)
    case .uint8(let values): values.map(Double.init)
    case .strings: nil
    }
  }
}
