import NetSim

/// The sizes of the objects of a workload: `20000,3000` or `20x30kB`, or both mixed; with a method where
/// it is not GET, `post:1kB` or `3xpost:1kB`; with an urgency where it is not 3, `u0:1kB`, and an `i`
/// behind it where parts are of use, `u5i:30kB`.
public enum ObjectList {
  /// The most objects of a workload.
  public static let maximumCount = 100_000
  /// The most bytes of all objects together.
  static let maximumBytes: Int64 = 1_000_000_000_000

  /// The objects that `text` lists, at least one.
  public static func parse(_ text: String) throws(QuantityError) -> [ObjectSettings] {
    var objects: [ObjectSettings] = []
    var total: Int64 = 0
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (count, object) = try group(item.trimmed)
      if count > maximumCount - objects.count {
        throw QuantityError(reason: "a workload has at most \(maximumCount) objects")
      }
      let (bytes, overflow) = object.bytes.bytes.multipliedReportingOverflow(by: Int64(count))
      if overflow || bytes > maximumBytes - total {
        throw QuantityError(reason: "the objects of a workload have at most 1TB together")
      }
      total += bytes
      objects.append(contentsOf: repeatElement(object, count: count))
    }
    return objects
  }

  /// The list of GETs as `parse(_:)` reads it, runs of one size in a group.
  public static func text(_ objects: [ByteCount]) -> String {
    var groups: [String] = []
    var rest = objects[...]
    while let size = rest.first {
      let count = rest.prefix { $0 == size }.count
      let text = Quantity.text(size)
      groups.append(count == 1 ? text : "\(count)x\(text)")
      rest = rest.dropFirst(count)
    }
    return groups.joined(separator: ",")
  }

  private static func group(
    _ item: Substring
  ) throws(QuantityError) -> (count: Int, object: ObjectSettings) {
    if item.isEmpty {
      throw QuantityError(reason: "a size is missing; objects are sizes, such as 20000 or 20x30kB")
    }
    guard let cross = item.firstIndex(where: { $0 == "x" || $0 == "X" }) else {
      return (1, try object(item))
    }
    let count = try Quantity.count(
      String(item[..<cross].trimmed), of: "the number of objects", in: 1...UInt64(maximumCount))
    let size = item[item.index(after: cross)...].trimmed
    if size.isEmpty {
      throw QuantityError(
        reason: "a size is missing after \(Wording.excerpt(item)), such as 20x30kB")
    }
    return (Int(count), try object(size))
  }

  private static func object(_ item: Substring) throws(QuantityError) -> ObjectSettings {
    let words = item.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
    var object = ObjectSettings(try Quantity.size(String(words[words.count - 1])))
    for word in words.dropLast() {
      if let priority = try priority(String(word)) {
        object.priority.field = priority
      } else {
        object.method = try WordChoice.method.parse(String(word))
      }
    }
    return object
  }

  /// A priority such as `u0` or `u5i`; nil for a word that is none.
  private static func priority(_ word: String) throws(QuantityError) -> HTTPPriority? {
    let letters = word.lowercased()
    guard letters.first == "u", letters.dropFirst().first?.isNumber == true else { return nil }
    let isIncremental = letters.hasSuffix("i")
    let digits = letters.dropFirst().dropLast(isIncremental ? 1 : 0)
    return HTTPPriority(
      urgency: try PriorityText.urgency(String(digits)), isIncremental: isIncremental)
  }
}
