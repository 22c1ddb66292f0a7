internal import Configuration
internal import Foundation

/// Runs whose costs differ by one number alone, such as a width: the smallest, the middle one and the largest tell the times
/// of the others.
struct CostFamily {
  /// The cost keys by their numbers, ascending.
  private let members: [(key: String, place: Double)]

  /// The families of more than three among runs by their cost keys.
  static func families(of runs: [String: PlannedRun]) -> [CostFamily] {
    var members: [String: [(key: String, place: Double)]] = [:]
    for (key, run) in runs {
      let costly = run.coordinates.filter { ![$0].costKey.isEmpty }
      guard costly.count == 1, let place = costly[0].value.positive else { continue }
      let common = run.settings.filter { $0.key != costly[0].key }.costKey
      members["\(run.experiment) \(run.sweep ?? "") \(costly[0].key) \(common)", default: []].append((key, place))
    }
    return members.values.filter { $0.count > 3 }.map { CostFamily(members: $0.sorted { $0.place < $1.place }) }
  }

  private var smallest: String { members[0].key }
  private var middle: String { members[members.count / 2].key }
  private var largest: String { members[members.count - 1].key }
  private var middlePlace: Double { members[members.count / 2].place }

  /// Whether a run's time is taken from others.
  func lacks(_ key: String) -> Bool {
    members.contains { $0.key == key } && ![smallest, middle, largest].contains(key)
  }

  /// Whether it is the largest and would take more than `limit` seconds to rehearse, going by the middle one.
  func isTooLarge(_ key: String, limit: Double, took: [String: Double]) -> Bool {
    guard key == largest, took[smallest] != nil, let seconds = took[middle] else { return false }
    return seconds * members[members.count - 1].place / middlePlace > limit
  }

  /// The others, by those that were rehearsed: between them by the power of the number that goes through both, beyond them
  /// on a straight line.
  func others(_ rehearsed: [String: Rehearsed]) -> [String: Rehearsed] {
    guard let small = rehearsed[smallest], let middle = rehearsed[middle] else { return [:] }
    var others: [String: Rehearsed] = [:]
    for (key, place) in members where rehearsed[key] == nil {
      if place < middlePlace {
        let part = log(place / members[0].place) / log(middlePlace / members[0].place)
        others[key] = Rehearsed(small, middle, name: key) { powerLaw($0, $1, part) }
      } else if let large = rehearsed[largest] {
        let part = log(place / middlePlace) / log(members[members.count - 1].place / middlePlace)
        others[key] = Rehearsed(middle, large, name: key) { powerLaw($0, $1, part) }
      } else {
        let part = (place - members[0].place) / (middlePlace - members[0].place)
        others[key] = Rehearsed(small, middle, name: key) { $0 + part * ($1 - $0) }
      }
    }
    return others
  }
}

/// From one number to another by a share of their logarithms' difference.
private func powerLaw(_ first: Double, _ second: Double, _ part: Double) -> Double {
  first > 0 && second > 0 ? exp((1 - part) * log(first) + part * log(second)) : max(first, second)
}

extension ConfigurationValue {
  /// A positive number, or the only one of a list.
  fileprivate var positive: Double? {
    switch self {
    case .integer(let value): value > 0 ? Double(value) : nil
    case .number(let value): value > 0 ? value : nil
    case .list(let values): values.count == 1 ? values[0].positive : nil
    case .boolean, .text, .null: nil
    }
  }
}
