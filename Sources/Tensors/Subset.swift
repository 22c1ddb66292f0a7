import CVectors

/// Some of the places of a vector, as bits.
public struct Subset: Sendable {
  /// The length of the vector.
  public let count: Int
  /// How many places are in the subset.
  public let total: Int
  fileprivate let words: [UInt16]

  /// The subset of these places among `count`; `nil` where they do not ascend.
  public init?(_ places: [Int], of count: Int) {
    var words = [UInt16](repeating: 0, count: (count + 15) / 16)
    var last = -1
    for place in places {
      guard place > last && place < count else { return nil }
      words[place / 16] |= 1 << (place % 16)
      last = place
    }
    self.count = count
    total = places.count
    self.words = words
  }
}

extension Float {
  /// y = the elements of x in a subset.
  public static func collect(_ subset: Subset, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    landscape_collect_float(Int64(subset.count), subset.words, Int64(subset.total), x, y)
  }

  /// y = the elements of x in the places of a subset.
  public static func spread(_ subset: Subset, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    landscape_spread_float(Int64(subset.count), subset.words, Int64(subset.total), x, y)
  }
}

extension Double {
  /// y = the elements of x in a subset.
  public static func collect(_ subset: Subset, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    landscape_collect_double(Int64(subset.count), subset.words, Int64(subset.total), x, y)
  }

  /// y = the elements of x in the places of a subset.
  public static func spread(_ subset: Subset, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    landscape_spread_double(Int64(subset.count), subset.words, Int64(subset.total), x, y)
  }
}
