internal import Components
internal import Harness

enum Literature {
  static let survey = Reference(
    "sun2020", kind: .article, authors: ["Sun, Ruo-Yu"], title: "Optimization for Deep Learning: An Overview",
    year: 2020, venue: "Journal of the Operations Research Society of China", arXiv: "1912.08957",
    doi: "10.1007/s40305-020-00309-6")

  static let jacot2018 = Reference(
    "jacot2018", kind: .inProceedings, authors: ["Jacot, Arthur", "Gabriel, Franck", "Hongler, Clément"],
    title: "Neural Tangent Kernel: Convergence and Generalization in Neural Networks", year: 2018,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1806.07572")

  static let chizat2019 = Reference(
    "chizat2019", kind: .inProceedings, authors: ["Chizat, Lénaïc", "Oyallon, Edouard", "Bach, Francis"],
    title: "On Lazy Training in Differentiable Programming", year: 2019,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1812.07956")

  static let arora2019 = Reference(
    "arora2019", kind: .inProceedings,
    authors: ["Arora, Sanjeev", "Du, Simon S.", "Hu, Wei", "Li, Zhiyuan", "Salakhutdinov, Ruslan", "Wang, Ruosong"],
    title: "On Exact Computation with an Infinitely Wide Neural Net", year: 2019,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1904.11955")

  static let lee2019 = Reference(
    "lee2019", kind: .inProceedings,
    authors: [
      "Lee, Jaehoon", "Xiao, Lechao", "Schoenholz, Samuel S.", "Bahri, Yasaman", "Novak, Roman",
      "Sohl-Dickstein, Jascha", "Pennington, Jeffrey",
    ], title: "Wide Neural Networks of Any Depth Evolve as Linear Models Under Gradient Descent", year: 2019,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1902.06720")

  static let belkin2019 = Reference(
    "belkin2019", kind: .article, authors: ["Belkin, Mikhail", "Hsu, Daniel", "Ma, Siyuan", "Mandal, Soumik"],
    title: "Reconciling modern machine-learning practice and the classical bias-variance trade-off", year: 2019,
    venue: "Proceedings of the National Academy of Sciences", arXiv: "1812.11118", doi: "10.1073/pnas.1903070116")

  static let yang2021 = Reference(
    "yang2021", kind: .inProceedings,
    authors: [
      "Yang, Greg", "Hu, Edward J.", "Babuschkin, Igor", "Sidor, Szymon", "Liu, Xiaodong", "Farhi, David",
      "Ryder, Nick",
      "Pachocki, Jakub", "Chen, Weizhu", "Gao, Jianfeng",
    ], title: "Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer", year: 2021,
    venue: "Advances in Neural Information Processing Systems", arXiv: "2203.03466")

  static let safran2018 = Reference(
    "safran2018", kind: .inProceedings, authors: ["Safran, Itay", "Shamir, Ohad"],
    title: "Spurious Local Minima are Common in Two-Layer ReLU Neural Networks", year: 2018,
    venue: "International Conference on Machine Learning", arXiv: "1712.08968")

  static let livni2014 = Reference(
    "livni2014", kind: .inProceedings, authors: ["Livni, Roi", "Shalev-Shwartz, Shai", "Shamir, Ohad"],
    title: "On the Computational Efficiency of Training Neural Networks", year: 2014,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1410.1141")

  static let li2018 = Reference(
    "li2018", kind: .inProceedings,
    authors: ["Li, Hao", "Xu, Zheng", "Taylor, Gavin", "Studer, Christoph", "Goldstein, Tom"],
    title: "Visualizing the Loss Landscape of Neural Nets", year: 2018,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1712.09913")
}
