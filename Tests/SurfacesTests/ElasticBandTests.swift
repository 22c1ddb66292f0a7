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

/// Mueller and Brown's surface (1979), a sum of four Gaussians; its minima and saddles are known to many digits.
struct MuellerBrown: Objective {
  static let minima: [[Double]] = [[-0.558223634633, 1.441725841805], [0.623499404931, 0.028037758529]]
  /// The higher of the two saddles on the way, and its height.
  static let saddle = (point: [-0.822001558732, 0.624312802814], value: -40.664843508574)
  var dimension: Int { 2 }

  func value(at point: [Double]) -> Double {
    var gradient = [0.0, 0.0]
    return self.gradient(at: point, into: &gradient)
  }

  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    let (heights, a, b, c) = (
      [-200.0, -100, -170, 15], [-1.0, -1, -6.5, 0.7], [0.0, 0, 11, 0.6], [-10.0, -10, -6.5, 0.7]
    )
    let (x0, y0) = ([1.0, 0, -0.5, -1], [0.0, 0.5, 1.5, 1])
    var value = 0.0
    gradient = [0, 0]
    for k in 0..<4 {
      let (x, y) = (point[0] - x0[k], point[1] - y0[k])
      let term = heights[k] * exp(a[k] * x * x + b[k] * x * y + c[k] * y * y)
      value += term
      gradient[0] += term * (2 * a[k] * x + b[k] * y)
      gradient[1] += term * (b[k] * x + 2 * c[k] * y)
    }
    return value
  }

  func hessian(at point: [Double]) -> any LinearOperator<Double> { preconditionFailure("not needed") }
}

@Suite("Elastic bands")
struct ElasticBandTests {
  private func highest(_ band: ElasticBand<Double>, on objective: any Objective<Double>) -> (
    value: Double, point: [Double]
  ) {
    let chain = band.chain
    let points = (0...2000).map { chain.point(at: Double($0) / 2000) }
    return points.map { (objective.value(at: $0), $0) }.max { $0.0 < $1.0 }!
  }

  @Test("Mueller and Brown's minima and saddle are critical points of the surface as it is written here")
  func surface() {
    let surface = MuellerBrown()
    for point in MuellerBrown.minima + [MuellerBrown.saddle.point] { #expect(surface.gradient(at: point).norm < 1e-6) }
    #expect(abs(surface.value(at: MuellerBrown.saddle.point) - MuellerBrown.saddle.value) < 1e-9)
  }

  @Test(
    "on Mueller and Brown's surface the band passes over the known saddle, with either kind of springs",
    arguments: [ElasticBand<Double>.Springs.rigid, .elastic(500)])
  func saddle(springs: ElasticBand<Double>.Springs) {
    let surface = MuellerBrown()
    var band = ElasticBand(from: MuellerBrown.minima[0], to: MuellerBrown.minima[1], pivotCount: 31, springs: springs)
    let before = highest(band, on: surface).value
    band.relax(on: surface, steps: 4000, learningRate: 2e-4)
    let (value, point) = highest(band, on: surface)
    #expect(before > -20)
    #expect(abs(value - MuellerBrown.saddle.value) < 0.5)
    #expect(distance(point, MuellerBrown.saddle.point) < 0.05)
    let lengths = zip(band.points, band.points.dropFirst()).map { distance($0, $1) }
    #expect(lengths.max()! < 1.2 * lengths.min()!)
  }

  @Test("the band around a circular valley ends on the circle, its hill gone")
  func circle() {
    let valley = CircularValley<Double>()
    var band = ElasticBand<Double>(points: [[-1, 0], [0.1, 0.3], [1, 0]])
    #expect(
      abs(PathProfile(of: valley, along: StraightLine(from: [-1, 0], to: [1, 0]), count: 101).barrier - 1) < 1e-12)
    for _ in 0..<5 {
      band.insertPivots(tolerance: 0.1, maximumPivots: 15) { valley.value(at: $0) }
      band.relax(on: valley, steps: 400, learningRate: 0.02, momentum: 0.5)
    }
    #expect(band.pivotCount >= 5)
    // With rigid springs pivots lie on the circle; a chord's middle lies sin^2 of its half angle below it, squared.
    for point in band.points { #expect(abs(point.norm - 1) < 0.02) }
    #expect(highest(band, on: valley).value < 0.06)
  }

  @Test("a pivot is inserted where the linear estimate fails, at the highest point above it, and nowhere else")
  func insertion() {
    var band = ElasticBand<Double>(points: [[0], [1], [2], [4]])
    // A hill inside the last piece alone; the first is convex, the second linear.
    func value(_ x: Double) -> Double { x < 1 ? x * x : x <= 2 ? x : x == 4 ? 0 : 2 + 3 * (1 - abs(x - 3.5) / 1.5) }
    #expect(band.insertPivots(tolerance: 0.2) { value($0[0]) } == 1)
    #expect(band.points == [[0], [1], [2], [3.5], [4]])
    #expect(zip(band.shares, [0.25, 0.25, 0.375, 0.125]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(band.insertPivots(tolerance: 0.2, maximumPivots: 3) { _ in 0 } == 0)
    var full = ElasticBand<Double>(points: [[0], [1], [2]])
    #expect(full.insertPivots(tolerance: 0, maximumPivots: 1) { ($0[0] - $0[0].rounded()).magnitude } == 0)
    #expect(
      full.insertPivots(tolerance: 0, maximumPivots: 2) { ($0[0] - $0[0].rounded()).magnitude * ($0[0] + 1) } == 1)
    #expect(full.points == [[0], [1], [1.5], [2]])
  }

