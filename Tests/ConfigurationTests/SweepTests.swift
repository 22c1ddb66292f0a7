import Configuration
import Testing

private func sweeps(_ yaml: String) throws -> [Sweep] {
  try SweepFile(yaml: yaml, file: "s.yaml", name: "s", experiment: "sample").sweeps
}

private func points(_ yaml: String, _ overrides: [String] = []) throws -> [String] {
  try sweeps(yaml)[0].points(of: Sample.self, overrides: overrides).map { point in
    point.coordinates.map { "\($0.key)=\($0.value)" }.joined(separator: " ") + " seed=\(point.seed)"
  }
}

private func sweepFailure(_ yaml: String) -> String {
  do {
    _ = try SweepFile(yaml: yaml, file: "s.yaml", name: "s").sweeps[0].points(of: Sample.self)
    return "read"
  } catch { return error.description }
}

@Suite struct `A sweep` {
  @Test func `makes every combination in a stable order`() throws {
    let yaml = """
      seeds: 0..1
      grid: {width: [1, 2], activation: [tanh, relu]}
      """
    #expect(
      try points(yaml) == [
        "width=1 activation=tanh seed=0", "width=1 activation=tanh seed=1", "width=1 activation=relu seed=0",
        "width=1 activation=relu seed=1", "width=2 activation=tanh seed=0", "width=2 activation=tanh seed=1",
        "width=2 activation=relu seed=0", "width=2 activation=relu seed=1",
      ])
  }

  @Test func `goes through zipped lists in step, inside the grid`() throws {
    let yaml = """
      seeds: [3]
      grid: {width: [1, 2]}
      zip: {optimizer: {learning_rate: [0.5, 1], momentum: [0, 0.9]}}
      """
    #expect(
      try points(yaml) == [
        "width=1 optimizer.learning_rate=0.5 optimizer.momentum=0.0 seed=3",
        "width=1 optimizer.learning_rate=1.0 optimizer.momentum=0.9 seed=3",
        "width=2 optimizer.learning_rate=0.5 optimizer.momentum=0.0 seed=3",
        "width=2 optimizer.learning_rate=1.0 optimizer.momentum=0.9 seed=3",
      ])
  }

  @Test func `sets values for all its runs`() throws {
    let sweep = try sweeps("seeds: 5\nset: {width: 7, optimizer.name: gd}")[0]
    let point = try sweep.points(of: Sample.self)[0]
    #expect(point.settings.width == 7 && point.settings.optimizer.name == "gd" && point.seed == 5)
  }

  @Test func `gives way to the command line`() throws {
    let yaml = "set: {exact: true}\ngrid: {width: [1, 2], activation: [tanh, relu]}"
    #expect(try points(yaml, ["width=9"]) == ["activation=tanh seed=0", "activation=relu seed=0"])
    #expect(try sweeps(yaml)[0].points(of: Sample.self, overrides: ["width=9"]).allSatisfy { $0.settings.width == 9 })
  }

  @Test func `has a name among several, which share what stands above them`() throws {
    let yaml = """
      experiment: sample
      seeds: 0..4
      set: {width: 3, exact: true}
      sweeps:
        plain: {}
        other:
          seeds: [1, 2]
          set: {width: 4}
      """
    let all = try SweepFile(yaml: yaml, file: "s.yaml", name: "s").sweeps
    #expect(all.map(\.name) == ["plain", "other"] && all.map(\.seeds) == [[0, 1, 2, 3, 4], [1, 2]])
    let other = try all[1].points(of: Sample.self)[0].settings
    #expect(other.width == 4 && other.exact)
  }

  @Test func `may vary what stands above it`() throws {
    let yaml = "experiment: sample\nset: {width: 3}\nsweeps:\n  wide: {grid: {width: [4, 5]}}"
    let sweep = try SweepFile(yaml: yaml, file: "s.yaml", name: "s").sweeps[0]
    #expect(try sweep.points(of: Sample.self).map(\.settings.width) == [4, 5])
  }

  @Test func `takes seeds from the command line`() throws {
    #expect(try seeds(option: "0..3,7") == [0, 1, 2, 3, 7])
    for many in ["0..1000000000", "0..9999,10000", "0..\(Int.max - 1)"] {
      let error = #expect(throws: ConfigurationError.self) { try seeds(option: many) }
      #expect(error?.description.contains("a sweep may have 10000; make several sweeps of them") == true, "\(many)")
    }
    #expect(throws: ConfigurationError.self) { try seeds(option: "0..\(Int.max)") }
    #expect(throws: ConfigurationError.self) { try seeds(option: "3..1") }
    #expect(throws: ConfigurationError.self) { try seeds(option: "1,1") }
    #expect(throws: ConfigurationError.self) { try seeds(option: "\(Int.min)..\(Int.max)") }
  }

  @Test func `is refused where aliases multiply beyond measure`() {
    // Nine lines that stand for 9^9 values.
    var yaml = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1..<9 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      yaml += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(sweepFailure(yaml).contains("it has more than 1000000 values; aliases multiply what they refer to"))
    #expect(
      sweepFailure("experiment: sample\nset: " + String(repeating: "[", count: 100_000)).contains(
        "not readable as YAML"))
  }

  @Test(arguments: [
    (Array("experiment: sample\nset: {note: M".utf8) + [0xFC, 0x6C] + Array("ler}".utf8), 2, 33, "FC"),
    ([0xFF, 0xFE, 0x65, 0x00], 1, 1, "FF"), (Array("a: \u{20AC}".utf8.dropLast()), 1, 4, "E2"),
  ])
  func `is refused where it is not UTF-8`(_ bytes: [UInt8], _ line: Int, _ place: Int, _ byte: String) {
    let error = #expect(throws: ConfigurationError.self) { try SweepFile(bytes: bytes, file: "s.yaml", name: "s") }
    #expect(
      error?.description
        == "s.yaml, line \(line): not readable as YAML: its byte \(place), 0x\(byte), is not UTF-8; save the file as UTF-8."
    )
  }

  @Test(arguments: [
    (
      "experiment: sample\nseed: 3",
      "s.yaml, line 2: unknown key seed, did you mean seeds (known here: experiment, seeds, set, grid, zip, sweeps)."
    ),
    (
      "seeds: 3",
      "s.yaml, line 1: experiment is missing, write experiment: NAME (landscape list shows the names)."
    ),
    (
      "experiment: sample\nset: {widht: 3}",
      "s.yaml, line 2: unknown key widht, did you mean width "
        + "(known here: width, activation, note, positions, depths, limit, exact, optimizer)."
    ),
    (
      "experiment: sample\ngrid:\n  width: 3",
      "s.yaml, line 3: width is 3, but must be a list with the values to go through."
    ),
    (
      "experiment: sample\ngrid:\n  width: [3, 9999]",
      "s.yaml, line 3: width is 9999, but must be an integer from 1 to 4096."
    ),
    (
      "experiment: sample\nzip:\n  width: [3, 4]\n  exact: [true]",
      "s.yaml, line 4: zip needs lists of one length, but width has 2 values and exact has 1."
    ),
    (
      "experiment: sample\nset: {width: 1}\ngrid:\n  width: [3]", "s.yaml, line 4: width is given more than once."
    ),
    (
      "experiment: sample\nseeds: 0..x",
      "s.yaml, line 2: seeds is 0..x, but must be a range such as 0..4 (both ends are included) "
        + "or a list of different integers of at least 0."
    ),
    (
      "experiment: sample\nsweeps: {}",
      "s.yaml, line 2: sweeps is an empty section, but must be a section with a name for each sweep."
    ),
    ("", "s.yaml, line 1: experiment is missing, the file is empty; write experiment: NAME."),
  ])
  func `says what is wrong`(_ yaml: String, _ sentence: String) { #expect(sweepFailure(yaml) == sentence) }
}
