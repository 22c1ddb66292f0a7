import AnalyticObjectives
import Differentiation
import Surfaces
import Tensors
import Testing

@Suite("Profiles along paths")
struct ProfileTests {
  private let line = StraightLine<Double>(from: [0], to: [1])

  private func profile(_ quantity: (Double) -> Double, count: Int = 101) -> PathProfile {
    PathProfile(along: line, count: count) { quantity($0[0]) }
  }

  @Test("the barrier is measured from the line between the ends, not from either end")
  func unequalEnds() {
    // A slope of 2 with a hill of height 4 h at t = 1/2.
    let hill = profile { 5 + 2 * $0 + 4 * $0 * (1 - $0) }
    #expect(abs(hill.barrier - 1) < 1e-14 && abs(hill.maximum - 7.25) < 0.001)
    #expect(abs(hill.barrierOverMean - (hill.maximum - 6)) < 1e-14)
    // The same read backwards.
    let mirrored = profile { 7 - 2 * $0 + 4 * $0 * (1 - $0) }
    #expect(abs(mirrored.barrier - 1) < 1e-14)
    // Lower than one end everywhere, and still a barrier.
    let bulge = profile { 10 * (1 - $0 * $0) }
    #expect(abs(bulge.barrier - 2.5) < 1e-13 && bulge.maximum == 10)
  }

  @Test("a straight slope has barrier 0, a valley has barrier 0, a hill a positive one")
  func signs() {
    #expect(profile { 3 * $0 - 7 }.barrier < 1e-14)
    #expect(profile { 3 * $0 - 7 }.barrier >= 0)
    #expect(profile { ($0 - 0.4) * ($0 - 0.4) }.barrier == 0)
    #expect(profile { -($0 - 0.5) * ($0 - 0.5) }.barrier == 0.25)
  }

  @Test("a convex function has barrier 0 along every straight line")
  func convex() {
    let convex = LogSumExp<Double>(terms: 5, dimension: 4, key: Key(seed: 1))
    for trial in 0..<20 {
      let line = StraightLine<Double>(from: randoms(4, "from \(trial)"), to: randoms(4, "to \(trial)"))
      let profile = PathProfile(of: convex, along: line, count: 33)
      #expect(profile.barrier == 0 && profile.barrierOverMean >= 0)
    }
  }

  @Test("means over t and over arc length differ where the speed does, by the closed form")
  func means() {
    // Pieces of lengths 1 and 3 with the values 0 -> 1 -> 1: means (1/2 + 1)/2 and (1/2 + 3)/4.
    let chain = PolygonalChain<Double>(from: [0, 0], to: [3, 1], bends: [0, 1])
    let profile = PathProfile(along: chain, count: 201) { min($0[1], 1) }
    #expect(abs(profile.mean - 0.75) < 1e-13 && abs(profile.arcLengthMean - 0.875) < 1e-13)
    #expect(abs(profile.length - 4) < 1e-13 && abs(profile.arcLengths[100] - 1) < 1e-13)
    let point = PathProfile(along: StraightLine<Double>(from: [2], to: [2]), count: 3) { $0[0] }
    #expect(point.length == 0 && point.arcLengthMean == 2)
  }

  @Test("a NaN anywhere makes barrier, maximum and means NaN", arguments: [0, 1, 4])
  func notANumber(position: Int) {
    var values = [1.0, 2, 3, 2, 1]
    values[position] = .nan
    let places = [0, 0.25, 0.5, 0.75, 1]
    let profile = PathProfile(times: places, values: values, arcLengths: places)
    for number in [profile.barrier, profile.barrierOverMean, profile.maximum, profile.mean, profile.arcLengthMean] {
      #expect(number.isNaN)
    }
  }
}
