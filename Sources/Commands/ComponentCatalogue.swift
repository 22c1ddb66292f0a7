package import Components
internal import Networks
internal import Optimizers

/// The components of all modules, and how they are shown.
package enum ComponentCatalogue {
  /// All of them, in the order in which they are listed.
  package static let all = NetworkComponents.all + OptimizerCatalogue.components + ScheduleCatalogue.components

  /// For people: each kind under its heading, each component with its formula, its settings and its sources.
  static func text(_ components: [Component]) -> String {
    Component.Kind.allCases.compactMap { kind in
      let own = components.filter { $0.kind == kind }
      return own.isEmpty ? nil : "\(kind.rawValue)\n" + own.map(text).joined()
    }.joined(separator: "\n")
  }

  private static func text(_ component: Component) -> String {
    var text = "  \(component.name)\n" + wrapped(component.summary, indent: "      ")
    for setting in component.settings {
      text += wrapped(
        "\(setting.name): \(setting.defaultValue) (\(setting.allowed)). \(setting.meaning)", indent: "        ")
    }
    for reference in component.references {
      text += wrapped(reference.listing, indent: "      ")
    }
    return text
  }
}

/// A component for programs.
struct ComponentRow: Encodable {
  struct Setting: Encodable {
    let name: String
    let meaning: String
    let allowed: String
    let defaultValue: String
  }

  let kind: String
  let name: String
  let summary: String
  let settings: [Setting]
  let references: [String]

  init(_ component: Component) {
    kind = component.kind.rawValue
    name = component.name
    summary = component.summary
    settings = component.settings.map {
      Setting(name: $0.name, meaning: $0.meaning, allowed: $0.allowed, defaultValue: $0.defaultValue)
    }
    references = component.references.map(\.identifier)
  }
}
