import NetSim

/// The blocks of a pcapng file with captured packets, in little-endian order
/// (draft-ietf-opsawg-pcapng §3.1).
struct CaptureWriter {
  /// What was written and not yet taken.
  private(set) var bytes: [UInt8] = []
  /// The captured file's interfaces that have a description here, with its index.
  private var interfaces: [Interface: Int] = [:]

  private struct Interface: Hashable {
    var number: UInt32
    var linkNumber: UInt32
  }

  /// The link type of interfaces that a file does not describe: LINKTYPE_USER0, which stands for
  /// nothing.
  private static let unknownLink: UInt32 = 147

  /// Begins a file: the section's header (§4.1), then the secrets (§4.7), which have to stand before
  /// the packets that need them.
  init(secrets: [CaptureSecrets]) {
    block(0x0A0D_0D0A) { writer in
      writer.append(UInt32(0x1A2B_3C4D))  // tells the byte order
      writer.append(UInt16(1))
      writer.append(UInt16(0))
      writer.append(UInt64.max)  // the section's length is not known before its end
    }
    for secret in secrets {
      block(10) { writer in
        writer.append(secret.kind)
        writer.append(UInt32(secret.bytes.count))
        writer.bytes += secret.bytes
        writer.pad()
      }
    }
  }

  /// Takes the bytes away, for whoever writes them out.
  mutating func takeBytes() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Appends a packet as an Enhanced Packet Block (§4.3), its interface's description before it where
  /// that is new.
  mutating func append(_ frame: CapturedFrame) {
    let interface = Interface(
      number: frame.interface, linkNumber: min(frame.linkNumber, UInt32(UInt16.max)))
    let index = interfaces[interface] ?? describe(interface)
    block(6) { writer in
      let time = UInt64(bitPattern: frame.unixNs)
      writer.append(UInt32(index))
      writer.append(UInt32(truncatingIfNeeded: time >> 32))
      writer.append(UInt32(truncatingIfNeeded: time))
      writer.append(UInt32(frame.bytes.count))
      writer.append(UInt32(clamping: frame.wireLength))
      writer.bytes += frame.bytes.bytes
      writer.pad()
    }
  }

  /// Describes an interface (§4.2); gives its index.
  private mutating func describe(_ interface: Interface) -> Int {
    let isKnown = interface.linkNumber < UInt32(UInt16.max)
    block(1) { writer in
      writer.append(UInt16(isKnown ? interface.linkNumber : Self.unknownLink))
      writer.append(UInt16(0))
      writer.append(UInt32(0))  // no limit of a packet's bytes
      writer.append(UInt16(9))  // if_tsresol
      writer.append(UInt16(1))
      writer.bytes += [9, 0, 0, 0]  // nanoseconds
      writer.append(UInt32(0))  // opt_endofopt
    }
    let index = interfaces.count
    interfaces[interface] = index
    return index
  }

  // MARK: Parts of a block

  private mutating func block(_ type: UInt32, body: (inout CaptureWriter) -> Void) {
    let start = bytes.count
    append(type)
    append(UInt32(0))
    body(&self)
    let length = UInt32(bytes.count - start + 4)
    withUnsafeBytes(of: length.littleEndian) { field in
      for index in 0..<4 { bytes[start + 4 + index] = field[index] }
    }
    append(length)
  }

  /// Fills up to a whole word of 32 bits (§3.1); blocks begin on one.
  private mutating func pad() {
    while bytes.count & 3 != 0 { bytes.append(0) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
