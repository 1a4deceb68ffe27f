import CYAML

/// Writes a described scenario as YAML through libyaml, which knows what has to stand in quotation
/// marks.
enum YAMLWriter {
  /// What the emitter fills.
  private final class Output {
    var bytes: [UInt8] = []
  }

  /// `root` as YAML text.
  static func text(_ root: DescriptionNode) -> String {
    let output = Output()
    var emitter = yaml_emitter_t()
    precondition(yaml_emitter_initialize(&emitter) == 1, "no memory for a YAML emitter")
    defer { yaml_emitter_delete(&emitter) }
    yaml_emitter_set_output(
      &emitter,
      { context, buffer, count in
        guard let context, let buffer else { return 0 }
        let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
        output.bytes += UnsafeBufferPointer(start: buffer, count: count)
        return 1
      }, Unmanaged.passUnretained(output).toOpaque())
    yaml_emitter_set_unicode(&emitter, 1)
    yaml_emitter_set_width(&emitter, 100)
    yaml_emitter_set_indent(&emitter, 2)
    emit(&emitter) { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    emit(&emitter) { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    write(root, &emitter, isInline: false)
    emit(&emitter) { yaml_document_end_event_initialize(&$0, 1) }
    emit(&emitter) { yaml_stream_end_event_initialize(&$0) }
    return String(decoding: output.bytes, as: UTF8.self)
  }

  /// Writes a value; `isInline` puts it on one line, in brackets.
  private static func write(
    _ node: DescriptionNode, _ emitter: inout yaml_emitter_t, isInline: Bool
  ) {
    switch node {
    case .text(let text): scalar(text, &emitter)
    case .list(let items):
      let style = isInline || items.allSatisfy(\.isText)
      emit(&emitter) {
        yaml_sequence_start_event_initialize(
          &$0, nil, nil, 1, style ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)
      }
      for item in items { write(item, &emitter, isInline: true) }
      emit(&emitter) { yaml_sequence_end_event_initialize(&$0) }
    case .group(let entries):
      emit(&emitter) {
        yaml_mapping_start_event_initialize(
          &$0, nil, nil, 1, isInline ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)
      }
      for entry in entries {
        scalar(entry.key, &emitter)
        write(entry.node, &emitter, isInline: isInline)
      }
      emit(&emitter) { yaml_mapping_end_event_initialize(&$0) }
    }
  }

  private static func scalar(_ text: String, _ emitter: inout yaml_emitter_t) {
    let bytes = Array(text.utf8)
    emit(&emitter) { event in
      bytes.withUnsafeBufferPointer { buffer in
        yaml_scalar_event_initialize(
          &event, nil, nil, buffer.baseAddress, Int32(buffer.count), 1, 1, YAML_ANY_SCALAR_STYLE)
      }
    }
  }

  private static func emit(
    _ emitter: inout yaml_emitter_t, _ make: (inout yaml_event_t) -> Int32
  ) {
    var event = yaml_event_t()
    precondition(make(&event) == 1, "no memory for a YAML event")
    precondition(yaml_emitter_emit(&emitter, &event) == 1, "YAML could not be written")
  }
}
