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
    .library(name: "Packetdrill", targets: ["Packetdrill"]),
    .executable(name: "simcli", targets: ["simcli"]),
  ],
  targets: [
    .target(name: "NetSim", swiftSettings: strict),
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .target(name: "Captures", dependencies: ["NetSim", "CPcap"], swiftSettings: strict),
    .target(name: "Timelines", dependencies: ["NetSim"], swiftSettings: strict),
    .target(name: "Scenarios", dependencies: ["NetSim"], swiftSettings: strict),
    .target(name: "Packetdrill", dependencies: ["NetSim"], swiftSettings: strict),
    .executableTarget(
      name: "simcli", dependencies: ["NetSim", "Captures", "Timelines", "Scenarios"],
      swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(name: "NetSimTests", dependencies: ["NetSim"], swiftSettings: strict),
    .testTarget(
      name: "OracleTests", dependencies: ["NetSim"], exclude: ["Truth"], swiftSettings: strict),
    .testTarget(
      name: "TimelinesTests", dependencies: ["NetSim", "Timelines"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(name: "CommandLineTests", dependencies: ["simcli"], swiftSettings: strict),
    .testTarget(
      name: "WireTests", dependencies: ["NetSim", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CapturesTests", dependencies: ["Captures", "NetSim", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ScenariosTests", dependencies: ["NetSim", "Scenarios", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PacketdrillTests", dependencies: ["NetSim", "Packetdrill"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
