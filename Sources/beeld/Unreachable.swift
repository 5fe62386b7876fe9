/// There is no connection to the database, and why, in libpq's words.
struct Unreachable: Error, CustomStringConvertible {
  let reason: String

  var description: String { "no connection to the database: \(reason)" }
}
