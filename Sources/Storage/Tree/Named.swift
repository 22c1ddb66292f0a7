/// Values under names, kept in the order in which they were given.
///
/// Lookup is linear: a group has tens of members, not thousands.
public struct Named<Value>: RandomAccessCollection, ExpressibleByDictionaryLiteral {
  private var entries: [(name: String, value: Value)] = []

  /// Creates an empty collection.
  public init() {}

  /// Creates a collection from names and values; a name that comes twice is a programmer's error.
  public init(dictionaryLiteral elements: (String, Value)...) {
    for (name, value) in elements {
      precondition(self[name] == nil, "the name \"\(name)\" is given twice")
      entries.append((name, value))
    }
  }

  /// The value under a name, or `nil`. Setting a new name appends it, setting `nil` removes it.
  public subscript(name: String) -> Value? {
    get { entries.first { $0.name == name }?.value }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The first position, always 0.
  public var startIndex: Int { 0 }
  /// The number of values.
  public var endIndex: Int { entries.count }
  /// The name and value at a position.
  public subscript(position: Int) -> (name: String, value: Value) { entries[position] }
}

extension Named: Sendable where Value: Sendable {}

extension Named: Equatable where Value: Equatable {
  /// Whether both hold equal values under the same names in the same order.
  public static func == (a: Named, b: Named) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}
