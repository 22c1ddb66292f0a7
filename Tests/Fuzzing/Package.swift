// swift-tools-version: 6.2
import PackageDescription

// Fuzzers of the readers, kept out of the ordinary build because they need libFuzzer: see README.md. The sources are the
// readers' own, so that libFuzzer sees every branch in them.
let package = Package(
  name: "Fuzzing",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", path: "Library/COpenBLAS", pkgConfig: "openblas"),
    .systemLibrary(name: "COneDNN", path: "Library/COneDNN"),
    .target(name: "CVectors", path: "Library/CVectors"),
    .systemLibrary(name: "CHDF5", path: "Library/CHDF5", pkgConfig: "hdf5"),
    .target(name: "CHDF5Reader", dependencies: ["CHDF5"], path: "Library/CHDF5Reader"),
    .systemLibrary(name: "CZlib", path: "Library/CZlib", pkgConfig: "zlib"),
    .target(name: "COptdigits", path: "Library/COptdigits", exclude: ["optdigits.csv.gz"]),
    .target(name: "Tensors", dependencies: ["COpenBLAS", "COneDNN", "CVectors"], path: "Library/Tensors"),
    .target(
      name: "Datasets",
      dependencies: ["Tensors", "COptdigits", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
      path: "Library/Datasets"),
    .target(
      name: "Storage",
      dependencies: ["CHDF5", "CHDF5Reader", "Tensors", .product(name: "Crypto", package: "swift-crypto")],
      path: "Library/Storage"),
    .target(
      name: "Configuration",
      dependencies: [.product(name: "Yams", package: "Yams"), .product(name: "Crypto", package: "swift-crypto")],
      path: "Library/Configuration"),
    .executableTarget(
      name: "fuzz", dependencies: ["Datasets", "Storage", "Configuration", "Tensors"], path: "Fuzz"),
  ]
)
