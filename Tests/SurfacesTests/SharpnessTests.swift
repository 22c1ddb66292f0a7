import AnalyticObjectives
import Differentiation
import Surfaces
import Tensors
import Testing

@Suite("Measures of sharpness")
struct SharpnessTests {
  private let spectrum: [Double] = [40, 7, 1, 0.2, 3]
  private let center: [Double] = [0.5, -2, 1, 0, 3]
  private let key = Key(seed: 8)

  @Test("Keskar's box on a diagonal quadratic is its closed form, at the minimum and beside it", arguments: [0.0, 0.3])
  func box(offset: Double) {
    let quadratic = Quadratic<Double>(spectrum: spectrum, center: center)
    let point = center.map { $0 + offset }
    let found = BoxSharpness(epsilon: 1e-2).measure(quadratic, at: point, key: key)
    let value = spectrum.reduce(0) { $0 + $1 * offset * offset / 2 }
    var rise = 0.0
    for (a, x) in zip(spectrum, point) {
      let width = 1e-2 * (abs(x) + 1)
      rise += a * offset * width + a * width * width / 2
    }
    #expect(abs(found.value - value) < 1e-13)
    #expect(abs(found.rise - rise) < 1e-12 * rise, "\(found.rise) and \(rise)")
    #expect(abs(found.sharpness - 100 * rise / (1 + value)) < 1e-12 * 100 * rise)
  }

  @Test("a maximum inside of the box is found by quasi-Newton steps")
  func interior() {
    // A negative definite quadratic, its peak within the box of half width 0.5 (|1| + 1) about 1.
    let peak: [Double] = [1.3, 0.8, 1.5, 0.9]
    let hill = Quadratic<Double>(spectrum: [-100, -10, -1, -30], rotatedBy: Key(seed: 2), center: peak)
    let found = BoxSharpness(epsilon: 0.5, iterations: 60).measure(hill, at: [1, 1, 1, 1], key: key)
    #expect(found.value < -1 && abs(found.maximum) < 1e-8, "\(found)")
    // And with a peak beyond one side the maximum lies on that side.
    let outside = Quadratic<Double>(spectrum: [-3, -5], center: [4, 1])
    let side = BoxSharpness(epsilon: 0.5, iterations: 60).measure(outside, at: [1, 1], key: key)
    #expect(abs(side.maximum - -3 * 4 / 2) < 1e-8)
  }

  @Test("in a random subspace of an isotropic quadratic the box has its closed form, and the whole space is the most")
  func subspace() {
    let round = Quadratic<Double>(spectrum: [Double](repeating: 6, count: 30))
    let origin = [Double](repeating: 0, count: 30)
    for dimension in [1, 4] {
      let found = BoxSharpness(epsilon: 0.1).measure(round, at: origin, inSubspaceOf: dimension, key: key)
      #expect(abs(found.rise - Double(dimension) * 6 * 0.01 / 2) < 1e-12)
    }
    let subspace = RandomSubspace(of: round, at: origin, dimension: 50, key: key)
    #expect(subspace.dimension == 30)
    let place: [Double] = randoms(30, "place")
    #expect(distance(subspace.components(of: subspace.point(place)), place) < 1e-12)
  }

  @Test("a subspace's gradient and Hessian are those of the objective along it")
  func subspaceDerivatives() {
    let quadratic = Quadratic<Double>(spectrum: spectrum, rotatedBy: Key(seed: 5), center: center)
    let subspace = RandomSubspace(of: quadratic, at: randoms(5, "origin"), dimension: 3, key: key)
    let place: [Double] = randoms(3, "place")
    let direction: [Double] = randoms(3, "direction")
    let gradient = subspace.gradient(at: place)
    let hessian = subspace.hessian(at: place)
    func value(_ step: Double) -> Double {
      subspace.value(at: zip(place, direction).map { $0 + step * $1 })
    }
    #expect(abs((value(1e-4) - value(-1e-4)) / 2e-4 - gradient.dot(direction)) < 1e-7)
    let second = (value(1e-2) + value(-1e-2) - 2 * value(0)) / 1e-4
    #expect(abs(second - hessian(direction).dot(direction)) < 1e-7)
  }

  @Test("the largest rise within a radius of a minimum is rho^2 lambda_max / 2, whatever the rotation")
  func ascent() {
    let quadratic = Quadratic<Double>(spectrum: spectrum, rotatedBy: Key(seed: 5), center: center)
    let found = AscentSharpness(radius: 0.1, steps: 30).measure(quadratic, at: center, key: key)
    #expect(found.oneStep == 0 && abs(found.maximum - 0.01 * 40 / 2) < 1e-12)
  }

  @Test("one ascent step goes along the gradient, and the maximum is no less")
  func oneStep() {
    let quadratic = Quadratic<Double>(spectrum: [4, 4, 4])
    let found = AscentSharpness(radius: 0.5).measure(quadratic, at: [3, 0, 4], key: key)
    // On an isotropic quadratic the gradient's direction is the best: 4 (|x| + rho)^2 / 2.
    #expect(abs(found.oneStep - (2 * 5.5 * 5.5 - 50)) < 1e-12)
    #expect(found.maximum >= found.oneStep && found.maximum < found.oneStep + 1e-9)
  }

