/// The element types of safetensors files that are read.
enum SafetensorsType: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case uint8 = "U8"
  case boolean = "BOOL"

  /// Bytes of an element.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32: 4
    case .float16, .bfloat16: 2
    case .uint8, .boolean: 1
    }
  }

  /// The type that holds these elements; `nil` for texts.
  init?(of values: Values) {
    switch values {
    case .float64: self = .float64
    case .float32: self = .float32
    case .int64: self = .int64
    case .uint8: self = .uint8
    case .strings: return nil
    }
  }

  /// The elements in some bytes, whose number is a multiple of the size.
  func values(_ bytes: UnsafeRawBufferPointer) -> Values {
    switch self {
    case .float64: .float64(elements(bytes) { Double(bitPattern: UInt64(littleEndian: $0)) })
    case .float32: .float32(elements(bytes) { Float(bitPattern: UInt32(littleEndian: $0)) })
    case .float16: .float32(elements(bytes) { widened(half: UInt16(littleEndian: $0)) })
    case .bfloat16: .float32(elements(bytes) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) })
    case .int64: .int64(elements(bytes) { Int64(littleEndian: $0) })
    case .uint8, .boolean: .uint8(Array(bytes))
    }
  }

  private func elements<Bits: BitwiseCopyable, Element>(
    _ bytes: UnsafeRawBufferPointer, _ element: (Bits) -> Element
  ) -> [Element] {
    (0..<bytes.count / size).map { element(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self)) }
  }
}

/// The number that IEEE 754's half precision writes so, in single precision, which holds them all.
///
/// Not by `Float16`, which Swift lacks on Intel's Macs.
func widened(half bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10 & 0x1F)
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * 0x1p-24
    return Float(bitPattern: magnitude.bitPattern | sign)
  case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}

extension Values {
  /// Appends the elements' bytes, the lowest of each first; texts have none.
  func appendLittleEndian(to bytes: inout [UInt8]) {
    func append<Bits: FixedWidthInteger>(_ elements: [Bits]) {
      elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    switch self {
    case .float64(let values): append(values.map(\.bitPattern.littleEndian))
    case .float32(let values): append(values.map(\.bitPattern.littleEndian))
    case .int64(let values): append(values.map(\.littleEndian))
    case .uint8(let values): bytes += values
    case .strings: break
    }
  }
}
