public import Tensors

/// Units of one network matched with those of another.
public struct UnitMatching: Sendable, Equatable {
  /// For each group, the unit of the second network that goes to each place of the first.
  public var permutations: [[Int]]
  /// Sweeps over the groups, the last without a change if there was time.
  public var sweeps: Int
  /// Whether the last sweep changed nothing.
  public var isConverged: Bool
}

extension UnitSymmetry {
  /// The permutation of the second network's units that brings its parameters near the first's: the largest
  /// <first, permuted second> that coordinate ascent over the groups finds (weight matching, Ainsworth et al. 2023).
  ///
  /// Each group's best permutation, the others held, is a linear assignment and found exactly. Unless a start is given,
  /// the first sweep goes from the inputs to the outputs and looks only at what the units compute with; for layers in a
  /// chain it thus undoes an exact permutation. Later sweeps are in random orders, by `key`. Parameters that are not
  /// finite leave units where they are. Cost of a sweep: for a layer of m by n units O(m n (m + n)) and two
  /// assignments.
  public func weightMatching<S: Scalar>(
    _ first: [S], _ second: [S], key: Key, from start: [[Int]]? = nil, maximumSweeps: Int = 100
  ) -> UnitMatching {
    precondition(
      first.count == dimension && second.count == dimension,
      "networks of \(first.count) and \(second.count) parameters for a symmetry of \(dimension)")
    var ascent = Ascent(symmetry: self, first: first, moved: second, permutations: identity)
    guard first.dot(second).isFinite else {
      return UnitMatching(permutations: identity, sweeps: 0, isConverged: false)
    }
    if let start {
      for index in groups.indices { ascent.move(index, by: start[index]) }
    } else {
      for index in groups.indices { ascent.improve(index, where: \.isOutput) }
    }
    var sweeps = 0
    var isConverged = false
    while sweeps < maximumSweeps && !isConverged {
      var generator = key.child(sweeps).generator()
      isConverged = true
      for index in generator.permutation(groups.count) where ascent.improve(index) { isConverged = false }
      sweeps += 1
    }
    return UnitMatching(permutations: ascent.permutations, sweeps: sweeps, isConverged: isConverged)
  }

  /// The inner products of the groups' units, [units of the first, units of the second], over the places that are picked.
  func overlaps<S: Scalar>(
    _ first: [S], _ second: [S], group index: Int, where isPicked: (Place) -> Bool = { _ in true }
  ) -> [Double] {
    let units = groups[index].units
    var sums = [S](repeating: 0, count: units * units)
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        for place in groups[index].places where isPicked(place) {
          let (a, b) = (first.baseAddress! + place.offset, second.baseAddress! + place.offset)
          if place.inner == 1 {
            S.matrixProduct(
              transposeA: true, transposeB: false, rows: units, columns: units, inner: place.outer, alpha: 1, a,
              strideA: units, b, strideB: units, beta: 1, &sums, strideC: units)
            continue
          }
          for outer in 0..<place.outer {
            let start = outer * units * place.inner
            S.matrixProduct(
              transposeA: false, transposeB: true, rows: units, columns: units, inner: place.inner, alpha: 1, a + start,
              strideA: place.inner, b + start, strideB: place.inner, beta: 1, &sums, strideC: units)
          }
        }
      }
    }
    return sums.map { Double($0) }
  }
}

/// The second network on its way to the first.
private struct Ascent<S: Scalar> {
  let symmetry: UnitSymmetry
  let first: [S]
  var moved: [S]
  var permutations: [[Int]]

  mutating func move(_ index: Int, by permutation: [Int]) {
    symmetry.permute(&moved, group: index, by: permutation)
    permutations[index] = permutation.map { permutations[index][$0] }
  }

  /// Gives a group its best permutation; `false` if it has it already, but for rounding.
  @discardableResult
  mutating func improve(_ index: Int, where isPicked: (UnitSymmetry.Place) -> Bool = { _ in true }) -> Bool {
    let units = symmetry.groups[index].units
    let overlaps = symmetry.overlaps(first, moved, group: index, where: isPicked)
    guard overlaps.allSatisfy(\.isFinite) else { return false }
    let best = leastCostAssignment(overlaps.map { -$0 }, count: units)
    var gain = 0.0
    var scale = 0.0
    for (unit, source) in best.enumerated() {
      gain += overlaps[unit * units + source] - overlaps[unit * units + unit]
      scale += abs(overlaps[unit * units + source])
    }
    guard gain > 64 * Double(S.ulpOfOne) * scale else { return false }
    move(index, by: best)
    return true
  }
}
