internal import Curvature
internal import Differentiation
internal import Networks
internal import Storage
internal import Surfaces
internal import Tensors

/// Lines and planes through one point.
struct Slices<Element: Scalar & StoredElement> {
  let settings: SliceSettings
  let center: SliceCenter<Element>
  let key: Key
  let context: RunContext

  var evaluation: SplitEvaluation<Element> { center.evaluation }
  private var method: Lanczos { Lanczos(tolerance: settings.tolerance, maximumDimension: settings.maximumDimension) }

  /// All that is asked for, as a group.
  func group() throws -> Group {
    let hessian = WatchedOperator(evaluation.training.hessian(at: center.point), in: context)
    let axes = try axes(hessian)
    guard !axes.directions.isEmpty else {
      let note = "there are no slices: \(axes.note ?? "no direction was found")"
      context.message(note)
      return Group(attributes: ["remarks": .strings([note])])
    }
    var group = try lines(axes, hessian)
    if settings.planePoints > 0 {
      if axes.directions.count > 1 {
        group.groups["planes"] = try planes(axes.directions)
      } else {
        group.remarks.append("there are no planes: there is one direction, and a plane needs two")
      }
    }
    return group
  }

  /// An eigenvalue with its vector.
  struct Pair {
    let value: Double
    let residual: Double
    let vector: [Element]
  }

  /// What lines go along, and where they come from.
  struct Axes {
    var directions: [[Element]]
    /// The largest eigenvalue of the Hessian of all parameters.
    var largest: Pair?
    var trajectory: Trajectory?
    /// Why there are no directions, where there are none.
    var note: String?

    /// A trajectory in the lines' coordinates.
    struct Trajectory {
      /// The steps of its points.
      var steps: [Int]
      /// [step][line], in multiples of the lines' directions.
      var coordinates: [[Double]]
      /// The share of the squared distances from the point that lies along each line.
      var shares: [Double]
    }
  }

  private func axes(_ hessian: any LinearOperator<Element>) throws -> Axes {
    let isEigenvector = settings.direction == .eigenvector
    let count = isEigenvector && settings.leftOut.isEmpty ? settings.lines : 1
    let pairs = try eigenpairs("axes", of: part(of: hessian, at: center.places), count, key: key.child("lanczos"))
    var axes = try isEigenvector ? eigenvectors(hessian, pairs) : isRandom ? randomDirections() : principalComponents()
    axes.largest = pairs.first
    return axes
  }

  private var isRandom: Bool { settings.direction.isRandom }

  private func randomDirections() -> Axes { Axes(directions: (0..<settings.lines).map { randomDirection($0) }) }

  /// The largest eigenvalues with their vectors, kept as a stage.
  private func eigenpairs(
    _ name: String, of hessian: any LinearOperator<Element>, _ count: Int, key: Key
  ) throws -> [Pair] {
    let kept = try context.stage(name) {
      let pairs = method.extremes(of: hessian, largest: count, key: key).largest
      try context.checkCancellation()
      return Group(
        dimensions: [Dimension("pair", length: pairs.count), Dimension("parameter", length: hessian.dimension)],
        variables: [
          Variable("value", along: ["pair"], values: pairs.map(\.value)),
          Variable("residual", along: ["pair"], values: pairs.map(\.residual)),
          Variable(
            "vector", along: ["pair", "parameter"], shape: [pairs.count, hessian.dimension],
            values: pairs.flatMap(\.vector)),
        ])
    }
    let residuals: [Double] = try kept.variable("residual").elements()
    let vectors: [Element] = try kept.variable("vector").elements()
    let length = vectors.count / max(1, residuals.count)
    return try kept.variable("value").elements(Double.self).enumerated().map { index, value in
      Pair(
        value: value, residual: residuals[index], vector: Array(vectors[index * length..<(index + 1) * length]))
    }
  }

