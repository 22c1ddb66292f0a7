import Differentiation
import Foundation
import Tensors
import Testing

@Suite("The catalogue")
struct CatalogueTests {
  /// The types that the sources declare as primitives.
  static func declared() throws -> Set<String> {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Differentiation/Primitives").standardized
    var names = Set<String>()
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /struct (\w+): \w*Primitive\b/) { names.insert(String(match.1)) }
    }
    return names
  }

  @Test("every primitive stands in a sample, so that none goes without its derivatives being checked")
  func everyPrimitiveIsListed() throws {
    var used = Set<String>()
    for sample in catalogue {
      let graph = Graph()
      _ = sample.function(sample.shapes.enumerated().map { graph.input("x\($0)", shape: $1) })
      for node in graph.nodes {
        if case .primitive(let primitive) = node.operation { used.insert("\(type(of: primitive))") }
      }
    }
    let declared = try Self.declared()
    #expect(declared.count > 30)
    #expect(declared.subtracting(used).sorted() == [])
  }
}
