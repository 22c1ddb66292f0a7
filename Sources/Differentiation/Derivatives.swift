import Tensors

extension Graph {
  /// The derivatives of the scalar `output` by each of `variables`, as new nodes of the same graph.
  ///
  /// One reverse sweep: a small multiple of the cost of `output`, whatever the number of variables.
  public func gradient(of output: Symbol, withRespectTo variables: [Symbol]) -> [Symbol] {
    precondition(output.shape == [], "a gradient is taken of a scalar, not of shape \(output.shape)")
    return vjp(of: [(output, constant(1))], withRespectTo: variables)
  }

  /// Vector-Jacobian products: the sum over `outputs` of cotangent times d output / d variable, for each variable.
  ///
  /// Each cotangent has its output's shape; a variable that no output depends on gets zeros.
  public func vjp(
    of outputs: [(output: Symbol, cotangent: Symbol)], withRespectTo variables: [Symbol]
  ) -> [Symbol] {
    let end = (outputs.map(\.output.index).max() ?? -1) + 1
    let depends = dependents(of: variables, before: end)
    var terms = [[Symbol]](repeating: [], count: end)
    for (output, cotangent) in outputs {
      precondition(
        output.shape == cotangent.shape, "a cotangent of shape \(cotangent.shape) for an output of \(output.shape)")
      terms[output.index].append(cotangent)
    }
    var cotangents = [Int: Symbol]()
    for index in stride(from: end - 1, through: 0, by: -1) where depends[index] && !terms[index].isEmpty {
      let cotangent = Symbol.sum(of: terms[index])
      cotangents[index] = cotangent
      guard case .primitive(let primitive) = nodes[index].operation else { continue }
      let symbol = Symbol(graph: self, index: index)
      let inputs = symbol.inputs
      let contributions = primitive.vjp(inputs, symbol, cotangent)
      precondition(contributions.count == inputs.count, "\(primitive) has a vjp for \(contributions.count) inputs")
      for (input, contribution) in zip(inputs, contributions) where depends[input.index] {
        guard let contribution else { continue }
        precondition(
          contribution.shape == input.shape,
          "\(primitive): a cotangent of shape \(contribution.shape) for an input of \(input.shape)")
        terms[input.index].append(contribution)
      }
    }
    return variables.map { cotangents[$0.index] ?? constant(0, shape: $0.shape) }
  }

  /// Jacobian-vector products: the derivative of each output along `tangents` of the given variables.
  ///
  /// One forward sweep: a small multiple of the outputs' cost. An output that does not move gets zeros.
  public func jvp(of outputs: [Symbol], along tangents: [(variable: Symbol, tangent: Symbol)]) -> [Symbol] {
    let end = (outputs.map(\.index).max() ?? -1) + 1
    let depends = dependents(of: tangents.map(\.variable), before: end)
    var known = [Int: Symbol]()
    for (variable, tangent) in tangents {
      precondition(
        variable.shape == tangent.shape, "a tangent of shape \(tangent.shape) for a variable of \(variable.shape)")
      known[variable.index] = tangent
    }
    for index in 0..<end where depends[index] && known[index] == nil {
      guard case .primitive(let primitive) = nodes[index].operation else { continue }
      let symbol = Symbol(graph: self, index: index)
      let inputs = symbol.inputs
      let incoming = inputs.map { known[$0.index] }
      if incoming.allSatisfy({ $0 == nil }) { continue }
      guard let tangent = primitive.jvp(inputs, symbol, incoming) else { continue }
      precondition(
        tangent.shape == symbol.shape,
        "\(primitive): a tangent of shape \(tangent.shape) for a result of \(symbol.shape)")
      known[index] = tangent
    }
    return outputs.map { known[$0.index] ?? constant(0, shape: $0.shape) }
  }

  /// The product of the Hessian of the scalar `output` by `variable` with `direction`: forward over reverse.
  public func hessianVectorProduct(of output: Symbol, withRespectTo variable: Symbol, along direction: Symbol) -> Symbol
  {
    let gradient = gradient(of: output, withRespectTo: [variable])
    return jvp(of: gradient, along: [(variable, direction)])[0]
  }

  /// Which nodes before `end` are among `variables` or computed from them.
  func dependents(of variables: [Symbol], before end: Int) -> [Bool] {
    var depends = [Bool](repeating: false, count: end)
    for variable in variables where variable.index < end { depends[variable.index] = true }
    for index in 0..<end where !depends[index] {
      depends[index] = nodes[index].inputs.contains { depends[$0] }
    }
    return depends
  }
}
