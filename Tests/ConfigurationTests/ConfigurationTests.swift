import Configuration
import Testing

@Suite struct `A configuration` {
  @Test func `is read from nested and dotted keys alike`() throws {
    let nested = try Sample(yaml: "width: 32\noptimizer:\n  learning_rate: 0.5\n  name: gd\n")
    let dotted = try Sample(yaml: "optimizer.name: gd\noptimizer.learning_rate: 5e-1\nwidth: 3.2e1\n")
    #expect(nested == dotted)
    #expect(nested.width == 32 && nested.optimizer.learningRate == 0.5 && nested.optimizer.name == "gd")
    #expect(try Sample(yaml: "# nothing\n") == Sample())
  }

  @Test func `keeps every type of value`() throws {
    let yaml = """
      activation: tanh
      note: "7: \\"x\\" # \\\\ no comment"
      positions: [0, 0.25, 1.0e-1]
      depths: []
      limit: 2.5
      exact: true
      """
    let sample = try Sample(yaml: yaml)
    #expect(sample.activation == .tanh && sample.note == "7: \"x\" # \\ no comment")
    #expect(sample.positions == [0, 0.25, 0.1] && sample.depths.isEmpty && sample.limit == 2.5 && sample.exact)
    #expect(try Sample(yaml: "limit: null").limit == nil)
  }

  @Test func `has a canonical text with all keys`() {
    #expect(
      Sample().canonicalYAML == """
        width: 64
        activation: relu
        note: ""
        positions: [0.0, 0.5, 1.0]
        depths: [1]
        limit: null
        exact: false
        optimizer:
          name: sgd
          learning_rate: 0.1
          momentum: 0.0

        """)
  }

  @Test(arguments: [
    "yes", "1e-5", "- a", "x: y", "tab\there", "Ünï\n\u{1}", " padded ", "null", "~", "12", "#c", "a'b",
  ])
  func `survives its canonical text`(_ note: String) throws {
    var sample = Sample()
    sample.note = note
    sample.limit = 1e-5
    sample.positions = [1.0 / 3, 1e-300, .leastNonzeroMagnitude]
    sample.optimizer.learningRate = 1.5e-7
    #expect(try Sample(yaml: sample.canonicalYAML) == sample)
    #expect(sample.canonicalYAML.contains("limit: 1.0e-05"))
  }

  @Test func `tells what differs from the defaults`() throws {
    let sample = try Sample(yaml: "optimizer.momentum: 0.9\nwidth: 64\nexact: true")
    #expect(sample.differenceFromDefaults.map { "\($0.key)=\($0.value)" } == ["exact=true", "optimizer.momentum=0.9"])
    #expect(sample.values.count == 10)
  }

  @Test func `is documented with defaults and what is allowed`() {
    let rows = Sample.documentation
    #expect(
      rows.map(\.key).suffix(4) == ["optimizer", "optimizer.name", "optimizer.learning_rate", "optimizer.momentum"])
    #expect(rows[7].isSection && rows[7].documentation == "How it is trained.")
    #expect(
      rows.filter { !$0.isSection }.map(\.allowed) == [
        "an integer from 1 to 4096", "one of relu, tanh, softplus", "text", "a list of numbers from 0.0 to 1.0",
        "a list of integers of at least 1", "a number of at least 0.0, or null", "true or false", "one of gd, sgd",
        "a number above 0.0", "a number from 0.0 to below 1.0",
      ])
    #expect(rows[5].units == "s" && rows[5].defaultValue == "null")
  }

  @Test func `keeps its digests`() throws {
    // Recorded with sha256sum over the identity texts written out by hand.
    #expect(
      Sample().digest(experiment: "sample", seed: 0)
        == "f1dcd77cb10d29339f2250ca471f1a2fa48f756a121dc83051faa505bef578a9")
    let changed = try Sample(yaml: "optimizer.momentum: 0.9\nnote: a b\nexact: true")
    #expect(
      changed.digest(experiment: "sample", seed: 3)
        == "3a4ec01b9c1b89831d6a8858c0f0bed2303d8ff2e4b0d8d6572a3c8a416f7c25")
    #expect(changed.digest(experiment: "sample", seed: 4) != changed.digest(experiment: "sample", seed: 3))
  }
}

