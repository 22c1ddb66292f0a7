import Storage
import Tensors

/// Trees and runs that the tests write.
enum Samples {
  /// A NaN with a payload, which a conversion would lose.
  static let oddNaN = Double(bitPattern: 0x7FF8_0000_DEAD_BEEF)
  static let doubles: [Double] = [0, -0.0, 1 / 3, .nan, oddNaN, .infinity, -.infinity, .leastNonzeroMagnitude]
  static let floats: [Float] = [0, -0.0, 1 / 3, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 3e38]
  static let texts = ["", "plain", "Grüße, 世界", "a\nb\t\"c\"", "e\u{301}", "🏔"]

  /// Every type, rank 0 to 3, lengths 0 to many, inherited dimensions, all kinds of attributes.
  static var everything: Group {
    Group(
      dimensions: [
        Dimension("sample", length: 8, longName: "index of the sample"),
        Dimension("nothing", length: 0),
        Dimension("t", coordinates: [0.0, 0.25, 1.0], longName: "position on the path"),
        Dimension("optimizer", coordinates: ["sgd", "ädam"], longName: "optimizer"),
        Dimension("step", coordinates: [0, 10, 20, 30, 40], units: "1", longName: "training step", isExtendible: true),
      ],
      variables: [
        Variable("float32", along: ["sample"], values: floats, units: "m s-1"),
        Variable("float64", along: ["sample"], values: doubles, longName: "all sorts of numbers"),
        Variable("int64", along: ["t"], values: [Int64.min, 0, Int64.max]),
        Variable("uint8", along: ["optimizer"], values: [0, 255] as [UInt8]),
        Variable("scalar", value: -0.5, units: "s"),
        Variable("text", value: "eine Zeile\nnoch eine", longName: "text"),
        Variable("empty", along: ["nothing"], values: [Double]()),
        Variable("empty_texts", along: ["nothing"], values: [String]()),
        Variable("empty_rows", along: ["t", "nothing"], shape: [3, 0], values: [Float]()),
        Variable(
          "grid", along: ["t", "step"], tensor: Tensor((0..<15).map { Double($0) * 0.1 }, shape: [3, 5]),
          attributes: ["converged": true, "residual": 1e-9, "origin": "Lanczos"]),
        Variable("scheduled", along: ["step"], values: [5, 4, 3, 2, 1]),
      ],
      attributes: [
        "title": "every type", "empty": "", "number": .number(.nan), "integer": -7, "flag": false,
        "strings": .strings(texts), "integers": .integers([1, -2]), "numbers": .numbers([0.5, .infinity]),
      ],
      groups: [
        "zeta": Group(
          dimensions: [Dimension("unit", length: 6)],
          variables: [
            Variable("names", along: ["unit"], values: texts),
            Variable(
              "block", along: ["optimizer", "t", "unit"],
              tensor: Tensor((0..<36).map { Float($0) }, shape: [2, 3, 6])),
          ]),
        "alpha": Group(groups: ["below": Group(variables: [Variable("count", value: 3)])]),
      ])
  }

  /// An array large enough to be chunked and deflated along both axes.
  static var large: Group {
    let values: [Double] = (0..<600 * 701).map { index in
      index % 97 == 0 ? Double.nan : (Double(index) * 0.001).rounded()
    }
    return Group(
      dimensions: [Dimension("row", length: 600), Dimension("column", length: 701)],
      variables: [Variable("table", along: ["row", "column"], tensor: Tensor(values, shape: [600, 701]))])
  }

  static func header(seed: Int = 3, status: RunStatus = .complete) -> RunFileHeader {
    RunFileHeader(
      title: "Mode connectivity", source: "landscape 0.1", history: "2026-01-31 landscape run mode-connectivity",
      references: ["arXiv:1802.10026", "arXiv:1803.00885"], experiment: "mode-connectivity", runID: "a1b2-\(seed)",
      seed: seed, status: status)
  }

  /// A run with all its parts.
  static func run(seed: Int = 3, width: Int = 64, barrier: Double = 0.25) -> RunFile {
    let blocks = [
      ParameterBlock("dense1/weight", shape: [2, 3], offset: 0), ParameterBlock("dense1/bias", shape: [3], offset: 6),
    ]
    let parameters = (0..<9).map { Float($0) + Float(seed) }
    let t = [0, 0.25, 0.5, 0.75, 1.0]
    let loss = t.map { 4 * barrier * $0 * (1 - $0) }
    return RunFile(
      header: header(seed: seed),
      configuration: RunFile.configuration(
        yaml: "width: \(width)\noptimizer:\n  name: sgd\n",
        scalars: ["width": .integer(Int64(width)), "optimizer.name": "sgd", "optimizer.learning_rate": 0.1]),
      provenance: Group(attributes: ["threads": 1, "host": "node7"]),
      trajectory: Group(
        dimensions: [Dimension("step", coordinates: [0, 10, 20], longName: "training step", isExtendible: true)],
        variables: [Variable("loss", along: ["step"], values: [2.3, 1.1, Double(seed)], longName: "training loss")]),
      checkpoints: Group(groups: ["20": Group(parameters: parameters, in: blocks)]),
      measurements: Group(
        variables: [Variable("barrier", value: barrier, longName: "barrier of the loss")],
        groups: [
          "line": Group(
            dimensions: [Dimension("t", coordinates: t, longName: "position on the path")],
            variables: [
              Variable("loss", along: ["t"], values: loss, longName: "loss along the line"),
              Variable("names", along: ["t"], values: ["a", "b", "", "d", "e\(seed)"]),
            ])
        ]))
  }
}
