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
    // The mean curve (0, 1, 2) leaves 4 of the 8 that all values have about 1.
    #expect(abs(agreement([slice([0, 0, 3]), slice([0, 2, 1])]) - 0.5) < 1e-15)
    #expect(agreement([slice([1, 2, 3])]).isNaN && agreement([slice([1, 1, 1]), slice([1, 1, 1])]).isNaN)
    #expect(agreement([slice([1, .nan, 3]), slice([1, 2, 3])]).isNaN)
  }

  @Test("on a quadratic a slice is the closed form, and its curvature along the axes that of the matrix")
  func quadratic() {
    let quadratic = Quadratic<Double>(spectrum: [8, 4, 1, 0.5, 0, -0.25, -3])
    let hessian = quadratic.hessian(at: quadratic.center)
    let axes: [[Double]] = [randoms(7, "u"), randoms(7, "v")]
    let bends = axes.map { $0.dot(hessian($0)) }
    let mixed = axes[0].dot(hessian(axes[1]))
    let level = quadratic.value(at: quadratic.center)
    var grid = GridValues(cells: 6, quantities: 1)
    let (alphas, betas) = ([-2.0, 0, 1.5], [0.5, 3])
    grid.compute { cell in
      var point = quadratic.center
      point.add(alphas[cell / 2], times: axes[0])
      point.add(betas[cell % 2], times: axes[1])
      return [quadratic.value(at: point)]
    }
    for (cell, value) in grid.fields[0].enumerated() {
      let (a, b) = (alphas[cell / 2], betas[cell % 2])
      #expect(abs(value - level - (a * a * bends[0] + 2 * a * b * mixed + b * b * bends[1]) / 2) < 1e-12)
    }
    for (axis, bend) in zip(axes, bends) {
      #expect(abs(curvatureShare(along: axis, of: hessian, largest: 8) - bend / axis.dot(axis) / 8) < 1e-14)
    }
  }

  @Test("planes agree as lines do, from their values alone")
  func planes() {
    #expect(abs(agreement([[0, 0, 3], [2, 0, 1]]) - 0.5) < 1e-15)
    #expect(agreement([[Double]]()).isNaN && agreement([[1, 2], [.nan, 2]]).isNaN)
  }

  @Test("a point is far from convex where its smallest eigenvalue is negative and above a tenth of the largest in size")
  func nonconvex() {
    #expect(nonconvexShare(smallest: [-0.05, -0.2, -1, 0.9], largest: [1, 1, 20, 1]) == 0.25)
    #expect(nonconvexShare(smallest: [-1, 0, -1], largest: [-0.5, 0, 3]) == 2.0 / 3)
    #expect(nonconvexShare(smallest: [-1, -1], largest: [.nan, 1]).isNaN)
    #expect(
      nonconvexShare(smallest: [-1, .nan], largest: [1, 1]).isNaN && nonconvexShare(smallest: [], largest: []).isNaN)
    #expect(nonconvexShare(smallest: [-0.2], largest: [1], threshold: 0.3) == 0)
  }

  @Test(
    "the correlation of repeats is that of pictures with a common part, whatever their number", arguments: [2, 5, 20])
  func correlation(count: Int) {
    // A common part of variance 1 and parts of their own of variance 0.25 at 4,000 places: 0.8.
    var generator = Key(seed: 3).child(count).generator()
    let common: [Double] = generator.normals(4_000)
    let pictures = (0..<count).map { _ in
      let own: [Double] = generator.normals(4_000)
      return zip(common, own).map { $0 + $1 / 2 }
    }
    let apart = (0..<count).map { _ in generator.normals(4_000) as [Double] }
    #expect(abs(correlationOfRepeats(agreement: agreement(pictures), count: count) - 0.8) < 0.03)
    #expect(abs(correlationOfRepeats(agreement: agreement(apart), count: count)) < 0.03)
    #expect(doubt(agreement: agreement(pictures), count: count) == nil)
    #expect(doubt(agreement: agreement(apart), count: count) != nil)
  }

  @Test("repeats are doubted where they correlate by less than a half, and nothing else is")
  func credibility() {
    #expect(doubt(agreement: 0.75, count: 2) == nil && doubt(agreement: 0.74, count: 2) != nil)
    #expect(doubt(agreement: 0.55, count: 10) == nil)
    #expect(doubt(agreement: 0.54, count: 10)?.hasSuffix("they correlate by 0.49") == true)
    #expect(doubt(agreement: .nan, count: 3) == nil)
    #expect(correlationOfRepeats(agreement: 1, count: 1).isNaN && doubt(agreement: 0, count: 1) == nil)
  }
}
