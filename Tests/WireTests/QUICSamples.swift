/// The packets of RFC 9001 Appendix A before their protection, as far as the RFC shows them, and after.
enum QUICSamples {
  /// §A.2: the header.
  static let clientHeader = "c300000001088394c8f03e5157080000449e00000002"
  /// §A.2: the CRYPTO frame; PADDING behind it makes 1,162 bytes.
  static let clientCrypto = """
    060040f1010000ed0303ebf8fa56f129 39b9584a3896472ec40bb863cfd3e868
    04fe3a47f06a2b69484c000004130113 02010000c000000010000e00000b6578
    616d706c652e636f6dff01000100000a 00080006001d00170018001000070005
    04616c706e0005000501000000000033 00260024001d00209370b2c9caa47fba
    baf4559fedba753de171fa71f50f1ce1 5d43e994ec74d748002b000302030400
    0d0010000e0403050306030203080408 050806002d00020101001c0002400100
    3900320408ffffffffffffffff050480 00ffff07048000ffff08011001048000
    75300901100f088394c8f03e51570806 048000ffff
    """
  /// §A.2: the transport parameters in the CRYPTO frame.
  static let clientParameters = """
    0408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e515708
    06048000ffff
    """
  /// §A.3: the header.
  static let serverHeader = "c1000000010008f067a5502a4262b50040750001"
  /// §A.3: the frames.
  static let serverPayload = """
    02000000000600405a020000560303ee fce7f7b37ba1d1632e96677825ddf739
    88cfc79825df566dc5430b9a045a1200 130100002e00330024001d00209d3c94
    0d89690b84d08a60993c144eca684d10 81287c834d5311bcf32bb9da1a002b00
    020304
    """
  /// §A.3: the packet with its protection.
  static let serverProtected = """
    cf000000010008f067a5502a4262b500 4075c0d95a482cd0991cd25b0aac406a
    5816b6394100f37a1c69797554780bb3 8cc5a99f5ede4cf73c3ec2493a1839b3
    dbcba3f6ea46c5b7684df3548e7ddeb9 c3bf9c73cc3f3bded74b562bfb19fb84
    022f8ef4cdd93795d77d06edbb7aaf2f 58891850abbdca3d20398c276456cbc4
    2158407dd074ee
    """
  /// §A.4: a Retry.
  static let retry = """
    ff000000010008f067a5502a4262b574 6f6b656e04a265ba2eff4d829058fb3f
    0f2496ba
    """
  /// §A.5: the header of a short packet, and the packet with its protection.
  static let shortHeader = "4200bff4"
  static let shortProtected = "4cfe4189655e5cd55c41f69080575d7999c25a5bfb"
}
