extension ImportOutcome {
  /// The outcome for machines, as JSON. Holds personal data: for the one who imports, never for a log.
  public func json(in language: Language) -> [UInt8] {
    var text = JSONText(capacity: 1024)
    text.object { text in
      text.member("kind", kind)
      text.member("committed", isCommitted)
      writeFindings(to: &text)
      text.key("faults")
      text.array { text in for fault in faults { fault.write(to: &text, in: language) } }
    }
    return text.bytes
  }

  /// All but the faults, which are worded when they are shown.
  var findings: [UInt8] {
    var text = JSONText(capacity: 1024)
    text.object { writeFindings(to: &$0) }
    return text.bytes
  }

  /// The faults without words: codes and what a wording needs.
  var unwordedFaults: [UInt8] {
    var text = JSONText(capacity: 1024)
    text.array { text in for fault in faults { fault.writeUnworded(to: &text) } }
    return text.bytes
  }

  private func writeFindings(to text: inout JSONText) {
    text.member("encoding", encoding.rawValue)
    text.member("delimiter", delimiter)
    text.member("rows", rows)
    text.member("change_count", changeCount)
    text.member("fault_count", faultCount)
    text.key("unknown_columns")
    text.array { text in for column in unknownColumns { text.string(column) } }
    text.key("counts")
    text.array { text in for count in counts { count.write(to: &text) } }
    text.key("changes")
    text.array { text in for change in changes { change.write(to: &text) } }
  }
}

extension ImportOutcome.Count {
  fileprivate func write(to text: inout JSONText) {
    text.object { text in
      text.member("object", object)
      text.member("act", act.rawValue)
      text.member("number", number)
    }
  }
}

extension ImportOutcome.Change {
  fileprivate func write(to text: inout JSONText) {
    text.object { text in
      text.member("line", line)
      text.member("object", object)
      text.member("key", key)
      text.member("act", act.rawValue)
      text.member("field", field)
      text.member("from", from)
      text.member("to", to)
    }
  }
}

extension ImportFault {
  fileprivate func writeUnworded(to text: inout JSONText) {
    text.object { text in
      text.member("line", line)
      text.member("column", column)
      text.member("code", code.rawValue)
      text.member("value", value)
      text.key("arguments")
      text.array { text in for argument in arguments { text.string(argument) } }
    }
  }

  func write(to text: inout JSONText, in language: Language) {
    text.object { text in
      text.member("line", line)
      text.member("column", column)
      text.member("code", code.rawValue)
      text.member("detail", self.text(in: language))
    }
  }
}
