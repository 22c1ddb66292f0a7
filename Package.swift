// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is built under the same rules: imports are internal unless said otherwise, members come only from
/// modules that a file imports, and a warning is an error. Together with `--explicit-target-dependency-import-check error`
/// (see the Makefile) they keep each module to what it declares below.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A plug-in: one folder under `experiments/`, its configurations compiled into the program.
func experiment(_ name: String, folder: String) -> Target {
  .target(
    name: name,
    dependencies: [
      "Components", "Tensors", "Differentiation", "AnalyticObjectives", "Networks", "Pruning", "Datasets", "Optimizers",
      "Curvature", "Surfaces", "Statistics", "Training", "Storage", "Configuration", "Harness",
    ],
    path: "experiments/\(folder)", exclude: ["README.md"],
    resources: [.embedInCode("smoke.yaml"), .embedInCode("quick.yaml"), .embedInCode("full.yaml")],
    swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let libraries = [
  "Components", "Tensors", "Differentiation", "AnalyticObjectives", "Networks", "Pruning", "Datasets", "Optimizers",
  "Curvature", "Surfaces", "Statistics", "Training", "Storage", "Configuration", "Harness", "Commands",
]

let package = Package(
  name: "Landscape",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Landscape", targets: libraries),
    .executable(name: "landscape", targets: ["landscape"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
  ],
  targets: [
    // System libraries and embedded data.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // oneDNN's packages have no pkg-config file everywhere.
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "COptdigits", exclude: ["optdigits.csv.gz"]),
    .target(name: "CVectors"),
    .target(name: "CSteadyMemory"),
    .target(name: "CHDF5Reader", dependencies: ["CHDF5"]),

    // What components are called and where they come from.
    module("Components"),

    // Numbers.
    module("Tensors", ["COpenBLAS", "COneDNN", "CVectors"]),
    module("Differentiation", ["COneDNN", "Tensors"]),
    module("AnalyticObjectives", ["Tensors", "Differentiation"]),
    module("Networks", ["Components", "Tensors", "Differentiation"]),
    module("Pruning", ["Components", "Tensors", "Differentiation", "Networks"]),
    module("Datasets", ["Tensors", "COptdigits", "CZlib", crypto]),
    module("Optimizers", ["CVectors", "Components", "Tensors", "Differentiation"]),
    module("Curvature", ["Tensors", "Differentiation"]),
    module("Surfaces", ["Tensors", "Differentiation"]),
    module("Statistics", ["Tensors"]),
    module("Training", ["Tensors", "Differentiation", "Optimizers", "Datasets"]),

    // Files, configurations, runs.
    module("Storage", ["CHDF5", "CHDF5Reader", "Tensors", crypto]),
    module("Configuration", [yams, crypto]),
    module(
      "Harness",
      [
        "Components", "Tensors", "Differentiation", "Networks", "Datasets", "Optimizers", "Curvature", "Surfaces",
        "Statistics", "Training", "Storage", "Configuration",
      ]),
    .target(
      name: "Benchmarks",
      dependencies: [
        "Tensors", "Differentiation", "Networks", "Pruning", "Datasets", "Optimizers", "Curvature", "Surfaces",
        "Statistics",
      ],
      path: "Benchmarks", exclude: ["NOTES.md", "compare.py", "peers.py", "requirements-peers.txt"],
      swiftSettings: strict),
    module(
      "Commands",
      [
        "Benchmarks", "Harness", "Components", "Configuration", "Storage", "Datasets", "Networks", "Optimizers",
        "Tensors",
        argumentParser,
      ]),

    // Plug-ins and the program.
    experiment("Flatness", folder: "flatness"),
    experiment("GradientDescent", folder: "gradient-descent"),
    experiment("HessianSpectrum", folder: "hessian-spectrum"),
    experiment("LotteryTicket", folder: "lottery-ticket"),
    experiment("ModeConnectivity", folder: "mode-connectivity"),
    experiment("WidthSweep", folder: "width-sweep"),
    .executableTarget(
      name: "landscape",
      dependencies: [
        "CSteadyMemory", "Commands", "Harness", "Flatness", "GradientDescent", "HessianSpectrum", "LotteryTicket",
        "ModeConnectivity", "WidthSweep",
      ],
      swiftSettings: strict),

    // Tests.
    tests("TensorsTests", ["Tensors"]),
    tests("DifferentiationTests", ["Differentiation", "Tensors"]),
    tests("NetworksTests", ["Networks", "Components", "Differentiation", "Tensors"], resources: [.copy("Fixtures")]),
    tests("PruningTests", ["Pruning", "Networks", "Differentiation", "Tensors"]),
    tests("DatasetsTests", ["Datasets", "Tensors", "CZlib"], resources: [.copy("Fixtures")]),
    tests(
      "OptimizersTests", ["Optimizers", "AnalyticObjectives", "Components", "Differentiation", "Tensors"],
      resources: [.copy("Fixtures")]),
    tests("AnalyticObjectivesTests", ["AnalyticObjectives", "Differentiation", "Tensors"]),
    tests("CurvatureTests", ["Curvature", "AnalyticObjectives", "Differentiation", "Tensors"]),
    tests("SurfacesTests", ["Surfaces", "AnalyticObjectives", "Differentiation", "Tensors"]),
    tests("StatisticsTests", ["Statistics", "Tensors"], resources: [.copy("Fixtures")]),
    tests(
      "TrainingTests",
      ["Training", "AnalyticObjectives", "Components", "Differentiation", "Optimizers", "Datasets", "Tensors"]),
    tests("StorageTests", ["Storage", "Tensors"], resources: [.copy("Fixtures")]),
    tests("ConfigurationTests", ["Configuration"]),
    tests(
      "HarnessTests",
      [
        "Harness", "Components", "Configuration", "Storage", "Statistics", "Training", "Optimizers", "Networks",
        "Datasets", "Differentiation", "AnalyticObjectives", "Curvature", "Surfaces", "Tensors",
      ]),
    tests("CommandsTests", ["Commands", "Components", "Harness", "Configuration", "Storage", "Tensors"]),
    tests(
      "ExperimentsTests",
      [
        "Flatness", "GradientDescent", "HessianSpectrum", "LotteryTicket", "ModeConnectivity", "WidthSweep", "Pruning",
        "Harness", "Configuration", "Storage", "Statistics",
        "Networks", "Datasets", "Differentiation", "Tensors", "Curvature", "Surfaces", "AnalyticObjectives",
      ]),
  ]
)
