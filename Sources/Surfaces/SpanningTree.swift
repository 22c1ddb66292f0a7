/// The tree of least total weight that joins all of `count` nodes (Prim 1957).
///
/// Between any two nodes its path has the lowest possible highest edge: with barriers as weights, the lowest pass that is
/// known between two minima. A NaN is a way that is not known, and is taken only where there is no other.
public struct SpanningTree: Hashable, Sendable {
  /// An edge of the tree.
  public struct Edge: Hashable, Sendable {
    /// The smaller node.
    public let first: Int
    /// The larger node.
    public let second: Int
    /// Its weight.
    public let weight: Double
  }

  /// The number of nodes.
  public let count: Int
  /// The edges, in the order in which they were taken from node 0 on.
  public let edges: [Edge]

  /// The tree for symmetric weights [count, count]; the diagonal plays no part. Cost: O(count^2).
  public init(weights: [Double], count: Int) {
    precondition(
      count > 0 && weights.count == count * count, "\(weights.count) weights for a tree over \(count) nodes")
    self.count = count
    var edges: [Edge] = []
    var nearest = [Int](repeating: 0, count: count)
    var isOutside = [Bool](repeating: true, count: count)
    isOutside[0] = false
    while edges.count < count - 1 {
      let outside = (0..<count).filter { isOutside[$0] }
      let node = outside.dropFirst().reduce(outside[0]) { best, node in
        isLess(weights[nearest[node] * count + node], weights[nearest[best] * count + best]) ? node : best
      }
      let other = nearest[node]
      edges.append(Edge(first: min(node, other), second: max(node, other), weight: weights[other * count + node]))
      isOutside[node] = false
      for third in 0..<count where isOutside[third] {
        if isLess(weights[node * count + third], weights[nearest[third] * count + third]) { nearest[third] = node }
      }
    }
    self.edges = edges
  }

  /// The highest edge on the tree's path between each two nodes, [count, count]; -infinity on the diagonal.
  public var highestEdges: [Double] {
    var highest = [Double](repeating: -.infinity, count: count * count)
    var isInside = [Bool](repeating: false, count: count)
    isInside[0] = true
    for edge in edges {
      let (new, old) = isInside[edge.first] ? (edge.second, edge.first) : (edge.first, edge.second)
      for node in 0..<count where isInside[node] {
        let known = highest[node * count + old]
        let value = isLess(known, edge.weight) ? edge.weight : known
        highest[node * count + new] = value
        highest[new * count + node] = value
      }
      isInside[new] = true
    }
    return highest
  }
}

/// a < b, where NaN is larger than all numbers.
private func isLess(_ a: Double, _ b: Double) -> Bool { b.isNaN ? !a.isNaN : a < b }
