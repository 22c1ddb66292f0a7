import AnalyticObjectives
import Differentiation
import Surfaces
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func randoms<S: Scalar>(_ count: Int, _ name: String, as type: S.Type = S.self) -> [S] {
  var generator = Key(seed: 14).child(name).generator()
  return generator.normals(count)
}

func distance(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

let paths: [any Path<Double>] = [
  StraightLine(from: randoms(3, "a"), to: randoms(3, "b")),
  BezierCurve(from: randoms(3, "a"), to: randoms(3, "b"), bends: randoms(3, "c")),
  BezierCurve(from: randoms(3, "a"), to: randoms(3, "b"), bends: randoms(12, "c")),
  PolygonalChain(from: randoms(3, "a"), to: randoms(3, "b"), bends: randoms(12, "c")),
]

@Suite("Paths")
struct PathTests {
  private func checkPath<P: Path<Double>>(_ path: P) {
    #expect(path.point(at: 0) == path.start && path.point(at: 1) == path.end)
    #expect(path.start == randoms(3, "a") && path.end == randoms(3, "b"))
    for t in [0.03, 0.31, 0.5 + 1e-3, 0.77, 0.95] {
      let step = 1e-5
      let slope = zip(path.point(at: t + step), path.point(at: t - step)).map { ($0 - $1) / (2 * step) }
      #expect(distance(slope, path.velocity(at: t)) < 1e-8)
      #expect(abs(path.weights(at: t).reduce(0, +) - 1) < 1e-15)
      // <cotangent, dp(bends)> = <pullback of the cotangent, bends>, the path being linear in its bends.
      let cotangent: [Double] = randoms(3, "cotangent")
      let change: [Double] = randoms(path.bends.count, "change")
      var pulled = [Double](repeating: 0, count: path.bends.count)
      path.addPullback(of: cotangent, at: t, to: &pulled)
      path.addPullback(of: cotangent, at: t, times: 2, to: &pulled)
      var moved = path
      moved.bends = zip(path.bends, change).map { $0 + $1 }
      let difference = zip(moved.point(at: t), path.point(at: t)).map { $0 - $1 }
      #expect(abs(3 * cotangent.dot(difference) - pulled.dot(change)) < 1e-13)
    }
  }

  @Test(
    "start and end where they should, move with their velocity, and pull cotangents back by the transpose",
    arguments: 0..<3)
  func consistency(index: Int) { checkPath(paths[index]) }

  @Test("a curve passes a quarter of the way from its bend to the chord, and a chain through its bends")
  func knownPoints() {
    let curve = BezierCurve<Double>(from: [-1, 0], to: [1, 0], bends: [0, 3])
    #expect(curve.point(at: 0.5) == [0, 1.5] && curve.velocity(at: 0) == [2, 6] && curve.velocity(at: 0.5) == [2, 0])
    let chain = PolygonalChain<Double>(from: [0, 0], to: [3, 0], bends: [1, 5, 2, -5])
    #expect(chain.bendCount == 2 && distance(chain.point(at: 1.0 / 3), [1, 5]) < 1e-14)
    #expect(distance(chain.point(at: 0.5), [1.5, 0]) < 1e-14 && distance(chain.point(at: 2.0 / 3), [2, -5]) < 1e-14)
    #expect(StraightLine<Double>(from: [1], to: [3]).point(at: 0.25) == [1.5])
  }

  @Test("fresh curves and chains lie on the straight line, at the same speed")
  func fresh() {
    let (a, b): ([Double], [Double]) = (randoms(4, "a"), randoms(4, "b"))
    let line = StraightLine(from: a, to: b)
    let curve = BezierCurve(from: a, to: b)
    let chain = PolygonalChain(from: a, to: b, bendCount: 5)
    for t in [0.1, 0.5, 0.83] {
      #expect(distance(curve.point(at: t), line.point(at: t)) < 1e-15)
      #expect(distance(chain.point(at: t), line.point(at: t)) < 1e-14)
    }
    #expect(chain.bends.count == 20 && PolygonalChain(from: a, to: b, bendCount: 0).arcLength() == line.arcLength())
  }

  @Test("arc lengths have their closed forms")
  func lengths() {
    #expect(abs(StraightLine<Double>(from: [0, 0], to: [3, 4]).arcLength() - 5) < 1e-14)
    // (1, 0), (1, 1), (0, 1): speed 2 sqrt(2 t^2 - 2 t + 1), length 1 + asinh(1) / sqrt(2).
    let quarter = BezierCurve<Double>(from: [1, 0], to: [0, 1], bends: [1, 1])
    #expect(abs(quarter.arcLength() - (1 + asinh(1) / 2.0.squareRoot())) < 1e-12)
    let chain = PolygonalChain<Double>(from: [0, 0], to: [4, 3], bends: [0, 3, 1, 3, 1, -1])
    #expect(abs(chain.arcLength() - (3 + 1 + 4 + 5)) < 1e-13)
    #expect(abs(chain.arcLength(from: 0.125, to: 0.625) - (1.5 + 1 + 2)) < 1e-13)
    #expect(
      abs(quarter.arcLength(from: 0, to: 0.3) + quarter.arcLength(from: 0.3, to: 1) - quarter.arcLength()) < 1e-12)
    #expect(chain.arcLength(from: 0.4, to: 0.4) == 0)
  }

  @Test("Float32 paths agree with Float64")
  func singlePrecision() {
    let wide = BezierCurve<Double>(from: [0, 1], to: [2, 3], bends: [-1, 5])
    let single = BezierCurve<Float>(from: [0, 1], to: [2, 3], bends: [-1, 5])
    for t in [0.0, 0.3, 1] { #expect(distance(single.point(at: t).map { Double($0) }, wide.point(at: t)) < 1e-6) }
    #expect(abs(single.arcLength() - wide.arcLength()) < 1e-5)
  }
}
