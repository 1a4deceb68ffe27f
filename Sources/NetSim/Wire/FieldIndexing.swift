/// What the values of a name are like, for whoever keeps a table of fields.
enum FieldValues {
  /// They are nobody else's business: `authorization`.
  case secret
  /// Cookies: a short one can be guessed.
  case cookies
  /// They hardly come again, such as those of `etag`.
  case fleeting
  /// They may come again.
  case lasting
}

/// What an encoder does with a field that no table has.
enum FieldIndexing: Equatable {
  /// It is added to the table (RFC 7541 §6.2.1).
  case added
  /// It is not, because its value hardly comes again (RFC 7541 §6.2.2).
  case notAdded
  /// It must not be, and no hop behind may add it (RFC 7541 §6.2.3, RFC 9204 §7.1.3).
  case never

  /// nghttp2's choice for a field whose values are such, when the dynamic table holds `tableBytes` at
  /// most.
  ///
  /// What has few values can be guessed by the lengths of messages (RFC 7541 §7.1.3).
  init(of field: HeaderField, values: FieldValues, tableBytes: Int) {
    if field.isSensitive {
      self = .never
      return
    }
    switch values {
    case .secret: self = .never
    case .cookies where field.value.count < 20: self = .never
    case .fleeting: self = .notAdded
    case .cookies, .lasting:
      self = Int64(field.countedBytes) * 4 > Int64(tableBytes) * 3 ? .notAdded : .added
    }
  }
}