  @Test("adaptive sharpness of a diagonal quadratic at its minimum is rho^2 max a x^2 / 2")
  func adaptive() {
    let center: [Double] = [0.5, -2, 1, 0, 1]
    let quadratic = Quadratic<Double>(spectrum: spectrum, center: center)
    let found = AscentSharpness(radius: 0.1, scale: .relative(), steps: 40).measure(quadratic, at: center, key: key)
    #expect(abs(found.maximum - 0.01 * 28 / 2) < 1e-9)
    let stabilized = AscentSharpness(radius: 0.1, scale: .relative(stabilizer: 1), steps: 40)
      .measure(quadratic, at: center, key: key)
    #expect(abs(stabilized.maximum - 0.01 * 40 * 2.25 / 2) < 1e-9)
  }

  @Test("a constant doesn't rise, and an objective of NaN has no sharpness")
  func degenerate() {
    let flat = Quadratic<Double>(spectrum: [0, 0])
    #expect(AscentSharpness().measure(flat, at: [1, 1], key: key).maximum == 0)
    #expect(BoxSharpness().measure(flat, at: [1, 1], key: key).rise == 0)
    let broken = Quadratic<Double>(spectrum: [.nan, 1])
    let rise = AscentSharpness().measure(broken, at: [1, 1], key: key)
    #expect(rise.maximum.isNaN && rise.oneStep.isNaN)
    #expect(BoxSharpness().measure(broken, at: [1, 1], key: key).maximum.isNaN)
  }

  @Test("noise raises a quadratic by sigma^2 trace / 2 wherever it starts, within its standard error")
  func noise() {
    let quadratic = Quadratic<Double>(spectrum: spectrum, rotatedBy: Key(seed: 5), center: center)
    let point: [Double] = [1, 2, 3, 4, 5]
    let found = NoiseSharpness(of: quadratic, at: point, deviation: 0.2, pairs: 2000, key: key)
    let expected = 0.04 * 51.2 / 2
    #expect(found.standardError < 0.03 * expected && abs(found.mean - expected) < 4 * found.standardError)
    let diagonal = Quadratic<Double>(spectrum: spectrum, center: center)
    let relative = NoiseSharpness(of: diagonal, at: center, deviation: 0.2, scale: .relative(), pairs: 2000, key: key)
    let weighted = 0.04 * (40 * 0.25 + 7 * 4 + 1 + 3 * 9) / 2
    #expect(abs(relative.mean - weighted) < 4 * relative.standardError)
    #expect(NoiseSharpness(of: quadratic, at: point, deviation: 0.2, pairs: 1, key: key).standardError.isNaN)
  }

  @Test("relative flatness is the sum over pairs of units of inner products times traces")
  func relativeFlatness() {
    let quadratic = Quadratic<Double>(spectrum: [5, 4, 3, 2, 1, 0.5, 7, 6], rotatedBy: Key(seed: 6))
    let matrix = quadratic.denseMatrix
    let point: [Double] = randoms(8, "weights")
    // A weight of 3 inputs and 2 units at the places 1 ..< 7.
    let part = ParameterPart(1..<7, units: 2, kind: .weight)
    var expected = 0.0
    for s in 0..<2 {
      for t in 0..<2 {
        var product = 0.0
        var trace = 0.0
        for input in 0..<3 {
          let (first, second) = (1 + 2 * input + s, 1 + 2 * input + t)
          product += point[first] * point[second]
          trace += matrix[first * 8 + second]
        }
        expected += product * trace
      }
    }
    let found = RelativeFlatness(
      of: part, at: point, hessian: quadratic.hessian(at: point), probes: 4000, key: key)
    #expect(found.standardError < 0.03 * abs(expected) && abs(found.mean - expected) < 4 * found.standardError)
  }

  @Test("a rescaling and its inverse by powers of two cancel exactly, and single places are what the layout says")
  func rescaling() {
    let parts = [
      ParameterPart(0..<4, units: 2, kind: .weight), ParameterPart(4..<6, units: 2, kind: .bias),
      ParameterPart(6..<8, units: 1, kind: .weight), ParameterPart(8..<9, units: 1, kind: .bias),
    ]
    let rescaling = Rescaling(ofLayer: 0, by: 8.0, in: parts, dimension: 9)
    #expect(rescaling.factors == [8, 8, 8, 8, 8, 8, 0.125, 0.125, 1])
    let point: [Double] = randoms(9, "point")
    #expect(rescaling.inverse(rescaling(point)) == point)
  }

  @Test("adaptive sharpness, noise and Keskar's box under a rescaling that leaves the function alone")
  func invariance() {
    let diagonal: [Double] = [2, 4, 0.5, 8]
    let rescaling = Rescaling<Double>(factors: [4, 4, 0.25, 0.25])
    let point: [Double] = [1, -3, 2, 0.5]
    let before = Quadratic<Double>(spectrum: diagonal, center: [0.9, -3.1, 2, 0.4])
    let after = Quadratic<Double>(
      spectrum: zip(diagonal, rescaling.factors).map { $0 / ($1 * $1) }, center: rescaling(before.center))
    let moved = rescaling(point)
    #expect(before.value(at: point) == after.value(at: moved))
    let adaptive = AscentSharpness(radius: 0.2, scale: .relative())
    let (first, second) = (adaptive.measure(before, at: point, key: key), adaptive.measure(after, at: moved, key: key))
    #expect(abs(first.maximum - second.maximum) < 1e-12 && abs(first.oneStep - second.oneStep) < 1e-12)
    let plain = AscentSharpness(radius: 0.2)
    #expect(plain.measure(after, at: moved, key: key).maximum > 3 * plain.measure(before, at: point, key: key).maximum)
    let noises = [(before, point), (after, moved)].map {
      NoiseSharpness(of: $0, at: $1, deviation: 0.1, scale: .relative(), pairs: 10, key: key).mean
    }
    #expect(abs(noises[0] - noises[1]) < 1e-12)
  }
}
