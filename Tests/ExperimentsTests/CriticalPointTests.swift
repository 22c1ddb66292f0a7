import AnalyticObjectives
import Configuration
import Curvature
import Differentiation
import Harness
import HessianSpectrum
import Networks
import Storage
import Tensors
import Testing

@Suite("The search for critical points")
struct CriticalPointTests {
  /// f = sum over i of (x_i^2 - 1)^2 / 4: 3^n critical points with every x_i in {-1, 0, 1}; each 0 is a direction of descent
  /// and costs 1/4.
  private final class DoubleWells: Objective {
    let dimension: Int
    init(_ dimension: Int) { self.dimension = dimension }
    func value(at x: [Double]) -> Double { x.reduce(0) { $0 + ($1 * $1 - 1) * ($1 * $1 - 1) / 4 } }
    func gradient(at x: [Double], into gradient: inout [Double]) -> Double {
      gradient = x.map { $0 * ($0 * $0 - 1) }
      return value(at: x)
    }
    func hessian(at x: [Double]) -> any LinearOperator<Double> {
      var elements = [Double](repeating: 0, count: dimension * dimension)
      for index in x.indices { elements[index * dimension + index] = 3 * x[index] * x[index] - 1 }
      return DenseMatrix(elements, dimension: dimension)
    }
  }

  @Test("the only critical point of an indefinite quadratic is found, with its index", arguments: [0, 30])
  func quadratic(descent: Int) throws {
    let spectrum = [-3, -0.5, 0.2, 1, 4.0]
    let center = [1, -2, 0.5, 0, 3.0]
    let saddle = Quadratic<Double>(spectrum: spectrum, rotatedBy: Key(seed: 5), center: center)
    let found = try CriticalPointSearch(descentSteps: descent)(of: saddle, from: [4, 4, -1, 2, 0.3])
    #expect(found.ending == .critical && found.gradientNorm <= 1e-8)
    #expect(zip(found.point, center).allSatisfy { abs($0 - $1) < 1e-7 })
    #expect(zip(found.eigenvalues, spectrum).allSatisfy { abs($0 - $1) < 1e-10 })
    #expect(negativeShare(found.eigenvalues, floor: 1e-8) == 0.4)
  }

  @Test("among wells the search ends at points of the known lattice, of every index, and the loss rises with it")
  func wells() throws {
    let wells = DoubleWells(3)
    var generator = Key(seed: 2).generator()
    var losses: [Double] = []
    var indices: [Double] = []
    for _ in 0..<60 {
      let start = (0..<3).map { _ in 0.8 * generator.normal() }
      let end = try CriticalPointSearch(descentSteps: 10)(of: wells, from: start)
      guard end.ending == .critical else { continue }
      #expect(end.point.allSatisfy { abs(abs($0) - abs($0).rounded()) < 1e-7 && abs($0) < 1.5 })
      losses.append(end.value)
      indices.append(negativeShare(end.eigenvalues, floor: 1e-8))
      #expect(abs(end.value - 0.75 * (indices.last ?? .nan)) < 1e-9)
    }
    #expect(losses.count > 40)
    #expect(distinctPoints(losses: losses, indices: indices).count == 4)
  }

  @Test("where the squared norm has a minimum that is no zero the search doesn't call it critical")
  func flat() throws {
    // A ramp with a bowl across: the gradient is never below 1.
    final class Ramp: Objective {
      let dimension = 2
      func value(at x: [Double]) -> Double { x[0] + x[1] * x[1] }
      func gradient(at x: [Double], into gradient: inout [Double]) -> Double {
        gradient = [1, 2 * x[1]]
        return value(at: x)
      }
      func hessian(at x: [Double]) -> any LinearOperator<Double> { DenseMatrix([0, 0, 0, 2], dimension: 2) }
    }
    let end = try CriticalPointSearch(kicks: 2)(of: Ramp(), from: [0.5, 3])
    #expect(end.ending == .flatGradient && abs(end.gradientNorm - 1) < 1e-6)
  }

  @Test("a NaN ends the search as broken")
  func broken() throws {
    let saddle = Quadratic<Double>(spectrum: [1, .nan])
    #expect(try CriticalPointSearch(descentSteps: 3)(of: saddle, from: [1, 1]).ending == .broken)
  }

  @Test("the index counts eigenvalues below minus the floor, and points are told apart by loss and index")
  func analysis() {
    #expect(negativeShare([-1, -1e-9, 0, 2], floor: 1e-8) == 0.25)
    #expect(negativeShare([], floor: 0).isNaN && negativeShare([1, .nan], floor: 0).isNaN)
    #expect(distinctPoints(losses: [1, 1 + 1e-9, 2, 1], indices: [0.5, 0.5, 0.5, 0.25]) == [0, 2, 3])
    #expect(evenlySpread(3, over: 9) == [0, 4, 8] && evenlySpread(5, over: 3) == [0, 1, 2])
    #expect(evenlySpread(1, over: 4) == [0] && evenlySpread(0, over: 4).isEmpty && evenlySpread(2, over: 2) == [0, 1])
  }
}

@Suite("Blocks of a Hessian")
struct HessianBlockTests {
  @Test("layers gather their tensors, a subset is one more block, and an unknown name is told with those there are")
  func groups() throws {
    var layout = ParameterLayout()
    for (name, shape) in [("dense1/weight", [3, 2] as Shape), ("dense1/bias", [2]), ("dense2/weight", [2, 5])] {
      layout.append(name, shape: shape)
    }
    let layers = try parameterGroups(layout, by: .layers, subset: ["dense1/bias"])
    #expect(layers.map(\.name) == ["dense1", "dense2", "subset"] && layers.map(\.count) == [8, 10, 2])
    #expect(layers[0].places == [0..<6, 6..<8] && layers[2].places == [6..<8])
    #expect(try parameterGroups(layout, by: .tensors, subset: []).map(\.name) == layout.blocks.map(\.name))
    #expect(try parameterGroups(layout, by: .none, subset: ["dense2/weight"]).map(\.places) == [[8..<18]])
    #expect(try parameterGroups(layout, by: .none, subset: []).isEmpty)
    #expect(throws: ConfigurationError.self) { try parameterGroups(layout, by: .layers, subset: ["dense3/bias"]) }
  }
}
