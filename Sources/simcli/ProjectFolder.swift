import Scenarios

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folders that come with the program: `Scenarios` and `Lessons`.
enum ProjectFolder {
  /// The path of a folder that comes with the program; nil where there is none.
  ///
  /// `NETSIM_HOME` says where to look. Without it they are looked for beside the program and
  /// upwards from there, then upwards from the current directory.
  static func path(_ name: String) -> String? {
    if let home = getenv("NETSIM_HOME") {
      let path = String(cString: home) + "/" + name
      return TextFile.names(in: path) == nil ? nil : path
    }
    return upwards(from: programPath, to: name) ?? upwards(from: currentDirectory, to: name)
  }

  /// Why there is no folder of that name.
  static func missing(_ name: String) -> String {
    if let home = getenv("NETSIM_HOME") {
      return "NETSIM_HOME is \(String(cString: home)), which has no folder \(name)"
    }
    return "neither beside the program nor above this folder is a folder \(name); NETSIM_HOME can "
      + "say where one is"
  }

  /// The folder of that name in a directory or the nearest above that has it with files in it.
  private static func upwards(from start: String, to name: String) -> String? {
    var parts = start.split(separator: "/")
    while true {
      let path = "/" + (parts + [Substring(name)]).joined(separator: "/")
      // A build's own folder can bear the same name; ours says what it is.
      if TextFile.exists(path + "/README.md") { return path }
      if parts.popLast() == nil { return nil }
    }
  }

  private static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  private static var programPath: String {
    guard let path = realpath("/proc/self/exe", nil) ?? realpath(CommandLine.arguments[0], nil)
    else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }
}
