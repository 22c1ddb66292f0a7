internal import Harness
internal import Networks
internal import Pruning
internal import Storage

extension Session {
  /// Lines and planes through the dense network's end, and through the last ticket's in the space of the weights that it
  /// has. No training of the whole network leads to a ticket, which therefore has no principal components.
  func slices(dense: Course, ticket: Course?, _ mask: Mask?) throws -> Group {
    let evaluation = SplitEvaluation<Float>(settings.training, of: network, on: data)
    func center(_ point: [Float]) -> SliceCenter<Float> {
      SliceCenter(
        recipe: settings.training, network: network, data: data, evaluation: evaluation, point: point)
    }
    var whole = center(dense.parameters)
    whole.trainingKey = context.key
    var group = Group()
    group.groups["dense"] = try context.slices(settings.slices, at: whole, name: "slices-dense")
    if let ticket, let mask, settings.pruning.rounds > 0 {
      var pruned = center(mask.expanded(ticket.parameters))
      pruned.places = mask.ranges
      group.groups["ticket"] = try context.slices(settings.slices, at: pruned, name: "slices-ticket")
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
