import Scenarios

/// What `--help` prints.
enum HelpText {
  static let overview = """
    simcli: why is this page, call or stream slow, and what would change it?

      simcli lesson [list]            the course; lesson --help says how it goes
      simcli run [SCENARIO] [OPTIONS] a scenario's timeline and where its time went
      simcli compare [SCENARIO] --protocols LIST
                                      the same workload over several, side by side
      simcli export FILE|SCENARIO --to FORMAT --out FILE
                                      a capture or a run for other programs
      simcli packetdrill FILE...      scripts against our TCP, in virtual time
      simcli scenario check FILE      everything that is wrong with a scenario file
      simcli pcap summary FILE        what is in a capture
      simcli pcap connections FILE    its connections: RTT, bottleneck, losses
      simcli pcap requests FILE       its HTTP/1 requests and where their time went
      simcli pcap timeline FILE       who talked when, drawn as for a simulated run
      simcli pcap plot FILE           what one end of a connection sent over time
      simcli pcap compare A B         two captures of one run: losses and delays
      simcli pcap record --interface NAME --out FILE
                                      capture what passes an interface
      simcli replay FILE              a capture and its simulation side by side
      simcli model [linux|rfc|ideal]  what is modelled, and what is left out
      simcli model http2-presets      what clients and servers of HTTP/2 announce

    Try:
      simcli lesson show slow-start
      simcli run --protocol tcp --objects 200000 --rate 20Mbps --rtt 50ms
      simcli replay traces/h1-keepalive-drops.pcap

    --help after a command says more; --version prints the version.
    Exit status: 0 done, 1 our own fault, 2 usage, 3 bad input, 4 a check failed.

    """

  static let model = """
    simcli model [linux|rfc|ideal]    what a profile models (linux without one), and
                                      what is left out
    simcli model http2-presets        the presets of --client-http2 and --server-http2:
                                      what they announce, and the bytes that such an end
                                      may have to hold on one connection
    simcli model hpack FIELDS         what HPACK makes of header fields

    """ + list(Arguments.common)

  static func fieldBlocks(_ options: [Arguments.Option]) -> String {
    """
    simcli model hpack FIELDS...      a block of header fields as HTTP/2 sends it, how
                                      long it is, and what the table holds then

    FIELDS are written 'name: value', or 20x100 for twenty made ones whose names and
    values are 100 bytes each; or it is a file with a field a line, and an empty line
    between blocks. Which fields are added to the table follows nghttp2.


    """ + list(options)
  }

  /// The options of a scenario as the command line knows them.
  static var scenarioOptions: [Arguments.Option] {
    ScenarioOption.all.map { option in
      let note = option.isModelled ? option.defaultText : "not modelled yet"
      return Arguments.Option(
        name: option.name.rawValue, value: option.placeholder,
        meaning: option.meaning + " (" + note + ")")
    }
  }

  static func run(_ scenario: [Arguments.Option], _ own: [Arguments.Option]) -> String {
    """
    simcli run [SCENARIO] [OPTIONS]   simulate one scenario

    SCENARIO is a scenario file, or the name of one that comes with the program
    (dsl, lte, 3g, wifi, satellite, datacentre, shared-home). Options take
    precedence over it.

    The scenario, with what holds when an option is left out:

    """ + list(scenario) + "\nThe output:\n\n" + list(own)
      + "\nQuantities carry units: 10Mbps, 50ms, 64KiB, 100packets, 1.5%. Bare numbers are\nbytes.\n"
  }

  static func compare(
    _ scenario: [Arguments.Option], _ own: [Arguments.Option], tls: String
  ) -> String {
    let rest = scenario.filter { $0.name != "protocol" }.map { option in
      guard option.name == "tls" else { return option }
      var option = option
      option.meaning = "TLS below every protocol (\(tls))"
      return option
    }
    return """
      simcli compare [SCENARIO] --protocols LIST [OPTIONS]
                                        the same workload over several protocols

      SCENARIO is a scenario file, or the name of one that comes with the program. The
      list takes precedence over the protocol that it names. What depends on the
      protocol and is not given is as for simcli run --protocol; every protocol gets
      the same TLS.

      Printed are the requests of each run on one scale, what each run came to, where
      the time went, summed over the requests and on the critical path (the last
      request and those that it waited for), and which was fastest and why. With
      --seeds, before that: the 5th percentile, median, 95th percentile and mean of
      all seeds' times, and how often each protocol was complete before the first
      one; what is drawn then is the seed whose differences are nearest to their
      medians.


      """ + list(own) + "\nThe scenario, with what holds when an option is left out:\n\n"
        + list(rest)
        + "\nQuantities carry units: 10Mbps, 50ms, 64KiB, 100packets, 1.5%. Bare numbers are\nbytes.\n"
  }

