import Curvature
import Differentiation
import Harness
import Networks
import Storage
import Surfaces
import Tensors
import Testing

/// What is derived of the points of slices, and slices where not all places are parameters.
@Suite("Measures of slices")
struct SliceMeasuresTests {
  /// The loss at a line's ends and its middle.
  private func losses(_ direction: [Float], of parts: TrainedMinimumParts) throws -> [Double] {
    let evaluation = try parts.evaluation()
    return [-1, 0, 1].map { evaluation(at: parts.moved([($0, direction)])).train.loss }
  }

  private func isClose(_ numbers: [Double], _ wanted: [Double], _ tolerance: Double = 1e-4) -> Bool {
    numbers.count == wanted.count
      && zip(numbers, wanted).allSatisfy { abs($0 - $1) <= tolerance * max(abs($0), abs($1)) + 1e-9 }
  }

  @Test("agreement, rises, curvature, cosines and remarks are those of the very lines and planes")
  func derived() throws {
    try sliced {
      $0.minimum.l2 = 0.01
      ($0.slices.lines, $0.slices.points, $0.slices.planePoints, $0.slices.planes) = (4, 3, 3, 2)
    } _: { group, parts in
      let train: [Double] = try group.variable("train_loss").elements()
      let test: [Double] = try group.variable("test_loss").elements()
      func rows(_ values: [Double], of length: Int) -> [[Double]] {
        stride(from: 0, to: values.count, by: length).map { Array(values[$0..<$0 + length]) }
      }
      let lineAgreement: Double = try group.variable("agreement").value()
      #expect(lineAgreement == agreement(rows(train, of: 3)) && lineAgreement < 0.999)
      let onPlanes = rows(try group.variable("planes/train_loss").elements(), of: 9)
      let planeAgreement: Double = try group.variable("planes/agreement").value()
      #expect(planeAgreement == agreement(onPlanes) && planeAgreement < 0.999)
      let level = try parts.evaluation()(at: parts.end)
      for (name, values, base) in [("train_rise", train, level.train.loss), ("test_rise", test, level.test.loss)] {
        let wanted = rows(values, of: 3).reduce(0) { $0 + $1[0] + $1[2] - 2 * base } / 8
        #expect(try isClose([group.variable(name).value()], [wanted]), "\(name)")
      }
      let axes = (0..<4).map { filterNormalized($0, seed: 2, of: parts) }
      let hessian = try parts.evaluation().training.hessian(at: parts.end)
      let curvatures = axes.map { Double($0.dot(hessian($0)) / $0.dot($0)) }
      #expect(try isClose(group.variable("curvature").elements(), curvatures, 1e-3))
      let cosines = [0, 2].map { Double(axes[$0].dot(axes[$0 + 1]) / (axes[$0].norm * axes[$0 + 1].norm)) }
      #expect(try isClose(group.variable("planes/cosine").elements(), cosines, 1e-3))
      // What is descended has the L2 term, and the training loss has not.
      let objective: [Double] = try group.variable("objective").elements()
      for (cell, value) in objective.enumerated() {
        let point = parts.moved([(Double(cell % 3) - 1, axes[cell / 3])])
        let wanted = try parts.evaluation().training.value(at: point)
        #expect(isClose([value], [wanted]) && value > train[cell], "\(cell)")
      }
      // Random directions hardly see the sharpest one, which is no news and no remark.
      let shares: [Double] = try group.variable("curvature_share").elements()
      #expect(shares.allSatisfy { abs($0) < 0.1 } && shares.contains { $0 != 0 }, "\(shares)")
      #expect(group.remarks == [doubt(agreement: lineAgreement, count: 4)].compactMap { $0 })
      #expect(try group.group("planes").remarks == [doubt(agreement: planeAgreement, count: 2)].compactMap { $0 })
    }
  }

  @Test(
    "directions by whole, layer and weight have the point's length so, and unit ones 1",
    arguments: ["unit", "whole", "layer", "weight"])
  func normalizations(_ name: String) throws {
    let direction = try #require(SliceDirection(rawValue: name))
    try sliced {
      ($0.slices.direction, $0.slices.lines, $0.slices.points) = (direction, 1, 3)
    } _: { group, parts in
      let drawn = drawnDirection(0, seed: 2, of: parts)
      var wanted = drawn
      func scale(_ range: Range<Int>) {
        let length = range.reduce(Float(0)) { $0 + parts.end[$1] * parts.end[$1] }.squareRoot()
        let own = range.reduce(Float(0)) { $0 + drawn[$1] * drawn[$1] }.squareRoot()
        for place in range { wanted[place] = drawn[place] * length / own }
      }
      switch direction {
      case .unit: wanted.scale(by: 1 / drawn.norm)
      case .whole: scale(0..<drawn.count)
      case .layer: parts.network.layout.blocks.forEach { scale($0.range) }
      default: drawn.indices.forEach { scale($0..<$0 + 1) }
      }
      let (found, length): ([Double], [Double]) = (
        try group.variable("train_loss").elements(), try group.variable("length").elements()
      )
      #expect(isClose(found, try losses(wanted, of: parts)))
      #expect(isClose(length, [Double(wanted.norm)]))
    }
  }

  @Test("where some places alone are parameters, others stay, and curvature is that of the parameters' part")
  func places() throws {
    try sliced {
      $0.isPruned = true
      ($0.slices.points, $0.slices.tolerance) = (3, 1e-5)
    } _: { group, parts in
      let lines = try (0..<2).flatMap { line in
        try losses(filterNormalized(line, seed: 2, of: parts, at: Slicing.places), of: parts)
      }
      #expect(try isClose(group.variable("train_loss").elements(), lines))
      let hessian = try parts.evaluation().training.hessian(at: parts.end)
      let values = try dense(RestrictedOperator(hessian, to: Slicing.places))
      #expect(try isClose([group.variable("lambda_max").value()], [values[values.count - 1]], 1e-3))
    }
    try sliced {
      $0.isPruned = true
      ($0.slices.direction, $0.slices.leftOut) = (.eigenvector, [.biases])
      ($0.slices.points, $0.slices.tolerance) = (3, 1e-5)
    } _: { group, parts in
      let hessian = try parts.evaluation().training.hessian(at: parts.end)
      let all = try dense(RestrictedOperator(hessian, to: Slicing.places))
      // The biases are 320 to 324 and 375 to 384.
      let moved = try dense(RestrictedOperator(hessian, to: [3..<40, 100..<200, 318..<320, 330..<360, 374..<375]))
      let shares = (1...2).map { moved[moved.count - $0] / all[all.count - 1] }
      #expect(try isClose(group.variable("curvature_share").elements(), shares, 1e-3))
    }
  }

  @Test("principal components without biases are those of the weights' way")
  func componentsWithoutBiases() throws {
    try sliced {
      ($0.slices.direction, $0.slices.leftOut) = (.principalComponent, [.biases])
      ($0.slices.points, $0.slices.trajectoryPoints) = (3, 2)
    } _: { group, parts in
      let places: [Double] = try group.variable("trajectory").elements()
      let lengths: [Double] = try group.variable("length").elements()
      let distance = zip(places, lengths).reduce(0) { $0 + $1.0 * $1.1 * $1.0 * $1.1 }.squareRoot()
      let weights = zip(parts.network.parameters, parts.network.layout.blocks).filter { $0.0.isWeight }
      let way = weights.flatMap { $0.1.range }.reduce(0.0) { sum, place in
        let step = Double(parts.start[place] - parts.end[place])
        return sum + step * step
      }
      #expect(isClose([distance], [way.squareRoot()]))
    }
  }
}
