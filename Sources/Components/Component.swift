/// What a user picks by name in a configuration (a layer, an optimizer, a schedule, an initializer, ...), described for
/// people: lists and help print it, and a checker goes through all of a kind.
public struct Component: Hashable, Sendable {
  /// One of its settings.
  public struct Setting: Hashable, Sendable {
    /// Its key in configurations, such as `momentum`.
    public let name: String
    /// What it means, with its symbol in the formula.
    public let meaning: String
    /// What it may be, such as `0 <= mu < 1`.
    public let allowed: String
    /// What it is if nothing is said.
    public let defaultValue: String

    /// A setting.
    public init(_ name: String, _ meaning: String, allowed: String, default defaultValue: String) {
      self.name = name
      self.meaning = meaning
      self.allowed = allowed
      self.defaultValue = defaultValue
    }
  }

  /// The kinds of component.
  public enum Kind: String, CaseIterable, Sendable {
    /// Maps from batches to batches.
    case layer
    /// Whole networks by name.
    case architecture
    /// Laws of first weights.
    case initializer
    /// Losses of one example.
    case loss
    /// Methods of descent.
    case optimizer
    /// Learning rates over training.
    case schedule
  }

  /// What it is.
  public let kind: Kind
  /// Its name in configurations, such as `adam`.
  public let name: String
  /// One line with its formula.
  public let summary: String
  /// Its settings in order.
  public let settings: [Setting]
  /// Where it comes from; empty for what has no single source.
  public let references: [Reference]

  /// A description.
  public init(
    _ kind: Kind, _ name: String, _ summary: String, settings: [Setting] = [], references: [Reference] = []
  ) {
    self.kind = kind
    self.name = name
    self.summary = summary
    self.settings = settings
    self.references = references
  }
}
