internal import Datasets
internal import Networks
public import Storage
public import Tensors
internal import Training

extension RunContext {
  /// Losses and errors along lines and on planes through a minimum, with the signs whether such a picture can be believed;
  /// `nil` where the settings ask for no lines.
  ///
  /// ```swift
  /// let minimum = Minimum<Float>(try context.minimum(of: settings.minimum))
  /// measurements.groups["slices"] = try context.slices(settings.slices, at: minimum)
  /// ```
  ///
  /// It is a stage of the run, named `name`, and resumable within. `Documentation/slices.md` lists what is in the group.
  /// Cost: an evaluation of all data at each point, a largest eigenvalue, and both ends of the spectrum at each point of the
  /// planes if `plane_eigenvalues` is set.
  public func slices<Element: Scalar & StoredElement>(
    _ settings: SliceSettings, at minimum: Minimum<Element>, name: String = "slices", share: Double? = nil
  ) throws -> Group? {
    // What is prepared for evaluation is not for nothing.
    settings.lines > 0 ? try slices(settings, at: SliceCenter(minimum), name: name, share: share) : nil
  }

  /// The same through any point.
  public func slices<Element: Scalar & StoredElement>(
    _ settings: SliceSettings, at center: SliceCenter<Element>, name: String = "slices", share: Double? = nil
  ) throws -> Group? {
    guard settings.lines > 0 else { return nil }
    // Only principal components depend on how training goes.
    let recipe =
      settings.direction == .principalComponent
      ? center.recipe.costKey : center.recipe.evaluationCost(of: center.network)
    let cost = "slices \(Element.typeName) \(settings.costKey) \(center.places?.count ?? 0) \(recipe)"
    return try stage(name, share: share, cost: cost) {
      try Slices(settings: settings, center: center, key: key.child(name), context: self).group()
    }
  }
}
