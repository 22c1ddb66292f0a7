import Surfaces
import Tensors
import Testing

@Suite("Directions")
struct DirectionTests {
  /// A weight of 3 inputs and 2 units, its biases, and a scale.
  private let parts = [
    ParameterPart(1..<7, units: 2, kind: .weight), ParameterPart(7..<9, units: 2, kind: .bias),
    ParameterPart(9..<10, units: 1, kind: .other),
  ]
  private let point: [Double] = [9, 1, -2, 3, 4, 5, 0, 7, -8, 0.5]
  private let direction: [Double] = [1, 2, 1, -1, 0, 3, 2, 1, 4, -2]

  private func norm(_ vector: [Double], _ places: [Int]) -> Double {
    places.reduce(0) { $0 + vector[$1] * vector[$1] }.squareRoot()
  }

  @Test("by filter each unit's column, each bias and each scale has the point's length and the direction's sign")
  func filter() {
    let result = normalized(direction, like: point, in: parts, by: .filter)
    // Row-major [3, 2]: the units are the columns.
    for places in [[1, 3, 5], [2, 4, 6], [7], [8], [9]] {
      #expect(abs(norm(result, places) - norm(point, places)) < 1e-14)
      let ratio = norm(point, places) / norm(direction, places)
      for place in places { #expect(abs(result[place] - ratio * direction[place]) < 1e-14) }
    }
    #expect(result[0] == 0)
  }

  @Test("by layer each tensor has the point's length, by weight each number, by whole the vector; nothing turns")
  func others() {
    let layer = normalized(direction, like: point, in: parts, by: .layer)
    let weights = Array(1..<7)
    #expect(abs(norm(layer, weights) - norm(point, weights)) < 1e-14)
    #expect(abs(layer[5] / layer[3] + 3) < 1e-14)
    let weight = normalized(direction, like: point, in: parts, by: .weight)
    #expect(weight == [0, 1, 2, -3, 0, 5, 0, 7, 8, -0.5])
    let whole = normalized(direction, like: point, in: parts, by: .whole)
    #expect(abs(norm(whole, Array(1..<10)) - norm(point, Array(1..<10))) < 1e-14 && whole[0] == 0)
    #expect(abs(whole[8] / whole[1] - 2) < 1e-14)
  }

  @Test("what is left out stays, be it biases, the parameters of norms, or both")
  func leftOut() {
    for normalization in DirectionNormalization.allCases {
      func moved(without kinds: Set<ParameterPart.Kind>) -> [Bool] {
        normalized(direction, like: point, in: parts, by: normalization, leavingOut: kinds)[7...].map { $0 != 0 }
      }
      #expect(moved(without: [.bias, .other]) == [false, false, false], "\(normalization)")
      #expect(moved(without: [.bias]) == [false, false, true] && moved(without: [.other]) == [true, true, false])
      #expect(normalized(direction, like: point, in: parts, by: normalization, leavingOut: [.bias, .other])[1] != 0)
    }
  }

  @Test("filter-normalized directions move with a rescaling of whole layers, and others don't")
  func invariance() {
    let parts = [ParameterPart(0..<6, units: 3, kind: .weight), ParameterPart(6..<12, units: 2, kind: .weight)]
    let point: [Double] = randoms(12, "point")
    let rescaling = Rescaling(ofLayer: 0, by: 4.0, in: parts, dimension: 12)
    let key = Key(seed: 3)
    for normalization in [DirectionNormalization.filter, .layer, .weight] {
      let before = randomDirection(at: point, in: parts, by: normalization, key: key)
      let after = randomDirection(at: rescaling(point), in: parts, by: normalization, key: key)
      #expect(distance(rescaling(before), after) < 1e-13, "\(normalization)")
    }
    let before = randomDirection(at: point, in: parts, by: .whole, key: key)
    let after = randomDirection(at: rescaling(point), in: parts, by: .whole, key: key)
    #expect(distance(rescaling(before), after) > 1)
  }

  @Test("principal components find a trajectory's planted plane, its shares and its coordinates")
  func components() throws {
    let axes: [[Double]] = [[0.6, 0, 0.8, 0, 0], [0, 1, 0, 0, 0]]
    let times = [(4.0, 1.0), (3, -1), (-2, 1.5), (-5, -1.5), (0, 0)]
    let end: [Double] = [1, 2, 3, 4, 5]
    let points = times.map { time in
      end.indices.map { end[$0] + time.0 * axes[0][$0] + time.1 * axes[1][$0] }
    }
    let found = PrincipalComponents(of: points, count: 4)
    #expect(found.origin == end && found.directions.count == 2)
    let total = times.reduce(0) { $0 + $1.0 * $1.0 + $1.1 * $1.1 }
    #expect(abs(found.shares.reduce(0, +) - 1) < 1e-12 && found.shares[0] > 0.8)
    // Each point from its coordinates.
    for (point, place) in zip(points, found.coordinates) {
      let rebuilt = end.indices.map { index in
        end[index] + zip(place, found.directions).reduce(0) { $0 + $1.0 * $1.1[index] }
      }
      #expect(distance(point, rebuilt) < 1e-12)
    }
    #expect(found.coordinates[0][0] > 0 && found.coordinates[0][1] > 0)
    // The eigenvalues of the 2 by 2 scatter matrix [54, 5.5; 5.5, 6.5], over its trace.
    let (a, b, c) = (54.0, 5.5, 6.5)
    let scatter = times.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.0 * $1.0, $0.1 + $1.0 * $1.1, $0.2 + $1.1 * $1.1) }
    #expect(scatter.0 == a && scatter.1 == b && scatter.2 == c && total == a + c)
    let largest = (a + c) / 2 + (((a - c) / 2) * ((a - c) / 2) + b * b).squareRoot()
    #expect(abs(found.shares[0] - largest / total) < 1e-12)
    let centered = PrincipalComponents(of: points, count: 1, about: .mean)
    #expect(distance(centered.origin, end) < 1e-14 && centered.directions.count == 1)
    #expect(PrincipalComponents(of: [[1.0, 2], [.nan, 1]], count: 1).directions.isEmpty)
    #expect(PrincipalComponents(of: [end, end], count: 2).directions.isEmpty)
  }
}
