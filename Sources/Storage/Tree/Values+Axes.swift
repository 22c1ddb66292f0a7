package import Tensors

extension Values {
  /// The elements of an array with its axes in another order: axis k of the result is axis `axes[k]` of `shape`, which these
  /// elements fill. Cost: one pass.
  package func permuted(_ shape: Shape, axes: [Int]) -> Values {
    let places = Self.places(shape, axes: axes)
    func chosen<Element>(_ elements: [Element]) -> [Element] { places.map { elements[$0] } }
    return switch self {
    case .float32(let elements): .float32(chosen(elements))
    case .float64(let elements): .float64(chosen(elements))
    case .int64(let elements): .int64(chosen(elements))
    case .uint8(let elements): .uint8(chosen(elements))
    case .strings(let elements): .strings(chosen(elements))
    }
  }

  /// Where each element of the result stands.
  private static func places(_ shape: Shape, axes: [Int]) -> [Int] {
    precondition(axes.sorted() == Array(0..<shape.rank), "the axes \(axes) are no order of those of \(shape)")
    let strides = shape.strides
    var places = [0]
    for axis in axes {
      places = places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
    }
    return places
  }
}
