#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// A reader that goes away (`simcli … | head`) ends the program quietly.
signal(SIGPIPE, SIG_DFL)
exit(Program.run(Array(CommandLine.arguments.dropFirst())))
