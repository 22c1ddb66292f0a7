public import Networks
public import Storage
internal import Tensors
public import Training

extension SplitEvaluation {
  /// The unit of the loss, and of all differences of losses.
  public var unit: String { training.loss.unit }

  /// What files hold of a point along a training: `train_loss`, `train_error`, `test_loss`, `test_error`.
  public var columns: [TrajectoryColumn] {
    [
      TrajectoryColumn("train_loss", units: unit, longName: "mean loss over the training set"),
      TrajectoryColumn("train_error", longName: "share of the training set classified wrongly"),
      TrajectoryColumn("test_loss", units: unit, longName: "mean loss over the test set"),
      TrajectoryColumn("test_error", longName: "share of the test set classified wrongly"),
    ]
  }

  /// The numbers of ``columns`` at a point.
  public func numbers(at point: [Element]) -> [Double] { Self.numbers(of: self(at: point)) }

  /// The same, of an evaluation, as variables of a file.
  public func variables(of evaluation: (train: Evaluation, test: Evaluation)) -> [Variable] {
    zip(columns, Self.numbers(of: evaluation)).map { column, number in
      Variable(column.name, value: number, units: column.units, longName: column.longName)
    }
  }

  static func numbers(of evaluation: (train: Evaluation, test: Evaluation)) -> [Double] {
    let (train, test) = evaluation
    return [train.loss, train.error, test.loss, test.error]
  }
}
