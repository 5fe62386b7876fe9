/// Reads CSV as RFC 4180 has it, by its grammar and nothing else; nil for anything that is not.
func parseCSV(_ text: String) -> [[[UInt8]]]? {
  var rest = Array(text.utf8)[...]
  var records: [[[UInt8]]] = []
  while !rest.isEmpty {
    var record: [[UInt8]] = []
    repeat {
      guard let field = rest.first == quote ? takeQuoted(&rest) : takePlain(&rest) else { return nil }
      record.append(field)
    } while take(UInt8(ascii: ","), &rest)
    guard take(0x0D, &rest), take(0x0A, &rest) else { return nil }
    records.append(record)
  }
  return records
}

private let quote = UInt8(ascii: "\"")

private func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
  guard rest.first == byte else { return false }
  rest.removeFirst()
  return true
}

private func takePlain(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
  let field = rest.prefix { $0 != UInt8(ascii: ",") && $0 != 0x0D && $0 != 0x0A }
  rest = rest.dropFirst(field.count)
  return field.contains(quote) ? nil : Array(field)
}

private func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
  var field: [UInt8] = []
  rest.removeFirst()
  while let byte = rest.popFirst() {
    if byte != quote {
      field.append(byte)
    } else if take(quote, &rest) {
      field.append(quote)
    } else {
      return field
    }
  }
  return nil
}
