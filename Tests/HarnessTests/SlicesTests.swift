import Curvature
import Differentiation
import Harness
import Networks
import Storage
import Surfaces
import Tensors
import Testing

@Suite("Slices of a run")
struct SlicesTests {
  @Test(
    "every point of lines and planes has the losses of evaluation there, with a batch norm's moments computed at the point",
    arguments: [false, true])
  func values(isConvolutional: Bool) throws {
    try sliced {
      $0.slices.points = 3
      $0.slices.planePoints = 2
      $0.slices.reach = 0.5
      guard isConvolutional else { return }
      $0.minimum.network = NetworkSettings()
      $0.minimum.network.design.architecture = .resNet
      ($0.minimum.network.design.width, $0.minimum.network.design.depth) = (2, 8)
      ($0.minimum.steps, $0.minimum.batchSize, $0.minimum.data.trainCount) = (10, 20, 40)
      $0.slices.leftOut = [.biases, .norms]
    } _: { group, parts in
      let axes = (0..<2).map { filterNormalized($0, seed: 2, of: parts, withoutBiases: isConvolutional) }
      let losses: [Double] = try group.variable("train_loss").elements()
      let errors: [Double] = try group.variable("test_error").elements()
      for (cell, distance) in [-0.5, 0, 0.5, -0.5, 0, 0.5].enumerated() {
        let (train, test) = try parts.evaluation()(at: parts.moved([(distance, axes[cell / 3])]))
        #expect(abs(losses[cell] - train.loss) < 1e-4 * train.loss, "\(cell)")
        #expect(abs(errors[cell] - test.error) < 0.04, "\(cell)")
      }
      let planes = try group.group("planes")
      #expect(try planes.variable("train_loss").dimensions == ["plane", "alpha", "beta"])
      let onPlane: [Double] = try planes.variable("test_loss").elements()
      for (cell, place) in [(-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)].enumerated() {
        let wanted = try parts.evaluation()(at: parts.moved([(place.0, axes[0]), (place.1, axes[1])])).test.loss
        #expect(abs(onPlane[cell] - wanted) < 1e-4 * wanted, "\(cell)")
      }
      let moments = try parts.evaluation().normalization
      #expect(group.attributes["normalization"]?.text == moments)
      #expect(group.variables.contains { $0.name == "objective" } == isConvolutional)
      let lengths: [Double] = try group.variable("length").elements()
      #expect(abs(lengths[1] - Double(axes[1].norm)) < 1e-5 * lengths[1])
    }
  }

  @Test("along eigenvectors the curvature is the eigenvalues', and with biases left out that of the weights' part")
  func eigenvectors() throws {
    for leftOut in [[], [LeftOutParameters.biases]] {
      try sliced {
        $0.slices.direction = .eigenvector
        $0.slices.leftOut = leftOut
        ($0.slices.lines, $0.slices.points, $0.slices.tolerance) = (3, 3, 1e-5)
      } _: { group, parts in
        let hessian = try parts.evaluation().training.hessian(at: parts.end)
        let weights = parts.network.parts.filter { leftOut.isEmpty || $0.kind != .bias }.map(\.range)
        let whole = try dense(hessian)
        let part = try dense(RestrictedOperator(hessian, to: weights))
        let shares: [Double] = try group.variable("curvature_share").elements()
        for line in 0..<3 {
          let wanted = part[part.count - 1 - line] / whole[whole.count - 1]
          #expect(abs(shares[line] - wanted) < 1e-3, "\(leftOut) \(line)")
        }
        let largest: Double = try group.variable("lambda_max").value()
        #expect(abs(largest - whole[whole.count - 1]) < 1e-3 * largest)
        #expect(try group.variable("agreement").value(Double.self).isNaN)
      }
    }
  }

