import Testing

@testable import NetSim

/// The tree of RFC 7540 §5.3, by the RFC's own figures.
@Suite struct PriorityTreeTests {
  // The names of the RFC's figures as streams.
  private static let (a, b, c, d, e, f): (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
    1, 3, 5, 7, 9, 11
  )

  private func on(
    _ stream: UInt32, weight: Int = 16, isExclusive: Bool = false
  ) -> HTTP2Priority {
    HTTP2Priority(
      dependency: stream, isExclusive: isExclusive, weightLessOne: UInt8(weight - 1))
  }

  /// A tree of streams with what they depend on, opened in this order.
  private func tree(
    _ streams: [(UInt32, HTTP2Priority)], mostRetained: Int = 100
  ) throws
    -> PriorityTree
  {
    var tree = PriorityTree(mostRetained: mostRetained)
    for (stream, priority) in streams { try tree.open(stream, priority) }
    return tree
  }

  /// The streams that are served, each with frames of `bytes` bytes.
  private func order(_ tree: inout PriorityTree, frames: Int, bytes: Int64 = 1000) -> [UInt32] {
    (0..<frames).compactMap { _ in
      guard let next = tree.next else { return nil }
      tree.charge(next, bytes: bytes)
      return next
    }
  }

  // MARK: RFC 7540 §5.3.1

  /// Figure 3: B, C and then D depend on A.
  @Test func figure3() throws {
    let tree = try tree([
      (Self.a, on(0)), (Self.b, on(Self.a)), (Self.c, on(Self.a)), (Self.d, on(Self.a)),
    ])
    #expect(tree.dependents(of: Self.a) == [Self.b, Self.c, Self.d])
  }

  /// Figure 4: D comes between A and those that depended on it.
  @Test func figure4() throws {
    let tree = try tree([
      (Self.a, on(0)), (Self.b, on(Self.a)), (Self.c, on(Self.a)),
      (Self.d, on(Self.a, isExclusive: true)),
    ])
    #expect(tree.dependents(of: Self.a) == [Self.d])
    #expect(tree.dependents(of: Self.d) == [Self.b, Self.c])
  }

