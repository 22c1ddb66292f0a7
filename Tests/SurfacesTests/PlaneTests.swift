import Surfaces
import Tensors
import Testing

@Suite("Planes")
struct PlaneTests {
  private let points: [[Double]] = [randoms(7, "a"), randoms(7, "b"), randoms(7, "c")]

  private func plane() throws -> Plane<Double> {
    try #require(Plane(through: points[0], points[1], points[2]))
  }

  @Test(
    "three points lie in their plane: the first at the origin, the second on the alpha axis, the third at positive beta"
  )
  func threePoints() throws {
    let plane = try plane()
    #expect(abs(plane.u.norm - 1) < 1e-15 && abs(plane.v.norm - 1) < 1e-15 && abs(plane.u.dot(plane.v)) < 1e-15)
    let places = points.map(plane.coordinates(of:))
    #expect(places[0] == Plane.Coordinates(alpha: 0, beta: 0, distance: 0))
    #expect(abs(places[1].alpha - distance(points[0], points[1])) < 1e-14 && abs(places[1].beta) < 1e-14)
    #expect(places[2].beta > 0)
    for (place, point) in zip(places, points) {
      var rebuilt: [Double] = []
      plane.point(alpha: place.alpha, beta: place.beta, into: &rebuilt)
      #expect(place.distance < 1e-14 && distance(rebuilt, point) < 1e-14)
    }
  }

  @Test("a point beside the plane has its distance, and its projection's coordinates")
  func beside() throws {
    let plane = try #require(Plane<Double>(through: [1, 1, 1], [3, 1, 1], [5, 2, 1]))
    #expect(plane.u == [1, 0, 0] && plane.v == [0, 1, 0])
    let place = plane.coordinates(of: [4, -1, 8])
    #expect(place.alpha == 3 && place.beta == -2 && place.distance == 7)
  }

  @Test("points on a line, coincident points and a NaN span no plane")
  func degenerate() {
    #expect(Plane<Double>(through: [0, 0, 1], [1, 1, 2], [3, 3, 4]) == nil)
    #expect(Plane<Double>(through: [1, 2], [1, 2], [3, 4]) == nil)
    #expect(Plane<Double>(through: [1, 2], [3, 4], [1, 2]) == nil)
    #expect(Plane<Float>(through: [0.1, 0.2, 0.3], [0.2, 0.4, 0.6], [0.7, 1.4, 2.1]) == nil)
    #expect(Plane<Double>(through: [0, 0], [1, 0], [0, .nan]) == nil)
    // Points that differ by their roundings span nothing, however square to one another the differences are.
    let (near, far) = (Float(1).nextUp, Float(1) + 100 * Float.ulpOfOne)
    #expect(Plane<Float>(through: [1, 1, 1], [near, 1, 1], [1, near, 1]) == nil)
    #expect(Plane<Float>(through: [1, 1, 1], [2, 1, 1], [1, near, 1]) == nil)
    #expect(Plane<Float>(through: [1, 1, 1], [near, 1, 1], [1, 2, 1]) == nil)
    #expect(Plane<Float>(through: [1, 1, 1], [far, 1, 1], [1, far, 1]) != nil)
  }

  @Test("a nearly collinear third point still gives an orthonormal basis")
  func nearlyCollinear() throws {
    let plane = try #require(Plane<Double>(through: [0, 0, 0], [1, 2, 3], [2, 4, 6 + 1e-9]))
    #expect(abs(plane.u.dot(plane.v)) < 1e-15 && abs(plane.v.norm - 1) < 1e-14)
  }

  @Test("a grid that is neither square nor symmetric has each value at its own alpha and beta")
  func grid() throws {
    let plane = try #require(Plane<Double>(through: [0, 0], [1, 0], [0, 1]))
    var grid = PlaneGrid(alphas: 0...3, count: 4, betas: -1...1, count: 3)
    #expect(grid.alphas == [0, 1, 2, 3] && grid.betas == [-1, 0, 1])
    #expect(grid.values.count == 12 && grid.values.allSatisfy(\.isNaN) && !grid.isComplete)
    grid.compute(on: plane) { 100 * $0[0] + $0[1] }
    #expect(grid.values == [-1, 0, 1, 99, 100, 101, 199, 200, 201, 299, 300, 301])
    #expect(grid[3, 0] == 299 && grid[0, 2] == 1 && grid.isComplete)
  }

  @Test("a stopped grid has NaN behind, and goes on to the values of an unbroken one without computing again")
  func restart() throws {
    let plane = try plane()
    func value(_ point: [Double]) -> Double { point.dot(point) + point[0] }
    let empty = PlaneGrid(alphas: -2...2, count: 5, betas: 0...1, count: 2)
    var whole = empty
    whole.compute(on: plane, of: value)
    var part = empty
    part.compute(on: plane, of: value) { $0.count { !$0.isNaN } < 5 }
    #expect(part.values[..<5] == whole.values[..<5] && part.values[5...].allSatisfy(\.isNaN) && !part.isComplete)
    var restored = PlaneGrid(alphas: part.alphas, betas: part.betas, values: part.values)
    var evaluations = 0
    restored.compute(on: plane) { point in
      evaluations += 1
      return value(point)
    }
    #expect(restored == whole && evaluations == 5)
    restored.compute(on: plane) { _ in 0 }
    #expect(restored == whole)
  }

  @Test("a quantity that throws leaves the cells before it, and a NaN value stays a NaN")
  func failures() throws {
    struct Stop: Error {}
    let plane = try #require(Plane<Double>(through: [0, 0], [1, 0], [0, 1]))
    var grid = PlaneGrid(alphas: [1, 2, 3], betas: [5, 6])
    #expect(throws: Stop.self) {
      try grid.compute(on: plane) { point in
        if point == [2, 6] { throw Stop() }
        return point[1]
      }
    }
    #expect(grid.values[..<3] == [5, 6, 5] && grid.values[3...].allSatisfy(\.isNaN))
    grid.compute(on: plane) { $0 == [3, 5] ? .nan : 1 }
    #expect(grid[2, 0].isNaN && grid[2, 1] == 1 && grid[0, 0] == 5 && !grid.isComplete)
  }

  @Test("one coordinate stands at the middle of its range, and the ends are exact")
  func spacing() {
    let grid = PlaneGrid(alphas: -1...2, count: 1, betas: 0.1...0.7, count: 7)
    #expect(grid.alphas == [0.5] && grid.betas.first == 0.1 && grid.betas.last == 0.7)
  }
}
