import AnalyticObjectives
import Differentiation
import Surfaces
import Tensors
import Testing

@Suite("Slices along lines")
struct SliceTests {
  @Test("a slice has each value at its own distance, and rises are above the given level")
  func slice() {
    let slice = LineSlice(from: [1.0, 2], along: [0, 3], at: [-1, 0, 2]) { 100 * $0[0] + $0[1] }
    #expect(slice.values == [99, 102, 108] && slice.rises(above: 102) == [-3, 0, 6])
  }

  @Test("an eigenvector's share of curvature is its eigenvalue's, and random directions have the trace's")
  func shares() {
    let quadratic = Quadratic<Double>(spectrum: [10, 2] + [Double](repeating: 0, count: 198))
    let hessian = quadratic.hessian(at: quadratic.center)
    var axis = [Double](repeating: 0, count: 200)
    axis[1] = -3
    #expect(abs(curvatureShare(along: axis, of: hessian, largest: 10) - 0.2) < 1e-14)
    let random: [Double] = randoms(200, "direction")
    #expect(curvatureShare(along: random, of: hessian, largest: 10) < 0.1)
    #expect(curvatureShare(along: [Double](repeating: 0, count: 200), of: hessian, largest: 10).isNaN)
  }

  @Test("equal slices agree wholly, opposite ones not at all, and one of three alike has its share")
  func agreements() {
    func slice(_ values: [Double]) -> LineSlice { LineSlice(distances: [-1, 0, 2], values: values) }
    #expect(agreement([slice([3, 0, 5]), slice([3, 0, 5])]) == 1)
    #expect(abs(agreement([slice([-1, 0, 1]), slice([1, 0, -1])])) < 1e-15)
    // The mean curve (1, 0, 2) leaves 4 of the 8 that all values have about 1.
    #expect(abs(agreement([slice([0, 0, 3]), slice([2, 0, 1])]) - 0.5) < 1e-15)
    #expect(agreement([slice([1, 2, 3])]).isNaN && agreement([slice([1, 1, 1]), slice([1, 1, 1])]).isNaN)
    #expect(agreement([slice([1, .nan, 3]), slice([1, 2, 3])]).isNaN)
  }
}
