import Harness
import Networks
import Storage
import Surfaces
import Tensors

/// Losses and errors along a path, on training and test examples.
struct PathMeasurement {
  let times: [Double]
  var trainLoss: [Double] = []
  var trainError: [Double] = []
  var testLoss: [Double] = []
  var testError: [Double] = []
  /// What training descends; empty where it is the training loss but for the L2 term.
  var objective: [Double] = []
  var arcLength: [Double] = []
  /// The unit of the losses.
  let unit: String

  /// Evaluates `count` evenly spaced points. With `repair` it is the points that this makes of those at t which are
  /// evaluated, and lengths are those of the straight lines between them. Cost: one evaluation of both sets a point.
  init<P: Path>(
    _ path: P, count: Int, evaluation: SplitEvaluation<Float>, in context: RunContext,
    repair: (([Float], Double) -> [Float])? = nil, _ tick: (Double) throws -> Void
  ) rethrows where P.Element == Float {
    unit = evaluation.unit
    times = (0..<count).map { Double($0) / Double(count - 1) }
    var point = [Float](repeating: 0, count: path.dimension)
    for (index, time) in times.enumerated() {
      let before = point
      path.point(at: time, into: &point)
      let step: Double
      if let repair {
        point = context.repeated("repair") { repair(point, time) }
        step = before.distance(to: point)
      } else {
        step = index == 0 ? 0 : path.arcLength(from: times[index - 1], to: time)
      }
      let (onTrain, onTest) = context.repeated("evaluation") { evaluation(at: point) }
      if evaluation.training.couplesExamples {
        objective.append(context.repeated("training loss") { evaluation.training.value(at: point) })
      }
      trainLoss.append(onTrain.loss)
      trainError.append(onTrain.error)
      testLoss.append(onTest.loss)
      testError.append(onTest.error)
      arcLength.append(index == 0 ? 0 : arcLength[index - 1] + step)
      try tick(Double(index + 1) / Double(count))
    }
  }

  /// The measurement as a group along the dimension `t`.
  func group(_ what: String) -> Group {
    func profile(_ values: [Double]) -> PathProfile { PathProfile(times: times, values: values, arcLengths: arcLength) }
    let onTrain = profile(trainLoss)
    var group = Group(
      dimensions: [Dimension("t", coordinates: times, units: "1", longName: "position on the path")],
      variables: [
        Variable("train_loss", along: ["t"], values: trainLoss, units: unit, longName: "training loss on \(what)"),
        Variable("train_error", along: ["t"], values: trainError, units: "1", longName: "training error on \(what)"),
        Variable("test_loss", along: ["t"], values: testLoss, units: unit, longName: "test loss on \(what)"),
        Variable("test_error", along: ["t"], values: testError, units: "1", longName: "test error on \(what)"),
        Variable("arc_length", along: ["t"], values: arcLength, units: "1", longName: "length of \(what) up to t"),
        Variable(
          "train_barrier", value: onTrain.barrier, units: unit,
          longName: "largest training loss above the interpolation of the ends"),
        Variable(
          "test_barrier", value: profile(testLoss).barrier, units: unit,
          longName: "largest test loss above the interpolation of the ends"),
        Variable(
          "train_error_barrier", value: profile(trainError).barrier, units: "1",
          longName: "largest training error above the interpolation of the ends"),
        Variable(
          "test_error_barrier", value: profile(testError).barrier, units: "1",
          longName: "largest test error above the interpolation of the ends"),
        Variable("maximum", value: onTrain.maximum, units: unit, longName: "largest training loss"),
        Variable("mean", value: onTrain.mean, units: unit, longName: "mean training loss over t"),
        Variable(
          "arc_length_mean", value: onTrain.arcLengthMean, units: unit,
          longName: "mean training loss over the length of the path"),
        Variable("length", value: onTrain.length, units: "1", longName: "length of the path"),
      ])
    for (name, values, units, what) in [
      ("train_error", trainError, "1", "training error"), ("test", testLoss, unit, "test loss"),
      ("test_error", testError, "1", "test error"),
    ] {
      let profile = profile(values)
      group.variables += [
        Variable("\(name)_maximum", value: profile.maximum, units: units, longName: "largest \(what)"),
        Variable("\(name)_mean", value: profile.mean, units: units, longName: "mean \(what) over t"),
        Variable(
          "\(name)_arc_length_mean", value: profile.arcLengthMean, units: units,
          longName: "mean \(what) over the length of the path"),
      ]
    }
    if !objective.isEmpty {
      group.variables.append(
        Variable(
          "train_objective", along: ["t"], values: objective, units: unit,
          longName: "training loss on \(what) by the statistics of training's batches, with the L2 term"))
    }
    return group
  }
}

extension [Float] {
  /// The Euclidean distance.
  func distance(to other: Self) -> Double {
    var difference = self
    difference.add(-1, times: other)
    return Double(difference.norm)
  }
}
