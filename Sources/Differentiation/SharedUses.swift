import Tensors

/// A primitive whose result has rows (along its first axis), each of which depends on its own rows of some inputs and on
/// an input that all rows share, such as weights.
package protocol SharedInputPrimitive: Primitive {
  /// What each row adds to the derivative by input `shared`, as factors; `nil` where it can't be said row by row.
  ///
  /// The other inputs are known to have rows.
  func rowFactors(_ x: [Symbol], _ cotangent: Symbol, shared: Int) -> RowFactors?
}

/// What each row adds to the derivative by a shared tensor of a g b elements, read as [a, g, b]: in each of g groups the
/// sum over p positions of left' right.
package struct RowFactors {
  /// [n, g, p, a], from the values; `nil` for ones, with a = 1.
  package let left: Symbol?
  /// [n, g, p, b], from the cotangent.
  package let right: Symbol
  /// g.
  package let groups: Int
  /// p.
  package let positions: Int
  /// a.
  package let leftCount: Int
  /// b.
  package let rightCount: Int
}

/// A place where rows come to depend on a tensor that they share.
package struct SharedUse {
  /// The result that has rows.
  package let result: Symbol
  /// The number of the shared tensor among the inputs of the result's primitive.
  package let place: Int
  /// The shared tensor.
  package var shared: Symbol { result.inputs[place] }

  /// What each row adds to the derivative by the shared tensor, for a cotangent of the result; `nil` where its primitive
  /// can't say.
  package func factors(_ cotangent: Symbol) -> RowFactors? {
    guard case .primitive(let primitive) = result.node.operation else { return nil }
    return (primitive as? any SharedInputPrimitive)?.rowFactors(result.inputs, cotangent, shared: place)
  }
}

extension Graph {
  /// All places where `output`, whose rows belong to those of the inputs `rows`, comes to depend on `parameters`; `nil`
  /// where a primitive that can't tell rows apart takes both.
  ///
  /// A tensor that depends on parameters alone has rows where it is combined element by element with one that has them.
  /// That rows don't mix on the way is taken for granted.
  package func sharedUses(of parameters: Symbol, rows: [Symbol], in output: Symbol) -> [SharedUse]? {
    let count = output.index + 1
    let moves = dependents(of: [parameters], before: count)
    var hasRows = dependents(of: rows, before: count)
    let isNeeded = ancestors(of: output)
    var uses: [SharedUse] = []
    for index in (0..<count).reversed() where isNeeded[index] && moves[index] && hasRows[index] {
      guard case .primitive(let primitive) = nodes[index].operation else { return nil }
      let inputs = nodes[index].inputs
      if primitive is any ElementwisePrimitive {
        for input in inputs where moves[input] { hasRows[input] = true }
        continue
      }
      for (place, input) in inputs.enumerated() where moves[input] && !hasRows[input] {
        let othersHaveRows = inputs.indices.allSatisfy { $0 == place || hasRows[inputs[$0]] }
        guard primitive is any SharedInputPrimitive, othersHaveRows else { return nil }
        uses.append(SharedUse(result: Symbol(graph: self, index: index), place: place))
      }
    }
    // What has rows must not be read without regard to them.
    for index in 0..<count where isNeeded[index] && !hasRows[index] {
      if nodes[index].inputs.contains(where: { hasRows[$0] }) { return nil }
    }
    return uses.allSatisfy { !hasRows[$0.shared.index] } ? uses : nil
  }

  /// Which nodes `output` is computed from, itself included.
  private func ancestors(of output: Symbol) -> [Bool] {
    var found = [Bool](repeating: false, count: output.index + 1)
    found[output.index] = true
    for index in found.indices.reversed() where found[index] {
      for input in nodes[index].inputs { found[input] = true }
    }
    return found
  }
}

extension MatrixProduct: SharedInputPrimitive {
  /// Rows times weights: each row's outer product with its cotangent.
  package func rowFactors(_ x: [Symbol], _ cotangent: Symbol, shared: Int) -> RowFactors? {
    guard shared == 1, !transposeA, !transposeB else { return nil }
    return RowFactors(
      left: x[0], right: cotangent, groups: 1, positions: 1, leftCount: x[0].shape[1], rightCount: cotangent.shape[1])
  }
}

extension Convolution: SharedInputPrimitive {
  /// Images times weights: each image's patches with the cotangents of their places.
  package func rowFactors(_ x: [Symbol], _ cotangent: Symbol, shared: Int) -> RowFactors? {
    guard shared == 1 else { return nil }
    let patches = x[0].patches(geometry)
    let (groups, positions, outputs) = (geometry.groups, patches.shape[2], cotangent.shape[3] / geometry.groups)
    let right =
      groups == 1
      ? cotangent
      : cotangent.reshaped(to: [cotangent.shape[0], positions, groups, outputs]).transposed([0, 2, 1, 3])
    return RowFactors(
      left: patches, right: right, groups: groups, positions: positions, leftCount: patches.shape[3],
      rightCount: outputs)
  }
}

extension Broadcast: SharedInputPrimitive {
  /// A tensor repeated for every row: each row's sum of cotangents.
  package func rowFactors(_ x: [Symbol], _ cotangent: Symbol, shared: Int) -> RowFactors? {
    guard !axes.contains(0) else { return nil }
    return RowFactors(
      left: nil, right: cotangent.sum(over: (1..<target.rank).filter { !axes.contains($0) }), groups: 1, positions: 1,
      leftCount: 1, rightCount: x[0].shape.count)
  }
}
