import Components
import Harness

/// The papers behind the experiment.
enum Literature {
  static let garipov2018 = Reference(
    "garipov2018", kind: .inProceedings,
    authors: [
      "Garipov, Timur", "Izmailov, Pavel", "Podoprikhin, Dmitrii", "Vetrov, Dmitry", "Wilson, Andrew Gordon",
    ], title: "Loss Surfaces, Mode Connectivity, and Fast Ensembling of DNNs", year: 2018,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1802.10026")

  static let draxler2018 = Reference(
    "draxler2018", kind: .inProceedings,
    authors: ["Draxler, Felix", "Veschgini, Kambis", "Salmhofer, Manfred", "Hamprecht, Fred A."],
    title: "Essentially No Barriers in Neural Network Energy Landscape", year: 2018,
    venue: "International Conference on Machine Learning", arXiv: "1803.00885")

  static let goodfellow2015 = Reference(
    "goodfellow2015", kind: .inProceedings, authors: ["Goodfellow, Ian J.", "Vinyals, Oriol", "Saxe, Andrew M."],
    title: "Qualitatively Characterizing Neural Network Optimization Problems", year: 2015,
    venue: "International Conference on Learning Representations", arXiv: "1412.6544")
}
