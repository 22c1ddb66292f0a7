public import Tensors

/// 0 with probability `rate`, else 1 / (1 - rate), from two random words for each example [n, 2]; it has no derivative.
///
/// Element e of an example is dropped where word e % 4 of Philox4x32-10 under the key word0 + 2^24 word1 and the counter
/// (e / 4, layer) lies below rate 2^32. Words that are no whole numbers in 0 ..< 2^24 give NaN.
public struct DropoutMask: Primitive {
  /// Which of the masks made from the same words.
  public let layer: Int
  /// The mask's shape [n, ...].
  public let target: Shape
  /// The probability of 0.
  public let rate: Double
  /// The target.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate) is not in 0 ..< 1")
    precondition(
      target.rank > 0 && inputs[0] == [target[0], 2],
      "a dropout mask of shape \(target) takes 2 words for each example, not \(inputs[0])")
    return target
  }
  /// None.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [nil] }
  /// None.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { nil }
  /// Ten rounds for four elements.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let examples = target[0]
    let count = examples == 0 ? 0 : target.count / examples
    let threshold = UInt32(rate * 0x1p32)
    let scale = S(1 / (1 - rate))
    let layer = UInt32(truncatingIfNeeded: layer)
    return { inputs, y in
      for example in 0..<examples {
        let mask = y + example * count
        guard let low = word(inputs[0][2 * example]), let high = word(inputs[0][2 * example + 1]) else {
          mask.update(repeating: .nan, count: count)
          continue
        }
        for start in stride(from: 0, to: count, by: 4) {
          let block = UInt64(start / 4)
          let bits = philox4x32(
            counter: SIMD4(UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), layer, 4),
            key: low | high << 24)
          for lane in 0..<min(4, count - start) { mask[start + lane] = bits[lane] < threshold ? 0 : scale }
        }
      }
    }
  }
}

@inline(__always)
private func word<S: Scalar>(_ value: S) -> UInt64? {
  value >= 0 && value < 0x1p24 && value == value.rounded(.down) ? UInt64(value) : nil
}
