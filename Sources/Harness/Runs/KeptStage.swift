internal import Storage

/// What a stage took.
struct StageTime: Equatable {
  /// Its full name.
  let name: String
  /// Processor time, that of the stages within it included.
  let seconds: Double
}

/// A stage that ended, as its file holds it: the result, with the times of the stages within it and of itself, the last, as
/// two attributes beside the result's own.
struct KeptStage {
  let result: Group
  let times: [StageTime]

  private static let names = "stage_names"
  private static let seconds = "stage_seconds"

  init(result: Group, times: [StageTime]) {
    self.result = result
    self.times = times
  }

  /// What was read from the file of the stage `name`; NaN where the file doesn't say what it took.
  init(_ group: Group, name: String) {
    var group = group
    var (names, seconds): ([String], [Double]) = ([], [])
    if case .strings(let stored)? = group.attributes[Self.names] { names = stored }
    if case .numbers(let stored)? = group.attributes[Self.seconds] { seconds = stored }
    let times = zip(names, seconds).map { StageTime(name: $0, seconds: $1) }
    self.times = times.isEmpty ? [StageTime(name: name, seconds: .nan)] : times
    group.attributes[Self.names] = nil
    group.attributes[Self.seconds] = nil
    result = group
  }

  /// What is written to a file.
  var group: Group {
    var group = result
    group.attributes[Self.names] = .strings(times.map(\.name))
    group.attributes[Self.seconds] = .numbers(times.map(\.seconds))
    return group
  }
}
