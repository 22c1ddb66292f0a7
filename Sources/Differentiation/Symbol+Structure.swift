public import Tensors

extension Symbol {
  /// The same elements under another shape of the same count.
  public func reshaped(to shape: Shape) -> Symbol {
    if shape == self.shape { return self }
    if let value = constantValue { return graph.constant(value, shape: shape) }
    if primitive(Reshape.self) != nil { return inputs[0].reshaped(to: shape) }
    return graph.apply(Reshape(target: shape), to: [self])
  }

  /// `count` elements of a vector from `offset` on.
  public func slice(_ offset: Int, count: Int) -> Symbol {
    if offset == 0 && count == shape.count && shape.rank == 1 { return self }
    if let value = constantValue { return graph.constant(value, shape: [count]) }
    if let outer = primitive(Slice.self) { return inputs[0].slice(outer.offset + offset, count: count) }
    if let assemble = primitive(Assemble.self) {
      for (start, part) in Swift.zip(assemble.offsets, inputs)
      where start <= offset && offset + count <= start + part.shape.count {
        return part.slice(offset - start, count: count)
      }
      let isGap = Swift.zip(assemble.offsets, inputs).allSatisfy {
        $0 + $1.shape.count <= offset || offset + count <= $0
      }
      if isGap { return graph.constant(0, shape: [count]) }
    }
    return graph.apply(Slice(offset: offset, count: count), to: [self])
  }

  /// The block of a flat vector from `offset` on, in a shape of its own.
  public func block(_ offset: Int, shape: Shape) -> Symbol { slice(offset, count: shape.count).reshaped(to: shape) }

  /// Vectors put at given places of a vector of `count` zeros.
  public static func assemble(_ parts: [(offset: Int, part: Symbol)], count: Int) -> Symbol {
    let sorted = parts.sorted { $0.offset < $1.offset }
    let graph = sorted[0].part.graph
    if sorted.count == 1 && sorted[0].part.shape == [count] { return sorted[0].part }
    let moving = sorted.filter { $0.part.constantValue != 0 }
    if moving.isEmpty { return graph.constant(0, shape: [count]) }
    return graph.apply(Assemble(offsets: moving.map(\.offset), count: count), to: moving.map(\.part))
  }

  /// The sum of tensors of one shape. Vectors assembled at different places become one assembled vector.
  public static func sum(of terms: [Symbol]) -> Symbol {
    let moving = terms.filter { $0.constantValue != 0 }
    guard let first = moving.first else { return terms[0] }
    if moving.count == 1 { return first }
    let assembled = moving.filter { $0.primitive(Assemble.self) != nil }
    if assembled.count > 1, let merged = merge(assembled) {
      return sum(of: moving.filter { $0.primitive(Assemble.self) == nil } + [merged])
    }
    return moving.dropFirst().reduce(first, +)
  }

  private static func merge(_ assembled: [Symbol]) -> Symbol? {
    var parts: [(offset: Int, part: Symbol)] = []
    for symbol in assembled {
      guard let primitive = symbol.primitive(Assemble.self) else { return nil }
      parts += Swift.zip(primitive.offsets, symbol.inputs).map { ($0, $1) }
    }
    parts.sort { $0.offset < $1.offset }
    for (a, b) in Swift.zip(parts, parts.dropFirst()) where a.offset + a.part.shape.count > b.offset { return nil }
    return assemble(parts, count: assembled[0].shape.count)
  }

  /// The sum over some axes, which disappear; over all axes by default.
  public func sum(over axes: [Int]? = nil) -> Symbol {
    let axes = (axes ?? Array(0..<shape.rank)).sorted()
    if axes.isEmpty { return self }
    if let value = constantValue {
      let reduced = axes.map { shape[$0] }.reduce(1, *)
      return graph.constant(value * Double(reduced), shape: Sum(axes: axes).shape(of: [shape]))
    }
    if let scale = primitive(Scale.self) { return scale.factor * inputs[0].sum(over: axes) }
    if primitive(Multiply.self) != nil {
      for (factor, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
        if let constant = factor.constantAlong(axes) { return constant * other.sum(over: axes) }
      }
    }
    return graph.apply(Sum(axes: axes), to: [self])
  }

  /// What a broadcast repeats along `axes`, in the shape without them; `nil` if this is not constant along them.
  private func constantAlong(_ axes: [Int]) -> Symbol? {
    guard let broadcast = primitive(Broadcast.self), broadcast.axes.allSatisfy({ !axes.contains($0) }) else {
      return nil
    }
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    let places = broadcast.axes.compactMap { kept.firstIndex(of: $0) }
    return inputs[0].broadcast(to: Shape(kept.map { shape[$0] }), along: places)
  }

