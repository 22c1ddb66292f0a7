/// A tree of named arrays: what a run produces, and what a file holds.
///
///     Group(
///       dimensions: [Dimension("t", coordinates: positions, longName: "position on the path")],
///       variables: [Variable("loss", along: ["t"], values: losses)],
///       groups: ["chain": chain])
///
/// `==` compares order and bits, so that NaN equals itself. A variable may stand along the dimensions of its own group and of every group above. Prefer the group of the variable:
/// xarray opens one group at a time and sees inherited dimensions without their coordinates.
public struct Group: Sendable, Equatable {
  /// The axes declared here.
  public var dimensions: [Dimension]
  /// The arrays.
  public var variables: [Variable]
  /// What is said about the group as a whole.
  public var attributes: Named<AttributeValue>
  /// The groups below, by name.
  public var groups: Named<Group>

  /// Creates a group.
  public init(
    dimensions: [Dimension] = [], variables: [Variable] = [], attributes: Named<AttributeValue> = [:],
    groups: Named<Group> = [:]
  ) {
    self.dimensions = dimensions
    self.variables = variables
    self.attributes = attributes
    self.groups = groups
  }

  /// Whether nothing is in it.
  public var isEmpty: Bool { dimensions.isEmpty && variables.isEmpty && attributes.isEmpty && groups.isEmpty }
}
