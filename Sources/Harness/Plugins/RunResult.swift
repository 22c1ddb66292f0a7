public import Storage

/// What one run found out: the content of its file beside configuration and provenance.
public struct RunResult: Sendable {
  /// The measurements: `/measurements` of the file.
  public var measurements: Group
  /// What was recorded along training steps: `/trajectory`.
  public var trajectory: Group?
  /// Parameter tensors by step and block: `/checkpoints`.
  public var checkpoints: Group?
  /// How the numbers went out of bounds, as a sentence; `nil` when they did not. Such a run is finished with the status
  /// "diverged", and findings count it.
  public var divergence: String?
  /// What a reader should know before trusting the numbers: dead units, an end that is no minimum, a layer without weights.
  /// Short sentences without full stops, which stand in the file and in every table of runs.
  public var remarks: [String]

  /// A result; usually only measurements.
  public init(
    measurements: Group, trajectory: Group? = nil, checkpoints: Group? = nil, divergence: String? = nil,
    remarks: [String] = []
  ) {
    self.measurements = measurements
    self.trajectory = trajectory
    self.checkpoints = checkpoints
    self.divergence = divergence
    self.remarks = remarks
  }
}