  @Test("redistribution sets pivots to their shares of the length along the pieces")
  func redistribution() {
    var band = ElasticBand<Double>(from: [0, 0], to: [4, 0], pivotCount: 3)
    band.relax(steps: 1, endValues: (0, 0), learningRate: { _ in 1 }) { _, point, gradient in
      // Only the middle pivot moves, up by 1.5; the ends of the chain are then 2.5 away from it.
      gradient = point[0] == 2 ? [0, -1.5] : [0, 0]
      return point[0] == 2 ? 1 : 0.5
    }
    #expect(distance(band.points[2], [2, 1.5]) < 1e-12)
    let lengths = zip(band.points, band.points.dropFirst()).map { distance($0, $1) }
    #expect(
      abs(band.points[1][0] + band.points[3][0] - 4) < 1e-12 && abs(band.points[1][1] - band.points[3][1]) < 1e-12)
    #expect(lengths.max()! < 1.3 * lengths.min()!)
  }

  @Test("a band over a flat plane stays where it is, and one without pivots is the line")
  func atRest() {
    var band = ElasticBand<Double>(from: [0, 1, 2], to: [3, 3, 3], pivotCount: 4)
    let before = band.points
    band.relax(steps: 10, endValues: (1, 1), learningRate: { _ in 0.5 }, momentum: 0.9) { _, _, gradient in
      gradient = [0, 0, 0]
      return 1
    }
    #expect(zip(band.points, before).allSatisfy { distance($0, $1) < 1e-14 })
    var line = ElasticBand<Double>(from: [0, 1], to: [3, 3], pivotCount: 0)
    line.relax(on: CircularValley(), steps: 2, learningRate: 0.1)
    #expect(line.points == [[0, 1], [3, 3]])
  }
}

@Suite("Spanning trees")
struct SpanningTreeTests {
  /// The smallest total weight of all trees, by trying all sets of edges.
  private func leastTotal(_ weights: [Double], _ count: Int) -> Double {
    let edges = (0..<count).flatMap { i in (i + 1..<count).map { (i, $0) } }
    var least = Double.infinity
    for choice in 0..<(1 << edges.count) where choice.nonzeroBitCount == count - 1 {
      var label = Array(0..<count)
      var total = 0.0
      for (index, (i, j)) in edges.enumerated() where choice >> index & 1 == 1 {
        let (a, b) = (label[i], label[j])
        label = label.map { $0 == b ? a : $0 }
        total += weights[i * count + j]
      }
      if Set(label).count == 1 { least = min(least, total) }
    }
    return least
  }

  private func weights(_ count: Int, seed: UInt64) -> [Double] {
    var generator = Key(seed: seed).generator()
    var weights = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in i + 1..<count {
        weights[i * count + j] = generator.uniform()
        weights[j * count + i] = weights[i * count + j]
      }
    }
    return weights
  }

  @Test("the tree has the least weight of all trees, and its paths the lowest highest edge of all paths")
  func bruteForce() {
    for seed in 0..<10 {
      let count = 5
      let weights = weights(count, seed: UInt64(seed))
      let tree = SpanningTree(weights: weights, count: count)
      #expect(abs(tree.edges.reduce(0) { $0 + $1.weight } - leastTotal(weights, count)) < 1e-12)
      // Floyd and Warshall's recursion for the lowest highest edge.
      var lowest = weights
      for k in 0..<count {
        for i in 0..<count {
          for j in 0..<count {
            lowest[i * count + j] = min(lowest[i * count + j], max(lowest[i * count + k], lowest[k * count + j]))
          }
        }
      }
      let highest = tree.highestEdges
      for i in 0..<count {
        for j in 0..<count where i != j { #expect(highest[i * count + j] == lowest[i * count + j]) }
      }
    }
  }

  @Test("a way that is not known is taken only where there is no other")
  func unknown() {
    let known = SpanningTree(weights: [0, .nan, 2, .nan, 0, 3, 2, 3, 0], count: 3)
    #expect(known.edges.map(\.weight) == [2, 3])
    let cut = SpanningTree(weights: [0, .nan, 2, .nan, 0, .nan, 2, .nan, 0], count: 3)
    #expect(cut.edges[0].weight == 2 && cut.edges[1].weight.isNaN)
    #expect(cut.highestEdges[1].isNaN && SpanningTree(weights: [0], count: 1).edges.isEmpty)
  }
}
