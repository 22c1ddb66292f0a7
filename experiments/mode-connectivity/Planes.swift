import Harness
import Networks
import Storage
import Surfaces
import Tensors

extension Session {
  /// The trained paths between the first two minima that the result holds, by their bends among its checkpoints.
  func trainedPaths(of result: RunResult, from start: [Float], to end: [Float]) throws -> [(
    measured: Measured, path: any Path<Float>
  )] {
    try Measured.withBends.filter(settings.measure.contains).map { measured in
      guard let checkpoints = result.checkpoints else { preconditionFailure("\(measured) was not trained") }
      let names = checkpoints.groups.names.filter { $0.hasPrefix("\(measured.place)_bend") }
      let bends = try names.flatMap { try checkpoints.group($0).parameters() as [Float] }
      let path: any Path<Float> =
        measured == .bezier
        ? BezierCurve(from: start, to: end, bends: bends) : PolygonalChain(from: start, to: end, bends: bends)
      return (measured, path)
    }
  }

  /// The plane through three points: losses and errors on a grid, and where the trained paths run.
  func plane(_ minima: [[Float]], _ paths: [(measured: Measured, path: any Path<Float>)]) throws -> Group {
    let points = settings.plane.points.map { point in
      switch point {
      case .minimum(let index): minima[index]
      case .path(let measured): paths.first { $0.measured == measured }?.path.middleBend ?? []
      }
    }
    guard let plane = Plane(through: points[0], points[1], points[2]) else {
      let names = settings.plane.through.joined(separator: ", ")
      if !points.joined().allSatisfy(\.isFinite) {
        return Group(attributes: ["remarks": .strings(["\(names) are not all finite, so that there is no plane"])])
      }
      return Group(
        attributes: ["remarks": .strings(["\(names) lie on one line, so that there is no plane through them"])])
    }
    let corners = points.map(plane.coordinates)
    var group = try grid(on: plane, around: corners)
    group.dimensions.append(Dimension("corner", coordinates: settings.plane.through))
    group.variables += coordinates(corners, along: "corner", prefix: "corner_", of: "the three points")
    let times = evenlySpaced(0...1, count: settings.pathPoints)
    group.dimensions.append(Dimension("t", coordinates: times, longName: "position on a path"))
    for (measured, path) in paths { group.groups[measured.place] = try projection(of: path, at: times, on: plane) }
    return group
  }

  private func grid(on plane: Plane<Float>, around corners: [Plane<Float>.Coordinates]) throws -> Group {
    func axis(_ places: [Double], _ count: Int) -> [Double] {
      evenlySpaced(widened(places.min() ?? 0, places.max() ?? 0, by: settings.plane.margin), count: count)
    }
    let alphas = axis(corners.map(\.alpha), settings.plane.alphaCount)
    let betas = axis(corners.map(\.beta), settings.plane.betaCount)
    let fields = [
      ("train_loss", unit, "training loss"), ("train_error", "1", "training error"), ("test_loss", unit, "test loss"),
      ("test_error", "1", "test error"),
    ]
    var grid = GridValues(cells: alphas.count * betas.count, quantities: fields.count)
    var point = [Float](repeating: 0, count: plane.dimension)
    try context.compute("cells", &grid) { cell in
      plane.point(alpha: alphas[cell / betas.count], beta: betas[cell % betas.count], into: &point)
      let (train, test) = evaluation(at: point)
      return [train.loss, train.error, test.loss, test.error]
    }
    let names = settings.plane.through
    return Group(
      dimensions: [
        Dimension("alpha", coordinates: alphas, longName: "distance from \(names[0]) towards \(names[1])"),
        Dimension("beta", coordinates: betas, longName: "distance from that line towards \(names[2])"),
      ],
      variables: zip(fields, grid.fields).map { field, values in
        Variable(
          field.0, along: ["alpha", "beta"], shape: [alphas.count, betas.count], values: values, units: field.1,
          longName: "\(field.2) on the plane")
      })
  }

  /// Where a path's projection runs, how far the path is from it, and the training loss on it.
  private func projection(of path: any Path<Float>, at times: [Double], on plane: Plane<Float>) throws -> Group {
    let track = times.map { plane.coordinates(of: path.point(at: $0)) }
    var point = [Float](repeating: 0, count: plane.dimension)
    let losses = try track.map { place in
      try context.checkCancellation()
      plane.point(alpha: place.alpha, beta: place.beta, into: &point)
      return context.repeated("evaluation") { evaluation(at: point) }.train.loss
    }
    return Group(
      variables: coordinates(track, along: "t", prefix: "projected_", of: "the path's projection") + [
        Variable(
          "distance", along: ["t"], values: track.map(\.distance), longName: "distance of the path from the plane"),
        Variable(
          "train_loss", along: ["t"], values: losses, units: unit,
          longName: "training loss on the path's projection into the plane"),
      ])
  }

  private func coordinates(
    _ places: [Plane<Float>.Coordinates], along dimension: String, prefix: String, of what: String
  ) -> [Variable] {
    [("alpha", places.map(\.alpha)), ("beta", places.map(\.beta))].map { name, values in
      Variable("\(prefix)\(name)", along: [dimension], values: values, longName: "\(name) of \(what)")
    }
  }
}

extension Path {
  /// The bend in the middle, the later one of two.
  fileprivate var middleBend: [Element] {
    let start = bendCount / 2 * dimension
    return Array(bends[start..<start + dimension])
  }
}
