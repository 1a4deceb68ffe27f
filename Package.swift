// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "NetSim",
  products: [
    .library(name: "NetSim", targets: ["NetSim"]),
    .library(name: "Captures", targets: ["Captures"]),
    .library(name: "Timelines", targets: ["Timelines"]),
    .library(name: "Scenarios", targets: ["Scenarios"]),
    .library(name: "Course", targets: ["Course"]),
    .library(name: "Packetdrill", targets: ["Packetdrill"]),
    .executable(name: "simcli", targets: ["simcli"]),
  ],
  targets: [
    .target(name: "NetSim", swiftSettings: strict),
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "Captures", dependencies: ["NetSim", "CPcap", "CZlib"], swiftSettings: strict),
    .target(name: "Timelines", dependencies: ["NetSim"], swiftSettings: strict),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .target(name: "Scenarios", dependencies: ["NetSim", "CYAML"], swiftSettings: strict),
    .target(
      name: "Course", dependencies: ["NetSim", "Scenarios", "Timelines"], swiftSettings: strict),
    .target(name: "Packetdrill", dependencies: ["NetSim"], swiftSettings: strict),
    .executableTarget(
      name: "simcli",
      dependencies: ["NetSim", "Captures", "Timelines", "Scenarios", "Course", "Packetdrill"],
      swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(name: "NetSimTests", dependencies: ["NetSim"], swiftSettings: strict),
    .testTarget(
      name: "OracleTests", dependencies: ["NetSim"], exclude: ["Truth", "Vectors"],
      swiftSettings: strict),
    .testTarget(
      name: "TimelinesTests", dependencies: ["NetSim", "Timelines"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "CourseTests", dependencies: ["Course", "NetSim", "Scenarios", "Timelines"],
      swiftSettings: strict),
    .testTarget(name: "CommandLineTests", dependencies: ["simcli"], swiftSettings: strict),
    .testTarget(
      name: "WireTests", dependencies: ["NetSim", "TestSupport"], exclude: ["Vectors"],
      swiftSettings: strict),
    .testTarget(
      name: "CapturesTests", dependencies: ["Captures", "NetSim", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ExportTests", dependencies: ["Captures", "NetSim", "Scenarios", "Timelines"],
      swiftSettings: strict),
    .testTarget(
      name: "ScenariosTests", dependencies: ["NetSim", "Scenarios", "TestSupport"],
      exclude: ["Malformed"], swiftSettings: strict),
    .testTarget(
      name: "PacketdrillTests", dependencies: ["NetSim", "Packetdrill"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
