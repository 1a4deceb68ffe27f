// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "NetSim", path: "..")],
  targets: [
    // Counts allocations by standing in for malloc and its kin (glibc only).
    .target(name: "CAllocations"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CAllocations", .product(name: "NetSim", package: "NetSim"),
        .product(name: "Captures", package: "NetSim"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
