import Synchronization

/// Names one request of one server process: short, without meaning, unique enough for a log.
struct RequestName: Sendable, CustomStringConvertible {
  let process: UInt32
  let number: UInt64

  static let none = RequestName(process: 0, number: 0)

  private static let thisProcess = UInt32.random(in: 1 ... .max)
  private static let last = Atomic<UInt64>(0)

  static func next() -> RequestName {
    RequestName(process: thisProcess, number: last.add(1, ordering: .relaxed).newValue)
  }

  var description: String { String(process, radix: 36) + "-" + String(number, radix: 36) }
}
