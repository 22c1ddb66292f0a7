internal import Harness
internal import Networks
internal import Pruning
internal import Storage

extension Session {
  /// Lines and planes through the end of round 0, and through the last ticket's, each in the space of the weights that it
  /// has.
  func slices(first: Course, last: Course?, trainedFrom restart: Restart) throws -> Group {
    let evaluation = SplitEvaluation<Float>(
      settings.training, of: network, train: parts.train, test: parts.test)
    func slices(_ name: String, _ course: Course, _ training: Retraining<Float>) throws -> Group? {
      let mask = course.mask
      let isWhole = mask.places.count == mask.count
      let center = SliceCenter(
        recipe: settings.training, network: network, data: data, evaluation: evaluation,
        point: mask.expanded(course.parameters), training: training,
        places: isWhole ? nil : mask.ranges)
      return try context.slices(settings.slices, at: center, name: "slices-\(name)")
    }
    let name = parent == nil ? "dense" : "parent"
    var group = Group()
    group.groups[name] = try slices(
      name, first,
      parent == nil
        ? Retraining(by: recipe, of: network, on: data, key: context.key)
        : retraining(first.mask, from: firstRestart))
    if let last, settings.pruning.rounds > 0 {
      group.groups["ticket"] = try slices("ticket", last, retraining(last.mask, from: restart))
    }
    return group
  }
}

extension Mask {
  /// The runs of places that are kept, ascending.
  fileprivate var ranges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for place in places {
      if let last = ranges.last, last.upperBound == place {
        ranges[ranges.count - 1] = last.lowerBound..<place + 1
      } else {
        ranges.append(place..<place + 1)
      }
    }
    return ranges
  }
}
