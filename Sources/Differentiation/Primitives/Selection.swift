public import Tensors

/// Chosen elements of a vector.
public struct Selection: Primitive {
  /// Element i of the result is element `places[i]` of the input.
  public let places: [Int]

  /// [places].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 1 && (places.max() ?? -1) < inputs[0].count && (places.min() ?? 0) >= 0,
      "elements \(places.min() ?? 0)...\(places.max() ?? 0) of shape \(inputs[0])")
    return [places.count]
  }
  /// Puts the cotangent's elements back among zeros.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.placed(at: places, of: x[0].shape.count)]
  }
  /// Selects from the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.selected(places) }
  /// Closes the gaps, or copies element by element where places are few or out of order.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let places = places
    if let subset = denseSubset(places, of: inputs[0].count) { return { inputs, y in S.collect(subset, inputs[0], y) } }
    return { inputs, y in
      let x = inputs[0]
      places.withUnsafeBufferPointer { places in for index in places.indices { y[index] = x[places[index]] } }
    }
  }
}

/// The elements of a vector at chosen places among zeros: the transpose of ``Selection``.
public struct Placement: Primitive {
  /// Element i of the input becomes element `places[i]` of the result; no place appears twice.
  public let places: [Int]
  /// The length of the result.
  public let count: Int

  /// [count].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == [places.count], "\(inputs[0]) elements for \(places.count) places")
    return [count]
  }
  /// Selects from the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent.selected(places)] }
  /// Places the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.placed(at: places, of: count)
  }
  /// Opens gaps, or sets zeros and then copies element by element where places are few or out of order.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (places, count) = (places, count)
    if let subset = denseSubset(places, of: count) { return { inputs, y in S.spread(subset, inputs[0], y) } }
    return { inputs, y in
      y.update(repeating: 0, count: count)
      let x = inputs[0]
      places.withUnsafeBufferPointer { places in for index in places.indices { y[places[index]] = x[index] } }
    }
  }
}

/// Places as bits, where they ascend and are no rarer than one in sixteen, so that words of sixteen pay.
private func denseSubset(_ places: [Int], of count: Int) -> Subset? {
  places.count * 16 >= count ? Subset(places, of: count) : nil
}
