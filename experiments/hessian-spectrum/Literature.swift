internal import Components
internal import Harness

enum Literature {
  static let survey = Reference(
    "sun2020", kind: .article, authors: ["Sun, Ruo-Yu"], title: "Optimization for Deep Learning: An Overview",
    year: 2020, venue: "Journal of the Operations Research Society of China", arXiv: "1912.08957",
    doi: "10.1007/s40305-020-00309-6")

  static let sagun2017 = Reference(
    "sagun2017",
    authors: ["Sagun, Levent", "Evci, Utku", "Guney, V. Ugur", "Dauphin, Yann", "Bottou, Leon"],
    title: "Empirical Analysis of the Hessian of Over-Parametrized Neural Networks", year: 2017, arXiv: "1706.04454")

  static let papyan2019 = Reference(
    "papyan2019", kind: .inProceedings, authors: ["Papyan, Vardan"],
    title: "Measurements of Three-Level Hierarchical Structure in the Outliers in the Spectrum of Deepnet Hessians",
    year: 2019, venue: "International Conference on Machine Learning", arXiv: "1901.08244")

  static let cohen2021 = Reference(
    "cohen2021", kind: .inProceedings,
    authors: ["Cohen, Jeremy", "Kaur, Simran", "Li, Yuanzhi", "Kolter, J. Zico", "Talwalkar, Ameet"],
    title: "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", year: 2021,
    venue: "International Conference on Learning Representations", arXiv: "2103.00065")

  static let ghorbani2019 = Reference(
    "ghorbani2019", kind: .inProceedings, authors: ["Ghorbani, Behrooz", "Krishnan, Shankar", "Xiao, Ying"],
    title: "An Investigation into Neural Net Optimization via Hessian Eigenvalue Density", year: 2019,
    venue: "International Conference on Machine Learning", arXiv: "1901.10159")

  static let gurari2018 = Reference(
    "gurari2018", authors: ["Gur-Ari, Guy", "Roberts, Daniel A.", "Dyer, Ethan"],
    title: "Gradient Descent Happens in a Tiny Subspace", year: 2018, arXiv: "1812.04754")

  static let dauphin2014 = Reference(
    "dauphin2014", kind: .inProceedings,
    authors: [
      "Dauphin, Yann N.", "Pascanu, Razvan", "Gulcehre, Caglar", "Cho, Kyunghyun", "Ganguli, Surya", "Bengio, Yoshua",
    ],
    title: "Identifying and Attacking the Saddle Point Problem in High-Dimensional Non-Convex Optimization", year: 2014,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1406.2572")

  static let frye2021 = Reference(
    "frye2021", kind: .article,
    authors: [
      "Frye, Charles G.", "Simon, James", "Wadia, Neha S.", "Ligeralde, Andrew", "DeWeese, Michael R.",
      "Bouchard, Kristofer E.",
    ],
    title: "Critical Point-Finding Methods Reveal Gradient-Flat Regions of Deep Network Losses", year: 2021,
    venue: "Neural Computation", arXiv: "2003.10397")

  static let meyer2021 = Reference(
    "meyer2021", kind: .inProceedings,
    authors: ["Meyer, Raphael A.", "Musco, Cameron", "Musco, Christopher", "Woodruff, David P."],
    title: "Hutch++: Optimal Stochastic Trace Estimation", year: 2021,
    venue: "Symposium on Simplicity in Algorithms", arXiv: "2010.09649")
}
