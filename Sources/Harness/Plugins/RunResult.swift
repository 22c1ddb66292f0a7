public import Storage

/// What one run found out: the content of its file beside configuration and provenance.
///
/// What a reader should know before trusting the numbers stands in the ``Storage/Group/remarks`` of the groups it is about.
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

  /// A result; usually only measurements.
  public init(
    measurements: Group, trajectory: Group? = nil, checkpoints: Group? = nil, divergence: String? = nil
  ) {
    self.measurements = measurements
    self.trajectory = trajectory
    self.checkpoints = checkpoints
    self.divergence = divergence
  }

  /// What the run remarks on: how it diverged, if it did, then what its groups remark on; no sentence twice.
  var allRemarks: [String] {
    let trajectory = trajectory?.allRemarks(at: "trajectory") ?? []
    var all: [String] = []
    for remark in [divergence].compactMap({ $0 }) + measurements.allRemarks() + trajectory where !all.contains(remark) {
      all.append(remark)
    }
    return all
  }
}
