import CVectors
import Tensors

/// Sixteen neighbouring elements of all the vectors that a loop goes over, or the fewer that remain at the end.
struct LaneGroup<S: Scalar> {
  let first: Int
  let count: Int

  /// The elements of one vector; lanes beyond the end are 1.
  @inline(__always)
  func load(_ source: UnsafePointer<S>) -> SIMD16<S> {
    if count == 16 { return UnsafeRawPointer(source + first).loadUnaligned(as: SIMD16<S>.self) }
    var lanes = SIMD16<S>(repeating: 1)
    for lane in 0..<count { lanes[lane] = source[first + lane] }
    return lanes
  }

  @inline(__always)
  func load(_ source: UnsafeMutablePointer<S>) -> SIMD16<S> { load(UnsafePointer(source)) }

  /// Writes the elements of one vector.
  @inline(__always)
  func store(_ lanes: SIMD16<S>, to target: UnsafeMutablePointer<S>) {
    if count == 16 {
      UnsafeMutableRawPointer(target + first).storeBytes(of: lanes, as: SIMD16<S>.self)
    } else {
      for lane in 0..<count { target[first + lane] = lanes[lane] }
    }
  }
}

/// Goes over a block of elements in groups. Inlined, so that the caller's loop is the one that is vectorized.
@inline(__always)
func forEachGroup<S: Scalar>(in block: Range<Int>, of type: S.Type, _ body: (LaneGroup<S>) -> Void) {
  var first = block.lowerBound
  while first + 16 <= block.upperBound {
    body(LaneGroup(first: first, count: 16))
    first += 16
  }
  if first < block.upperBound { body(LaneGroup(first: first, count: block.upperBound - first)) }
}

/// Goes over the first `count` elements in groups.
@inline(__always)
func forEachGroup<S: Scalar>(_ count: Int, of type: S.Type, _ body: (LaneGroup<S>) -> Void) {
  forEachGroup(in: 0..<count, of: type, body)
}

/// The square roots, each correctly rounded.
@inline(__always)
func squareRoot<S: Scalar>(_ x: SIMD16<S>) -> SIMD16<S> {
  var lanes = x
  withUnsafeMutableBytes(of: &lanes) { bytes in
    guard let base = bytes.baseAddress else { return }
    if S.self == Float.self {
      landscape_square_roots_float(base.assumingMemoryBound(to: Float.self))
    } else if S.self == Double.self {
      landscape_square_roots_double(base.assumingMemoryBound(to: Double.self))
    } else {
      let elements = base.assumingMemoryBound(to: S.self)
      for lane in 0..<16 { elements[lane] = elements[lane].squareRoot() }
    }
  }
  return lanes
}

/// The larger of two numbers in each lane; x where x is not a number.
@inline(__always)
func larger<S: Scalar>(_ x: SIMD16<S>, _ y: SIMD16<S>) -> SIMD16<S> {
  var lanes = x
  withUnsafeMutableBytes(of: &lanes) { lanes in
    withUnsafeBytes(of: y) { other in
      guard let base = lanes.baseAddress, let other = other.baseAddress else { return }
      if S.self == Float.self {
        landscape_larger_float(base.assumingMemoryBound(to: Float.self), other.assumingMemoryBound(to: Float.self))
      } else if S.self == Double.self {
        landscape_larger_double(base.assumingMemoryBound(to: Double.self), other.assumingMemoryBound(to: Double.self))
      } else {
        let (x, y) = (base.assumingMemoryBound(to: S.self), other.assumingMemoryBound(to: S.self))
        for lane in 0..<16 where y[lane] > x[lane] { x[lane] = y[lane] }
      }
    }
  }
  return lanes
}