  static func replay(_ options: [Arguments.Option]) -> String {
    """
    simcli replay FILE                a capture and its simulation side by side

    What is estimated: the path (RTT, bottleneck rate, queue), the requests with
    their sizes and the think times of both ends, and the packets that were lost.
    What is replayed: HTTP/1.x in the clear.


    """ + list(options)
  }

  static func lesson(_ options: [Arguments.Option]) -> String {
    """
    simcli lesson [list]               the course, and what is done of it
    simcli lesson show SLUG            a lesson's text and questions
    simcli lesson predict SLUG ANSWER  say first what the run will show
    simcli lesson run SLUG [OPTIONS]   run its scenario; options of simcli run
                                       make a variant of it
    simcli lesson check SLUG QUESTION ANSWER
                                       is the answer right, and if not, why
    simcli lesson hint SLUG [QUESTION] the next of three hints
    simcli lesson solution SLUG        the answers, once all are found
    simcli lesson reset SLUG           begin it anew
    simcli lesson check-all            for authors: is every lesson fit

    SLUG is a lesson's name or its number, QUESTION likewise. An answer is a number,
    with its unit or without (150, 150ms, 0.15 s), or one of the words offered.
    Progress is one small text file, netsim-course.txt, in the current folder.


    """ + list(options)
  }

  static func export(_ options: [Arguments.Option]) -> String {
    """
    simcli export [SCENARIO] [OPTIONS] --to FORMAT --out FILE
    simcli export CAPTURE --to FORMAT --out FILE

      pcapng   packets with all their bytes: a simulated run's (options as for
               simcli run) with real headers, a capture's as they were captured
      csv      a line for each packet of TCP: times, positions, windows, repetitions
      json     the same as netsim.packets/1
      xplot    a time-sequence graph for each connection and direction, like
               tcptrace's

    A file is a capture if its first bytes say so.


    """ + list(options)
  }

  static func packetdrill(_ options: [Arguments.Option]) -> String {
    """
    simcli packetdrill FILE...        run packetdrill scripts against our TCP

    Time is virtual: a run takes milliseconds and always ends the same. A script
    that does not pass is told with its line, the packet expected and the packets
    sent. Status 4 if any did not pass.


    """ + list(options)
  }

  static let scenario = """
    simcli scenario check FILE        everything that is wrong with a scenario file,
                                      with its line and column; or what the file
                                      comes to


    """ + list(Arguments.common)

  static func pcap(_ options: [Arguments.Option]) -> String {
    """
    simcli pcap summary|connections|requests|stalls|timeline|packets FILE...
    simcli pcap plot FILE --connection N
    simcli pcap compare A B
    simcli pcap record --interface NAME --out FILE

      summary       packets, bytes, connections by protocol, what could not be read
      connections   each TCP connection: RTT, bottleneck, initial window, losses
      requests      each HTTP/1 request: when, how long, and where the time went
      stalls        when nothing came that was waited for, and what held it
      timeline      who talked when, and who waited for what
      packets       each TCP packet with what was found of it
      plot          what one end of a connection sent over time (own --help)
      compare       two captures of one run, made at two places: what was lost, and
                    how long the rest took (own --help)
      record        capture what passes an interface; record --help says more

    FILE is a pcap or pcapng, also one that gzip compressed, or - for standard input.
    Several files are merged by time.


    """ + list(options)
  }

  static func pcapPlot(_ options: [Arguments.Option]) -> String {
    """
    simcli pcap plot FILE... [--connection N]

    What one end of a TCP connection sent over time: its segments by their
    positions, what it sent again, what was lost, what the other end acknowledged
    and granted; below, the rate, what was in flight, and the round trips.


    """ + list(options)
  }

  static func pcapCompare(_ options: [Arguments.Option]) -> String {
    """
    simcli pcap compare A B

    A and B are captures of one run, made at two places, such as the client's and
    the server's. Of each direction: packets sent, arrived, lost, duplicated and
    reordered, how long they took, and what of that was queueing. The offset of the
    two clocks is estimated: the least delays of both directions are taken to be
    alike.


    """ + list(options)
  }

  static func record(_ options: [Arguments.Option]) -> String {
    """
    simcli pcap record --interface NAME --out FILE [OPTIONS]

    Writes what passes the interface into a pcap file, until a limit is reached or
    until it is interrupted (Ctrl-C). That takes root's rights, or cap_net_raw.


    """ + list(options)
  }

  /// "; did you mean …?", or nothing when no word is near.
  static func guess(_ word: String, among words: [String], prefix: String = "") -> String {
    Wording.nearest(word, among: words).map { "; did you mean \(prefix)\($0)?" } ?? ""
  }

  private static func list(_ options: [Arguments.Option]) -> String {
    options.map { option in
      let head = "  --" + option.name + (option.value.map { " " + $0 } ?? "")
      let wrapped = Paragraph.wrapped(option.meaning, indent: 30, width: 80)
      guard head.count < 29 else { return head + "\n" + wrapped }
      return head + wrapped.dropFirst(head.count)
    }.joined()
  }
}