  private func eigenvectors(_ hessian: any LinearOperator<Element>, _ all: [Pair]) throws -> Axes {
    if settings.leftOut.isEmpty { return Axes(directions: all.map { among($0.vector, at: center.places) }) }
    let moved = movedRanges
    let pairs = try eigenpairs(
      "moved-axes", of: part(of: hessian, at: moved), settings.lines, key: key.child("lanczos").child("moved"))
    return Axes(directions: pairs.map { among($0.vector, at: moved) })
  }

  /// The rows and columns of a Hessian that belong to some places; all for `nil`.
  private func part(of hessian: any LinearOperator<Element>, at places: [Range<Int>]?) -> any LinearOperator<Element> {
    places.map { RestrictedOperator(hessian, to: $0) } ?? hessian
  }

  /// A vector of such a part among zeros.
  private func among(_ vector: [Element], at places: [Range<Int>]?) -> [Element] {
    guard let places else { return vector }
    var result = [Element](repeating: 0, count: center.point.count)
    var start = 0
    for range in places {
      result.replaceSubrange(range, with: vector[start..<start + range.count])
      start += range.count
    }
    return result
  }

  private var leftOutKinds: Set<ParameterPart.Kind> { Set(settings.leftOut.map(\.kind)) }

  private func randomDirection(_ index: Int) -> [Element] {
    var generator = key.child(index).generator()
    let drawn = onPlaces(generator.normals(center.point.count))
    var direction = normalized(
      drawn, like: center.point, in: center.network.parts, by: settings.direction.normalization ?? .whole,
      leavingOut: leftOutKinds)
    if settings.direction == .unit, direction.norm > 0 { direction.scale(by: 1 / direction.norm) }
    return direction
  }

  /// Sets to zero what is no parameter.
  private func onPlaces(_ vector: [Element]) -> [Element] {
    guard let places = center.places else { return vector }
    var result = [Element](repeating: 0, count: vector.count)
    for range in places { result.replaceSubrange(range, with: vector[range]) }
    return result
  }

  private func principalComponents() throws -> Axes {
    let count = settings.trajectoryPoints
    guard let points = try center.training?.trajectory(to: center.point, count: count, in: context) else {
      let reason =
        center.training == nil
        ? "the training of what comes from a file is not made anew" : "training made anew by the recipe ends elsewhere"
      return Axes(
        directions: [], note: "\(reason), so that there is no trajectory with principal components")
    }
    let moved = movedRanges
    let steps = points.map(\.step)
    // What is left out stays as it is at the centre.
    let rows = points.map { point in
      var row = center.point
      for range in moved { row.replaceSubrange(range, with: point.point[range]) }
      return row
    }
    let components = PrincipalComponents(of: rows + [center.point], count: settings.lines)
    let lengths = components.directions.indices.map { axis in
      components.coordinates.reduce(0) { max($0, abs($1[axis])) }
    }
    let directions = zip(components.directions, lengths).map { direction, length in
      direction.map { Element(length) * $0 }
    }
    let coordinates = components.coordinates.dropLast().map { row in zip(row, lengths).map { $0 / $1 } }
    return Axes(
      directions: directions,
      trajectory: .init(steps: steps, coordinates: Array(coordinates), shares: components.shares),
      note: "the trajectory does not move")
  }

  /// The places that slices move, ascending: those of parameters less what is left out.
  private var movedRanges: [Range<Int>] {
    let parts = center.network.parts.filter { !leftOutKinds.contains($0.kind) }.map(\.range)
    guard let places = center.places else { return parts }
    return parts.flatMap { part in places.map { $0.clamped(to: part) }.filter { !$0.isEmpty } }
  }

  /// The largest eigenvalue at a point with its residual, and the smallest one with its own.
  func spectrumEnds(at point: [Element], key: Key) throws -> [Double] {
    let hessian = WatchedOperator(part(of: evaluation.training.hessian(at: point), at: center.places), in: context)
    let ends = method.extremes(of: hessian, largest: 1, smallest: 1, key: key)
    try context.checkCancellation()
    return [ends.largest, ends.smallest].flatMap { [$0.first?.value ?? .nan, $0.first?.residual ?? .nan] }
  }
}