  @Test("the smallest and largest eigenvalue on a plane are those of the whole Hessian there")
  func planeEigenvalues() throws {
    try sliced {
      ($0.slices.points, $0.slices.planePoints, $0.slices.hasPlaneEigenvalues) = (3, 3, true)
      ($0.slices.lines, $0.slices.planes) = (4, 2)
    } _: { group, parts in
      let axes = (0..<4).map { filterNormalized($0, seed: 2, of: parts, withoutBiases: false) }
      let planes = try group.group("planes")
      let largest: [Double] = try planes.variable("lambda_max").elements()
      let smallest: [Double] = try planes.variable("lambda_min").elements()
      var nonconvex = [0.0, 0]
      for cell in 0..<18 {
        let (alpha, beta) = (Double(cell / 3 % 3) - 1, Double(cell % 3) - 1)
        let point = parts.moved([(alpha, axes[2 * (cell / 9)]), (beta, axes[2 * (cell / 9) + 1])])
        let values = try dense(try parts.evaluation().training.hessian(at: point))
        let scale = values[values.count - 1]
        #expect(abs(largest[cell] - scale) < 2e-3 * scale, "\(cell)")
        #expect(abs(smallest[cell] - values[0]) < 2e-3 * scale, "\(cell)")
        if -values[0] > 0.1 * scale { nonconvex[cell / 9] += 1.0 / 9 }
      }
      let shares: [Double] = try planes.variable("nonconvex_share").elements()
      #expect(zip(shares, nonconvex).allSatisfy { abs($0 - $1) < 1e-12 } && nonconvex[0] > 0)
      let agreement: Double = try planes.variable("agreement").value()
      #expect(agreement > 0.3 && agreement <= 1)
    }
  }

  @Test("principal components of a trajectory that is trained anew hold all of it, and the start at its distance")
  func principalComponents() throws {
    try sliced {
      $0.slices.direction = .principalComponent
      ($0.slices.lines, $0.slices.points, $0.slices.planePoints, $0.slices.trajectoryPoints) = (3, 3, 3, 2)
    } _: { group, parts in
      // Steps 0, 15 and 30, the end: two directions.
      let steps = try group.dimension("step").coordinates.flatMap(Int.elements)
      #expect(steps == [0, 15, 30])
      let shares: [Double] = try group.variable("trajectory_share").elements()
      #expect(shares.count == 2 && abs(shares[0] + shares[1] - 1) < 1e-9 && shares[0] > 0.5)
      let places: [Double] = try group.variable("trajectory").elements()
      let lengths: [Double] = try group.variable("length").elements()
      var way = parts.start
      way.add(-1, times: parts.end)
      let (alpha, beta) = (places[0] * lengths[0], places[1] * lengths[1])
      let distance = (alpha * alpha + beta * beta).squareRoot()
      #expect(abs(distance - Double(way.norm)) < 1e-4 * distance)
      // One is as far as the trajectory goes along a direction.
      #expect((0..<2).allSatisfy { abs(max(abs(places[$0]), abs(places[2 + $0])) - 1) < 1e-9 })
      #expect(abs(places[4]) < 1e-6 && abs(places[5]) < 1e-6)
      #expect(try group.group("planes").variable("train_loss").shape == [1, 3, 3])
    }
  }

  @Test("a point that its training does not lead to has no trajectory, and the run says so")
  func elsewhere() throws {
    try sliced {
      ($0.slices.direction, $0.isMoved) = (.principalComponent, true)
    } _: { group, _ in
      #expect(group.variables.isEmpty)
      #expect(group.remarks.count == 1 && group.remarks[0].contains("training made anew by the recipe ends elsewhere"))
    }
  }

  @Test("directions scaled to weights that are zero are zero, and the run says so")
  func zeroDirections() throws {
    try sliced {
      $0.minimum.network.design.initialization.law = .zero
      ($0.minimum.steps, $0.slices.lines, $0.slices.points) = (0, 3, 3)
    } _: { group, _ in
      let curvatures: [Double] = try group.variable("curvature").elements()
      #expect(curvatures.allSatisfy { $0.isNaN })
      #expect(group.remarks == ["3 of 3 directions are zero, as are the weights they are scaled to"])
    }
  }

  @Test("settings that don't go together are named")
  func conflicts() {
    func words(_ change: (inout SliceSettings) -> Void) -> String {
      var settings = SliceSettings(lines: 3)
      change(&settings)
      return settings.conflict ?? ""
    }
    #expect(words { _ in }.isEmpty && words { $0.planePoints = 5 }.isEmpty)
    #expect(words { ($0.planePoints, $0.planes) = (5, 2) }.contains("2 planes need 4 lines"))
    #expect(words { ($0.planePoints, $0.lines) = (5, 0) }.contains("needs two lines"))
    #expect(words { $0.hasPlaneEigenvalues = true }.contains("set plane_points"))
    #expect(words { $0.leftOut = [.norms, .norms] }.contains("twice"))
  }
}