@Suite struct `A mistake in a configuration is one sentence` {
  @Test(arguments: [
    ("width: 0", "a.yaml, line 1: width is 0, but must be an integer from 1 to 4096."),
    ("\n\nwidth: wide", "a.yaml, line 3: width is wide, but must be an integer from 1 to 4096."),
    ("width: 1.5", "a.yaml, line 1: width is 1.5, but must be an integer from 1 to 4096."),
    ("width: \"3\"", "a.yaml, line 1: width is \"3\", but must be an integer from 1 to 4096."),
    ("width:", "a.yaml, line 1: width is empty, but must be an integer from 1 to 4096."),
    (
      "activation: tahn",
      "a.yaml, line 1: activation is tahn, but must be one of relu, tanh, softplus (did you mean tanh?)."
    ),
    ("exact: yes", "a.yaml, line 1: exact is yes, but must be true or false."),
    ("positions: [0, 2]", "a.yaml, line 1: positions is 2, but must be a list of numbers from 0.0 to 1.0."),
    ("positions: 1", "a.yaml, line 1: positions is 1, but must be a list of numbers from 0.0 to 1.0."),
    ("limit: .nan", "a.yaml, line 1: limit is .nan, but must be a number of at least 0.0, or null."),
    (
      "optimizer:\n  learning_rat: 1",
      "a.yaml, line 2: unknown key optimizer.learning_rat, did you mean optimizer.learning_rate "
        + "(known here: name, learning_rate, momentum)."
    ),
    (
      "momentum: 0.5",
      "a.yaml, line 1: unknown key momentum, did you mean optimizer.momentum "
        + "(known here: width, activation, note, positions, depths, limit, exact, optimizer)."
    ),
    ("width: 1\nexact: true\nwidth: 2", "a.yaml, line 1: width is given more than once."),
    (
      "optimizer.name: gd\noptimizer:\n  name: sgd", "a.yaml, line 3: optimizer.name is given more than once."
    ),
    (
      "optimizer: sgd",
      "a.yaml, line 1: optimizer is sgd, but must be a section with keys out of name, learning_rate, momentum."
    ),
    (
      "width: {a: 1}", "a.yaml, line 1: width is a section with a, but must be an integer from 1 to 4096."
    ),
    (
      "optimizer: {name: gd, momentum: 0.5}",
      "a.yaml, line 1: optimizer: gd has no momentum, not 0.5."
    ),
    (
      "width: 2000\nexact: true\nlimit: 3",
      "a.yaml, line 1 (width) and a.yaml, line 2 (exact): exact needs a width of at most 1000, not 2000."
    ),
    (
      "width: [1",
      "a.yaml, line 2: not readable as YAML: did not find expected ',' or ']'."
    ),
  ])
  func `in a file`(_ yaml: String, _ sentence: String) { #expect(failure(yaml) == sentence) }

  @Test(arguments: [
    ("width=0", "--set width=0: width is 0, but must be an integer from 1 to 4096."),
    (
      "optimiser.momentum=0.5",
      "--set optimiser.momentum=0.5: unknown key optimiser.momentum, did you mean optimizer.momentum "
        + "(known here: width, activation, note, positions, depths, limit, exact, optimizer)."
    ),
    ("width", "--set width: a value is missing, write --set key=value."),
  ])
  func `on the command line`(_ text: String, _ sentence: String) { #expect(overrideFailure(text) == sentence) }

  @Test(arguments: [("learning_rate", "learning_rat", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("", "abc", 3)])
  func `with the distance of spellings`(_ first: String, _ second: String, _ distance: Int) {
    #expect(editDistance(first, second) == distance && editDistance(second, first) == distance)
  }
}
