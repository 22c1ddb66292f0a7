/// A dense row-major array of numbers with a shape.
///
/// Storage is an `Array`, so a tensor is a value: it is copied when it is written to while shared.
public struct Tensor<Element: Scalar>: Sendable, Equatable {
  /// The extents.
  public let shape: Shape
  /// The numbers, last axis fastest.
  public var elements: [Element]

  /// Creates a tensor from its elements in row-major order; their number must be the shape's count.
  public init(_ elements: [Element], shape: Shape) {
    precondition(elements.count == shape.count, "\(elements.count) elements do not fill the shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// Creates a tensor that holds one value everywhere.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public init(repeating value: Element, shape: Shape) {
    self.init([Element](repeating: value, count: shape.count), shape: shape)
  }

  /// Creates a tensor of rank 0.
  public init(scalar value: Element) { self.init([value], shape: []) }

  /// Creates a tensor of rank 1.
  public init(vector elements: [Element]) { self.init(elements, shape: [elements.count]) }

  /// The element at one index for each axis.
  public subscript(indices: Int...) -> Element {
    get { elements[offset(of: indices)] }
    set { elements[offset(of: indices)] = newValue }
  }

  /// The same elements under another shape of the same count.
  public func reshaped(to shape: Shape) -> Tensor { Tensor(elements, shape: shape) }

  private func offset(of indices: [Int]) -> Int {
    precondition(indices.count == shape.rank, "\(indices.count) indices for a tensor of shape \(shape)")
    var offset = 0
    for (index, extent) in zip(indices, shape.dimensions) {
      precondition(index >= 0 && index < extent, "index \(indices) lies outside the shape \(shape)")
      offset = offset * extent + index
    }
    return offset
  }
}