  /// The mean over some axes, which disappear; over all axes by default.
  public func mean(over axes: [Int]? = nil) -> Symbol {
    let axes = axes ?? Array(0..<shape.rank)
    let count = axes.map { shape[$0] }.reduce(1, *)
    return 1 / Double(count) * sum(over: axes)
  }

  /// This tensor repeated to a larger shape; its axis i becomes axis `axes[i]`.
  public func broadcast(to target: Shape, along axes: [Int]) -> Symbol {
    if target == shape { return self }
    if let value = constantValue { return graph.constant(value, shape: target) }
    return graph.apply(Broadcast(target: target, axes: axes), to: [self])
  }

  /// This row repeated for every row of `target`: its axes become the last ones.
  public func broadcastRows(to target: Shape) -> Symbol {
    broadcast(to: target, along: Array(target.rank - shape.rank..<target.rank))
  }

  /// The axes in another order.
  public func transposed(_ order: [Int]) -> Symbol {
    if order == Array(0..<shape.rank) { return self }
    if let value = constantValue { return graph.constant(value, shape: Shape(order.map { shape[$0] })) }
    if let inner = primitive(Transpose.self) { return inputs[0].transposed(order.map { inner.order[$0] }) }
    return graph.apply(Transpose(order: order), to: [self])
  }

  /// The transposed matrix.
  public func transposed() -> Symbol { transposed([1, 0]) }

  /// The matrix product op(self) op(other); a transposed operand is read as it stands.
  public func matrixProduct(_ other: Symbol, transpose: Bool = false, transposeOther: Bool = false) -> Symbol {
    if primitive(Transpose.self) != nil {
      return inputs[0].matrixProduct(other, transpose: !transpose, transposeOther: transposeOther)
    }
    if other.primitive(Transpose.self) != nil {
      return matrixProduct(other.inputs[0], transpose: transpose, transposeOther: !transposeOther)
    }
    let product = MatrixProduct(transposeA: transpose, transposeB: transposeOther)
    if constantValue == 0 || other.constantValue == 0 {
      return graph.constant(0, shape: product.shape(of: [shape, other.shape]))
    }
    return graph.apply(product, to: [self, other])
  }

  /// Rows of this matrix by an index vector.
  public func gatheringRows(_ indices: Symbol) -> Symbol { graph.apply(GatherRows(), to: [self, indices]) }

  /// The rows of this matrix added into one of `rows` rows at the places of an index vector.
  public func scatteringRows(to indices: Symbol, of rows: Int) -> Symbol {
    graph.apply(ScatterRows(rows: rows), to: [self, indices])
  }

  /// 1 at each index, 0 elsewhere.
  public func oneHot(_ classes: Int) -> Symbol { graph.apply(OneHot(classes: classes), to: [self]) }

  /// This tensor among zeros: `before` and `after` of them along each axis.
  public func padded(before: [Int], after: [Int]) -> Symbol {
    if (before + after).allSatisfy({ $0 == 0 }) { return self }
    let padding = Pad(before: before, after: after)
    if constantValue == 0 { return graph.constant(0, shape: padding.shape(of: [shape])) }
    return graph.apply(padding, to: [self])
  }

  /// This tensor among zeros, from `before` on in a tensor of shape `target`.
  func padded(before: [Int], to target: Shape) -> Symbol {
    padded(before: before, after: before.indices.map { target[$0] - before[$0] - shape[$0] })
  }

  /// The box of shape `target` from `start` on.
  public func cropped(from start: [Int], to target: Shape) -> Symbol {
    if target == shape { return self }
    if let value = constantValue { return graph.constant(value, shape: target) }
    return graph.apply(Crop(start: start, target: target), to: [self])
  }

  /// The positions `range` along one axis.
  public func cropped(_ range: Range<Int>, axis: Int) -> Symbol {
    var start = [Int](repeating: 0, count: shape.rank)
    var extents = shape.dimensions
    start[axis] = range.lowerBound
    extents[axis] = range.count
    return cropped(from: start, to: Shape(extents))
  }

  /// Tensors one behind the other along an axis; their other extents agree.
  public static func concatenated(_ parts: [Symbol], axis: Int) -> Symbol {
    precondition(!parts.isEmpty, "nothing to concatenate")
    if parts.count == 1 { return parts[0] }
    return parts[0].graph.apply(Concatenate(axis: axis), to: parts)
  }
}
