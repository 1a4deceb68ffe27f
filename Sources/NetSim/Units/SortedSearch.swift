extension RandomAccessCollection where Index == Int {
  /// The first index at which `isBehind` holds, or the end, of a collection in which it holds for
  /// everything behind an element for which it does. O(log n).
  public func partitionIndex(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
