public import Tensors

extension Network {
  /// A random start: the i-th weight draws from the key's child i, the i-th bias from child i of the child "bias".
  ///
  /// The laws that look further start from this: LSUV as ``normalizedToUnitVariance(_:batch:)`` goes on from it, and
  /// MetaInit as ``metaInitialized(_:loss:key:steps:)``.
  public func initialParameters<S: Scalar>(as type: S.Type = S.self, key: Key) -> [S] {
    let places = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) })
    var counts: [Parameter.Kind: Int] = [:]
    var keys: [Key] = []
    for parameter in parameters {
      let number = counts[parameter.kind, default: 0]
      counts[parameter.kind] = number + 1
      keys.append((parameter.isWeight ? key : key.child("bias")).child(number))
    }
    let branches = parameters.count { $0.branch?.index == 0 }
    let values = body.initialValues { parameter in
      guard let place = places[parameter.name] else {
        preconditionFailure("a layer draws \(parameter.name), which is none of its parameters")
      }
      return initialization.values(
        of: parameters[place], isOutput: roles[place] == .output, branches: branches, key: keys[place])
    }
    return zip(parameters.indices, values).flatMap { place, values in
      let factor = parameterization.startFactor(roles[place], fanIn: parameters[place].fanIn)
      return values.map { S(factor == 1 ? $0 : factor * $0) }
    }
  }
}
