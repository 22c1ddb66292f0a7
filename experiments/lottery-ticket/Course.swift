internal import Harness
internal import Pruning
internal import Storage

/// One training of one network, as it is kept: losses on held-out and test examples along the way, and where it ended.
struct Course {
  /// The steps at which it was evaluated.
  var steps: [Int] = []
  /// Mean loss on held-out examples.
  var validationLoss: [Double] = []
  /// Share of them classified wrongly.
  var validationError: [Double] = []
  /// Mean loss on test examples.
  var testLoss: [Double] = []
  /// Share of them classified wrongly.
  var testError: [Double] = []
  /// Mean loss on the training examples at the end.
  var trainLoss = Double.nan
  /// Share of them classified wrongly.
  var trainError = Double.nan
  /// The step at which it went out of bounds.
  var divergedAt: Int?
  /// The parameters at the end, those that were trained alone.
  var parameters: [Float] = []
  /// Whether it was out of bounds before any update; no part of what is kept.
  var isLostFromTheStart = false
  /// Which of the network's parameters were trained; no part of what is kept, for it is found again before the training is
  /// read. Of a mask the places are the larger part, and many courses are held at once.
  var isKept: [Bool] = []

  /// The evaluation with the lowest held-out loss, the first of several; `nil` if there is none or training diverged.
  var best: Int? { divergedAt == nil ? earliestMinimum(validationLoss) : nil }

  /// What was left of the network.
  var mask: Mask { Mask(isKept) }

  /// The group of a stage.
  var group: Group {
    Group(
      dimensions: [
        Dimension("step", coordinates: steps), Dimension("parameter", length: parameters.count),
      ],
      variables: [
        Variable("validation_loss", along: ["step"], values: validationLoss),
        Variable("validation_error", along: ["step"], values: validationError),
        Variable("test_loss", along: ["step"], values: testLoss),
        Variable("test_error", along: ["step"], values: testError),
        Variable("train_loss", value: trainLoss), Variable("train_error", value: trainError),
        Variable("diverged_at", value: divergedAt ?? -1),
        Variable("parameters", along: ["parameter"], values: parameters),
      ])
  }

  init() {}

  /// The course of a stage's group, which trained what a mask leaves.
  init(_ group: Group, of mask: Mask) throws {
    isKept = mask.isKept
    steps = try group.dimension("step").coordinates.flatMap(Int.elements) ?? []
    validationLoss = try group.variable("validation_loss").elements()
    validationError = try group.variable("validation_error").elements()
    testLoss = try group.variable("test_loss").elements()
    testError = try group.variable("test_error").elements()
    trainLoss = try group.variable("train_loss").value()
    trainError = try group.variable("train_error").value()
    let step: Int = try group.variable("diverged_at").value()
    divergedAt = step < 0 ? nil : step
    parameters = try group.variable("parameters").elements()
  }
}
