import CLibpq

/// The result of one statement, in text format.
///
/// libpq promises that a finished PGresult is only read by its accessors, so threads may share it; it is cleared once,
/// when the last reference goes.
public final class Rows: @unchecked Sendable {
  private let result: OpaquePointer
  /// How many rows there are.
  public let count: Int
  public let columnCount: Int

  init(_ result: OpaquePointer) {
    self.result = result
    count = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  public var columnNames: [String] { (0..<columnCount).map { name(ofColumn: $0) } }

  /// What the server says it did, such as `UPDATE 3`.
  public var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// How many rows were inserted, updated, deleted, selected or copied; nil for statements that count none.
  public var affected: Int? { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } }

  /// The index of a column by its name.
  public func column(named name: String) -> Int? {
    (0..<columnCount).first { self.name(ofColumn: $0) == name }
  }

  public func isNull(_ row: Int, _ column: Int) -> Bool {
    check(row, column)
    return PQgetisnull(result, Int32(row), Int32(column)) == 1
  }

  /// The value's own bytes, without a copy; nil for NULL. The pointer is good only inside `body`.
  public func withBytes<Result>(
    _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result? {
    guard !isNull(row, column), let value = PQgetvalue(result, Int32(row), Int32(column)) else { return nil }
    let length = Int(PQgetlength(result, Int32(row), Int32(column)))
    return try body(UnsafeRawBufferPointer(start: value, count: length))
  }

  /// A copy of the value's text as bytes; nil for NULL.
  public func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
    withBytes(row, column) { Array($0) }
  }

  public func string(_ row: Int, _ column: Int) -> String? {
    withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
  }

  /// A whole number; nil for NULL.
  public func int(_ row: Int, _ column: Int) throws(PostgresError) -> Int? {
    guard let number = withBytes(row, column, { Int(decimal: $0) }) else { return nil }
    guard let number else { throw undecodable(row, column, "a whole number") }
    return number
  }

  public func bool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool? {
    switch withBytes(row, column, { $0.count == 1 ? $0[0] : 0 }) {
    case nil: return nil
    case UInt8(ascii: "t"): return true
    case UInt8(ascii: "f"): return false
    default: throw undecodable(row, column, "a boolean")
    }
  }

  public func double(_ row: Int, _ column: Int) throws(PostgresError) -> Double? {
    guard let text = string(row, column) else { return nil }
    guard let number = Double(text) else { throw undecodable(row, column, "a number") }
    return number
  }

  /// The bytes of a `bytea` in its `\x…` form; nil for NULL.
  public func bytea(_ row: Int, _ column: Int) throws(PostgresError) -> [UInt8]? {
    guard let decoded = withBytes(row, column, { [UInt8](hexBytea: $0) }) else { return nil }
    guard let decoded else { throw undecodable(row, column, "a bytea") }
    return decoded
  }

  private func name(ofColumn column: Int) -> String {
    PQfname(result, Int32(column)).map { String(cString: $0) } ?? ""
  }

  private func check(_ row: Int, _ column: Int) {
    precondition(row >= 0 && row < count && column >= 0 && column < columnCount, "no such row or column")
  }

  private func undecodable(_ row: Int, _ column: Int, _ expected: String) -> PostgresError {
    .decoding(column: name(ofColumn: column), row: row, expected: expected)
  }
}

extension Rows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }
  public subscript(row: Int) -> Row { Row(rows: self, index: row) }
}

/// One row of a result.
public struct Row: Sendable {
  public let rows: Rows
  public let index: Int

  public func isNull(_ column: Int) -> Bool { rows.isNull(index, column) }
  public func string(_ column: Int) -> String? { rows.string(index, column) }
  public func int(_ column: Int) throws(PostgresError) -> Int? { try rows.int(index, column) }
  public func bool(_ column: Int) throws(PostgresError) -> Bool? { try rows.bool(index, column) }
  public func double(_ column: Int) throws(PostgresError) -> Double? { try rows.double(index, column) }
  public func bytea(_ column: Int) throws(PostgresError) -> [UInt8]? { try rows.bytea(index, column) }
  public func bytes(_ column: Int) -> [UInt8]? { rows.bytes(index, column) }

  /// The value's own bytes, without a copy; nil for NULL. The pointer is good only inside `body`.
  public func withBytes<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result? {
    try rows.withBytes(index, column, body)
  }
}

extension Int {
  /// Nil unless the bytes are an optional minus sign and digits that fit.
  fileprivate init?(decimal bytes: UnsafeRawBufferPointer) {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let digit = Int(byte - UInt8(ascii: "0"))
      let (product, high) = value.multipliedReportingOverflow(by: 10)
      // Counting downwards for negative numbers, since the least integer has no positive twin.
      let (sum, carry) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if high || carry { return nil }
      value = sum
    }
    self = value
  }
}

extension [UInt8] {
  fileprivate init?(hexBytea text: UnsafeRawBufferPointer) {
    func nibble(_ character: UInt8) -> UInt8? {
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
    else { return nil }
    self.init()
    reserveCapacity(text.count / 2 - 1)
    for index in stride(from: 2, to: text.count, by: 2) {
      guard let high = nibble(text[index]), let low = nibble(text[index + 1]) else { return nil }
      append(high << 4 | low)
    }
  }
}