  @Test func aStreamCannotDependOnItself() throws {
    var tree = try tree([(Self.a, on(0, weight: 7))])
    let error = #expect(throws: HTTP2Error.self) {
      try tree.reprioritize(Self.a, on(Self.a, weight: 9))
    }
    #expect(error?.violation == .selfDependency && error?.violation.code == .protocolError)
    #expect(error?.scope == .stream(Self.a))
    #expect(tree.weight(of: Self.a) == 7)
  }

  /// Who depends on what is not there has the default, the exclusive flag with it (§5.3.5).
  @Test func anUnknownDependencyIsNone() throws {
    let tree = try tree([
      (Self.b, on(0)), (Self.a, on(99, weight: 200, isExclusive: true)),
    ])
    #expect(tree.dependency(of: Self.a) == 0 && tree.weight(of: Self.a) == 16)
    #expect(tree.dependents(of: 0) == [Self.a, Self.b])
    #expect(tree.dependency(of: 99) == nil)
  }

  /// What depends on a stream waits until it is closed or cannot go on.
  @Test func dependentsWait() throws {
    var tree = try tree([(Self.a, on(0)), (Self.b, on(Self.a)), (Self.c, on(Self.b))])
    for stream in [Self.a, Self.b, Self.c] { tree.setReady(stream, true) }
    #expect(order(&tree, frames: 3) == [Self.a, Self.a, Self.a])
    tree.setReady(Self.a, false)
    #expect(tree.next == Self.b)
    tree.close(Self.b)
    #expect(tree.next == Self.c)
    tree.setReady(Self.a, true)
    #expect(tree.next == Self.a)
    tree.close(Self.a)
    tree.close(Self.c)
    #expect(tree.next == nil)
  }

  // MARK: RFC 7540 §5.3.2

  /// B with weight 4 gets a third of what C with 12 gets.
  @Test func weightsShare() throws {
    var tree = try tree([
      (Self.a, on(0)), (Self.b, on(Self.a, weight: 4)), (Self.c, on(Self.a, weight: 12)),
    ])
    tree.setReady(Self.b, true)
    tree.setReady(Self.c, true)
    let order = order(&tree, frames: 16)
    #expect(order.count { $0 == Self.b } == 4 && order.count { $0 == Self.c } == 12)
    // The first has one turn; then three of the other for each.
    #expect(
      order == [
        Self.b, Self.c, Self.c, Self.c, Self.b, Self.c, Self.c, Self.c, Self.b, Self.c, Self.c,
        Self.c, Self.b, Self.c, Self.c, Self.c,
      ])
  }

  /// What is sent below a stream counts as its: A's dependents share half with E.
  @Test func aStreamIsChargedForThoseBelow() throws {
    var tree = try tree([
      (Self.a, on(0)), (Self.e, on(0)), (Self.b, on(Self.a)), (Self.c, on(Self.a)),
    ])
    for stream in [Self.b, Self.c, Self.e] { tree.setReady(stream, true) }
    let order = order(&tree, frames: 40)
    #expect(order.count { $0 == Self.e } == 20)
    #expect(order.count { $0 == Self.b } == 10 && order.count { $0 == Self.c } == 10)
  }

  /// A stream that had nothing for long has no claim to what others used.
  @Test func nobodySavesUp() throws {
    var tree = try tree([(Self.a, on(0)), (Self.b, on(0))])
    tree.setReady(Self.a, true)
    _ = order(&tree, frames: 1000)
    tree.setReady(Self.b, true)
    let order = order(&tree, frames: 10)
    #expect(order.count { $0 == Self.b } == 5)
  }

  // MARK: RFC 7540 §5.3.3

  /// Figure 5: A comes to depend on D, which depended on it; exclusively, F depends on A.
  @Test(arguments: [false, true]) func figure5(isExclusive: Bool) throws {
    var tree = try tree([
      (Self.a, on(0)), (Self.b, on(Self.a)), (Self.c, on(Self.a)), (Self.d, on(Self.c, weight: 33)),
      (Self.e, on(Self.c)), (Self.f, on(Self.d)),
    ])
    try tree.reprioritize(Self.a, on(Self.d, weight: 50, isExclusive: isExclusive))
    #expect(tree.dependents(of: 0) == [Self.d])
    #expect(tree.weight(of: Self.d) == 33)  // "The moved dependency retains its weight."
    #expect(tree.dependents(of: Self.d) == (isExclusive ? [Self.a] : [Self.a, Self.f]))
    #expect(
      tree.dependents(of: Self.a) == (isExclusive ? [Self.b, Self.c, Self.f] : [Self.b, Self.c]))
    #expect(tree.weight(of: Self.a) == 50)
    #expect(tree.dependents(of: Self.c) == [Self.e])
  }

  /// Those below move along, and go on being served.
  @Test func dependentsMoveAlong() throws {
    var tree = try tree([(Self.a, on(0)), (Self.b, on(Self.a)), (Self.c, on(0))])
    for stream in [Self.a, Self.b, Self.c] { tree.setReady(stream, true) }
    try tree.reprioritize(Self.a, on(Self.c))
    #expect(tree.dependents(of: Self.c) == [Self.a] && tree.dependents(of: Self.a) == [Self.b])
    #expect(order(&tree, frames: 2) == [Self.c, Self.c])
    tree.close(Self.c)
    #expect(tree.next == Self.a)
    tree.close(Self.a)
    #expect(tree.next == Self.b)
  }

  /// To say the same again moves nothing, so that nobody gains by it.
  @Test func repeatingIsNoAdvantage() throws {
    var tree = try tree([(Self.a, on(0)), (Self.b, on(0))])
    tree.setReady(Self.a, true)
    tree.setReady(Self.b, true)
    var served: [UInt32] = []
    for _ in 0..<10 {
      served += order(&tree, frames: 1)
      try tree.reprioritize(Self.a, on(0))
    }
    #expect(served.count { $0 == Self.a } == 5)
  }

  // MARK: RFC 7540 §5.3.4

  /// A and B share; C and D depend on A. While A is kept, C has A's half though D cannot go on; once A
  /// is forgotten, its weight is shared out, and C has a third.
  @Test(arguments: [(100, 20), (0, 10)]) func aClosedStreamsWeightIsShared(
    mostRetained: Int, ofC: Int
  ) throws {
    var tree = try tree(
      [(Self.a, on(0)), (Self.b, on(0)), (Self.c, on(Self.a)), (Self.d, on(Self.a))],
      mostRetained: mostRetained)
    tree.close(Self.a)
    tree.setReady(Self.b, true)
    tree.setReady(Self.c, true)
    let order = order(&tree, frames: mostRetained > 0 ? 40 : 30)
    #expect(order.count { $0 == Self.c } == ofC)
    if mostRetained == 0 {
      #expect(tree.dependents(of: 0) == [Self.b, Self.c, Self.d])
      #expect(tree.weight(of: Self.c) == 8 && tree.weight(of: Self.d) == 8)
      #expect(tree.dependency(of: Self.a) == nil)
    }
  }

  /// Idle streams group others; of those and of closed ones the oldest are forgotten.
  @Test func idleAndClosedStreamsAreBounded() throws {
    var tree = PriorityTree(mostRetained: 3)
    try tree.reprioritize(101, on(0, weight: 200))
    try tree.open(Self.a, on(101))
    #expect(tree.dependency(of: Self.a) == 101)
    for stream in stride(from: UInt32(201), to: 401, by: 2) { try tree.reprioritize(stream, on(0)) }
    #expect(tree.count == 4)
    #expect(tree.dependency(of: Self.a) == 0)
    #expect(tree.weight(of: Self.a) == 200)  // The only one below takes all of it.
    tree.close(Self.a)
    #expect(tree.count == 3)
  }

  // MARK: RFC 7540 §5.3.5

  @Test func theDefault() throws {
    var tree = PriorityTree()
    try tree.open(Self.a)
    #expect(tree.dependency(of: Self.a) == 0 && tree.weight(of: Self.a) == 16)
  }

  // MARK: Properties

  /// Streams side by side that always have something get as much as their weights say, but for a frame.
  @Test(arguments: UInt64(1)...300)
  func sharesAreFair(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "priority tree test")
    let weights = (0...random.next(below: 8)).map { _ in 1 + Int(random.next(below: 256)) }
    var tree = PriorityTree()
    for (index, weight) in weights.enumerated() {
      try tree.open(UInt32(index * 2 + 1), on(0, weight: weight))
      tree.setReady(UInt32(index * 2 + 1), true)
    }
    let most: Int64 = 16_384
    var sent = weights.map { _ in Int64(0) }
    for _ in 0..<1000 {
      let next = try #require(tree.next)
      let bytes = 1 + Int64(random.next(below: UInt32(most)))
      tree.charge(next, bytes: bytes)
      sent[Int(next / 2)] += bytes
    }
    for (one, weight) in weights.enumerated() {
      for (other, otherWeight) in weights.enumerated() {
        // sent / weight differs by a frame of the one that is ahead; all times the weights.
        let ahead = sent[one] * Int64(otherWeight) - sent[other] * Int64(weight)
        #expect(ahead <= (most + 1) * Int64(otherWeight), "seed \(seed)")
      }
    }
  }

  /// Whatever is said and sent: a tree stays a tree, is bounded, and serves who can send and has nobody
  /// above that can.
  @Test(arguments: UInt64(1)...300)
  func staysATree(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: "priority tree change test")
    var tree = PriorityTree(mostRetained: 5)
    var open: [UInt32: Bool] = [:]
    var stream: UInt32 = 1
    for _ in 0..<300 {
      let some = UInt32(1 + 2 * random.next(below: 30))
      let priority = on(
        UInt32(2 * random.next(below: 31)) | 1, weight: 1 + Int(random.next(below: 256)),
        isExclusive: random.next(below: 3) == 0)
      switch random.next(below: 5) {
      case 0:
        guard stream < 60 else { break }
        try? tree.open(stream, random.next(below: 4) == 0 ? nil : priority)
        open[stream] = false
        stream += 2
      case 1: try? tree.reprioritize(some, priority)
      case 2 where open[some] != nil && random.next(below: 2) == 0:
        tree.close(some)
        open[some] = nil
      case 3:
        if let isReady = open[some] {
          tree.setReady(some, !isReady)
          open[some] = !isReady
        }
      default: if let next = tree.next { tree.charge(next, bytes: 1000) }
      }
      #expect(tree.count <= open.count + 5, "seed \(seed)")
      let ready = open.filter(\.value).keys
      #expect((tree.next == nil) == ready.isEmpty, "seed \(seed)")
      guard let next = tree.next else { continue }
      #expect(ready.contains(next), "seed \(seed)")
      for stream in open.keys {
        var above: [UInt32] = []
        while let parent = tree.dependency(of: above.last ?? stream), parent > 0, above.count < 99 {
          above.append(parent)
        }
        #expect(above.count < 99, "seed \(seed): a ring")
        if stream == next { #expect(above.allSatisfy { open[$0] != true }, "seed \(seed)") }
      }
    }
  }
}
