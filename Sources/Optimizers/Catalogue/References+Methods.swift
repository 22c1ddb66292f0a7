import Components

// Sources of compositions, step sizes, second-order methods and schedules.

extension Reference {
  static let chaudhari2017 = Reference(
    "chaudhari2017", kind: .inProceedings,
    authors: [
      "Chaudhari, Pratik", "Choromanska, Anna", "Soatto, Stefano", "LeCun, Yann", "Baldassi, Carlo", "Borgs, Christian",
      "Chayes, Jennifer", "Sagun, Levent", "Zecchina, Riccardo",
    ],
    title: "Entropy-SGD: Biasing Gradient Descent Into Wide Valleys", year: 2017,
    venue: "International Conference on Learning Representations",
    arXiv: "1611.01838")
  static let foret2021 = Reference(
    "foret2021", kind: .inProceedings,
    authors: ["Foret, Pierre", "Kleiner, Ariel", "Mobahi, Hossein", "Neyshabur, Behnam"],
    title: "Sharpness-Aware Minimization for Efficiently Improving Generalization", year: 2021,
    venue: "International Conference on Learning Representations",
    arXiv: "2010.01412")
  static let kwon2021 = Reference(
    "kwon2021", kind: .inProceedings, authors: ["Kwon, Jungmin", "Kim, Jeongseop", "Park, Hyunseo", "Choi, In Kwon"],
    title: "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks",
    year: 2021,
    venue: "International Conference on Machine Learning",
    arXiv: "2102.11600")
  static let izmailov2018 = Reference(
    "izmailov2018", kind: .inProceedings,
    authors: ["Izmailov, Pavel", "Podoprikhin, Dmitrii", "Garipov, Timur", "Vetrov, Dmitry", "Wilson, Andrew Gordon"],
    title: "Averaging Weights Leads to Wider Optima and Better Generalization", year: 2018,
    venue: "Conference on Uncertainty in Artificial Intelligence",
    arXiv: "1803.05407")
  static let polyak1992 = Reference(
    "polyak1992", kind: .article, authors: ["Polyak, Boris T.", "Juditsky, Anatoli B."],
    title: "Acceleration of Stochastic Approximation by Averaging", year: 1992,
    venue: "SIAM Journal on Control and Optimization",
    doi: "10.1137/0330046")
  static let johnson2013 = Reference(
    "johnson2013", kind: .inProceedings, authors: ["Johnson, Rie", "Zhang, Tong"],
    title: "Accelerating Stochastic Gradient Descent using Predictive Variance Reduction", year: 2013,
    venue: "Advances in Neural Information Processing Systems")
  static let barzilai1988 = Reference(
    "barzilai1988", kind: .article, authors: ["Barzilai, Jonathan", "Borwein, Jonathan M."],
    title: "Two-Point Step Size Gradient Methods", year: 1988,
    venue: "IMA Journal of Numerical Analysis",
    doi: "10.1093/imanum/8.1.141")
  static let armijo1966 = Reference(
    "armijo1966", kind: .article, authors: ["Armijo, Larry"],
    title: "Minimization of functions having Lipschitz continuous first partial derivatives", year: 1966,
    venue: "Pacific Journal of Mathematics",
    doi: "10.2140/pjm.1966.16.1")
  static let liu1989 = Reference(
    "liu1989", kind: .article, authors: ["Liu, Dong C.", "Nocedal, Jorge"],
    title: "On the limited memory BFGS method for large scale optimization", year: 1989,
    venue: "Mathematical Programming",
    doi: "10.1007/BF01589116")
  static let nocedal2006 = Reference(
    "nocedal2006", kind: .book, authors: ["Nocedal, Jorge", "Wright, Stephen J."],
    title: "Numerical Optimization", year: 2006,
    venue: "Springer",
    doi: "10.1007/978-0-387-40065-5")
  static let dauphin2014 = Reference(
    "dauphin2014", kind: .inProceedings,
    authors: [
      "Dauphin, Yann N.", "Pascanu, Razvan", "Gulcehre, Caglar", "Cho, Kyunghyun", "Ganguli, Surya", "Bengio, Yoshua",
    ],
    title: "Identifying and attacking the saddle point problem in high-dimensional non-convex optimization", year: 2014,
    venue: "Advances in Neural Information Processing Systems",
    arXiv: "1406.2572")
  static let martens2010 = Reference(
    "martens2010", kind: .inProceedings, authors: ["Martens, James"],
    title: "Deep learning via Hessian-free optimization", year: 2010,
    venue: "International Conference on Machine Learning")
  static let martens2015 = Reference(
    "martens2015", kind: .inProceedings, authors: ["Martens, James", "Grosse, Roger"],
    title: "Optimizing Neural Networks with Kronecker-factored Approximate Curvature", year: 2015,
    venue: "International Conference on Machine Learning",
    arXiv: "1503.05671")
  static let grosse2016 = Reference(
    "grosse2016", kind: .inProceedings, authors: ["Grosse, Roger", "Martens, James"],
    title: "A Kronecker-factored approximate Fisher matrix for convolution layers", year: 2016,
    venue: "International Conference on Machine Learning",
    arXiv: "1602.01407")
  static let cohen2021 = Reference(
    "cohen2021", kind: .inProceedings,
    authors: ["Cohen, Jeremy M.", "Kaur, Simran", "Li, Yuanzhi", "Kolter, J. Zico", "Talwalkar, Ameet"],
    title: "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", year: 2021,
    venue: "International Conference on Learning Representations",
    arXiv: "2103.00065")
  static let goyal2017 = Reference(
    "goyal2017", kind: .misc,
    authors: [
      "Goyal, Priya", "Dollár, Piotr", "Girshick, Ross", "Noordhuis, Pieter", "Wesolowski, Lukasz", "Kyrola, Aapo",
      "Tulloch, Andrew", "Jia, Yangqing", "He, Kaiming",
    ],
    title: "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", year: 2017,
    arXiv: "1706.02677")
  static let smith2017 = Reference(
    "smith2017", kind: .inProceedings, authors: ["Smith, Leslie N."],
    title: "Cyclical Learning Rates for Training Neural Networks", year: 2017,
    venue: "IEEE Winter Conference on Applications of Computer Vision",
    arXiv: "1506.01186")
  static let smith2018 = Reference(
    "smith2018", kind: .misc, authors: ["Smith, Leslie N.", "Topin, Nicholay"],
    title: "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", year: 2018,
    arXiv: "1708.07120")
}
