import Datasets

extension TrainingState {
  /// Makes this fresh state one that begins at a later step: with that step's learning rate and batch, as if the updates
  /// before had been made by somebody else. What the method remembers is as at a first step.
  ///
  /// Cost: one shuffle for each epoch that is passed over.
  public mutating func begin(at step: Int) {
    precondition(self.step == 0 && step >= 0, "beginning at step \(step) after \(self.step) updates")
    for _ in 0..<step { sampler?.advance() }
    self.step = step
  }

  /// Counts the updates before `step` as made, which they were not: parameters, batches and what the method remembers stay
  /// as they are. For estimates of time.
  package mutating func pass(to step: Int) {
    precondition(step >= self.step, "passing to step \(step) after \(self.step) updates")
    self.step = step
  }
}
