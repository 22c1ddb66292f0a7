public import Tensors

// Indices are whole numbers in the tensors' own number type (exact to 2^24 in Float). An index out of range gives NaN where
// it is read and is a precondition failure nowhere, because it is data: who loads data checks it.

/// Row i of the result is row `indices[i]` of a matrix. Inputs: the matrix [rows, columns] and the indices [n].
public struct GatherRows: Primitive {
  /// [n, columns].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].rank == 2 && inputs[1].rank == 1, "rows of \(inputs[0]) by indices of \(inputs[1])")
    return [inputs[1][0], inputs[0][1]]
  }
  /// Adds each row of the cotangent to the row it came from.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.scatteringRows(to: x[1], of: x[0].shape[0]), nil]
  }
  /// Gathers the tangent's rows.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.gatheringRows(x[1]) }
  /// Copies rows.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (rows, columns, count) = (inputs[0][0], inputs[0][1], inputs[1][0])
    return { inputs, y in
      for target in 0..<count {
        if let row = index(inputs[1][target], below: rows) {
          (y + target * columns).update(from: inputs[0] + row * columns, count: columns)
        } else {
          (y + target * columns).update(repeating: .nan, count: columns)
        }
      }
    }
  }
}

/// Row i of a matrix is added to row `indices[i]` of a result that starts at zero: the transpose of gathering.
public struct ScatterRows: Primitive {
  /// The number of rows of the result.
  public let rows: Int
  /// [rows, columns].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 2 && inputs[1] == [inputs[0][0]], "rows of \(inputs[0]) scattered by indices of \(inputs[1])")
    return [rows, inputs[0][1]]
  }
  /// Gathers the cotangent's rows.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.gatheringRows(x[1]), nil]
  }
  /// Scatters the tangent's rows.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.scatteringRows(to: x[1], of: rows)
  }
  /// Adds rows.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (count, columns, rows) = (inputs[0][0], inputs[0][1], rows)
    return { inputs, y in
      y.update(repeating: 0, count: rows * columns)
      for source in 0..<count {
        guard let row = index(inputs[1][source], below: rows) else {
          y.update(repeating: .nan, count: rows * columns)
          return
        }
        for column in 0..<columns { y[row * columns + column] += inputs[0][source * columns + column] }
      }
    }
  }
}

/// Row i has 1 in column `indices[i]` and 0 elsewhere; it has no derivative.
public struct OneHot: Primitive {
  /// The number of columns.
  public let classes: Int
  /// [n, classes].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].rank == 1, "classes in a tensor of shape \(inputs[0])")
    return [inputs[0][0], classes]
  }
  /// None.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [nil] }
  /// None.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { nil }
  /// Compares.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (count, classes) = (inputs[0][0], classes)
    return { inputs, y in
      for row in 0..<count {
        let label = index(inputs[0][row], below: classes)
        (y + row * classes).update(repeating: label == nil ? .nan : 0, count: classes)
        if let label { y[row * classes + label] = 1 }
      }
    }
  }
}

@inline(__always)
private func index<S: Scalar>(_ value: S, below bound: Int) -> Int? {
  // By way of Float64: Int's own conversion from any number type is not specialized.
  value >= 0 && value < S(bound) ? Int(Double(value)) : nil
}
