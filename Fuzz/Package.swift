// swift-tools-version: 6.2
import PackageDescription

// libFuzzer brings its own `main`, which calls each program's `LLVMFuzzerTestOneInput`.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .unsafeFlags(["-parse-as-library"]),
]

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "NetSim", path: "..")],
  targets: [
    .target(
      name: "FuzzSupport",
      dependencies: [
        .product(name: "NetSim", package: "NetSim"), .product(name: "Captures", package: "NetSim"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
    + [
      "FuzzTLS", "FuzzHTTP", "FuzzChunked", "FuzzHPACK", "FuzzHTTP2Frames", "FuzzQUICFrames",
      "FuzzTransportParameters", "FuzzQPACK", "FuzzHTTP3Frames",
      "FuzzPcap", "FuzzPcapng", "FuzzPackets",
    ].map { name in
      .executableTarget(
        name: name,
        dependencies: ["FuzzSupport", .product(name: "NetSim", package: "NetSim")],
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
